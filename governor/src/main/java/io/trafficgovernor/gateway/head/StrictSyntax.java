package io.trafficgovernor.gateway.head;

import io.vertx.core.MultiMap;
import java.util.Map;

/**
 * What a target and a header's name may consist of. A target is classified here and resolved there,
 * so all that a backend may cut off, turn over or decode into another path is refused: who names
 * one path and is served by another would choose his own class. Pure. Source: RFC 3986 sections 2
 * and 3.3, RFC 9110 section 5.6.2.
 */
final class StrictSyntax {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private StrictSyntax() {}

  /** Printable ASCII without {@code #} and the backslash, and no hidden step upwards. */
  static void checkTarget(String target) throws RequestTarget.BadRequestException {
    int end = target.length();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 127 || c == '#' || c == '\\') {
        throw refused(
            "target: got U+%04X, allowed printable ASCII but # and backslash".formatted((int) c));
      }
      if (c == '?' && end == target.length()) {
        end = i;
      }
    }
    if (target.indexOf('%') >= 0 || target.indexOf(';') >= 0) {
      checkSteps(target.substring(0, end));
    }
  }

  /**
   * {@code .} and {@code ..} are resolved the same way everywhere as long as slashes are written as
   * such and nothing is hung on; behind an escaped slash, or with a parameter, only some backends
   * take them for steps. An escaped slash within a name is nothing of that kind, and passes.
   */
  private static void checkSteps(String path) throws RequestTarget.BadRequestException {
    StringBuilder piece = new StringBuilder();
    boolean hidden = false;
    for (int i = 0; i <= path.length(); i++) {
      boolean escaped = i + 2 < path.length() && path.charAt(i) == '%';
      int c = i == path.length() ? '/' : escaped ? decoded(path, i) : path.charAt(i);
      if (c == 0) {
        throw refused("target: got %00, allowed is no NUL");
      }
      boolean slash = c == '/' || c == '\\';
      if (!slash) {
        piece.append((char) (c < 0 ? '%' : c));
        i += escaped && c >= 0 ? 2 : 0;
        continue;
      }
      if (step(piece, hidden || escaped)) {
        throw refused("target: got . or .. beside an escaped slash or a parameter");
      }
      hidden = escaped;
      piece.setLength(0);
      i += escaped ? 2 : 0;
    }
  }

  /** Whether a piece between slashes is a step that not everybody sees. */
  private static boolean step(CharSequence piece, boolean hidden) {
    String text = piece.toString();
    int parameter = text.indexOf(';');
    String name = parameter < 0 ? text : text.substring(0, parameter);
    return (hidden || parameter >= 0) && (name.equals(".") || name.equals(".."));
  }

  /** The byte that is escaped there; -1 if none is. */
  private static int decoded(String path, int at) {
    int high = Character.digit(path.charAt(at + 1), 16);
    int low = Character.digit(path.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  /** Every name is a token; some backends drop an empty one, some take its value for something. */
  static void checkNames(MultiMap headers) throws RequestTarget.BadRequestException {
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey();
      for (int i = 0; i < name.length(); i++) {
        if (!token(name.charAt(i))) {
          throw refused("header: got name " + RequestTarget.printable(name) + ", allowed a token");
        }
      }
      if (name.isEmpty()) {
        throw refused("header: got an empty name, allowed a token");
      }
    }
  }

  private static boolean token(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  private static RequestTarget.BadRequestException refused(String detail) {
    return new RequestTarget.BadRequestException(400, detail);
  }
}
