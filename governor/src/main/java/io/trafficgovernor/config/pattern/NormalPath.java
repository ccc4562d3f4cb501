package io.trafficgovernor.config.pattern;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Brings a path into one form, for matching only: what is forwarded is the path as it came. Escapes
 * of unreserved characters are decoded, all others written in capitals; empty, {@code .} and {@code
 * ..} segments and a slash at the end are taken out; the query is cut off. An escaped slash stays
 * escaped, and a percent sign that escapes nothing is escaped itself. Source: RFC 3986 section
 * 6.2.2.
 */
public final class NormalPath {
  /** A percent sign that escapes nothing: as it is, it could with what is decoded behind it. */
  private static final String STRAY = "%25";

  private NormalPath() {}

  /** The normal form; starts with a slash if the target does. Pure. */
  public static String of(String target) {
    int end = end(target);
    if (!target.startsWith("/")) {
      return target.substring(0, end);
    }
    return isNormal(target, end) ? target.substring(0, end) : joined(decoded(target, end));
  }

  private static int end(String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '?' || c == '#') {
        return i;
      }
    }
    return target.length();
  }

  /** The usual case: nothing to do. */
  private static boolean isNormal(String target, int end) {
    for (int i = 0; i < end; i++) {
      char c = target.charAt(i);
      boolean segmentEnds = c == '/' && i > 0 && (i + 1 == end || target.charAt(i + 1) == '/');
      boolean dot = c == '.' && target.charAt(i - 1) == '/';
      boolean emptyFirst = i == 0 && end > 1 && target.charAt(1) == '/';
      if (c == '%' || segmentEnds || dot || emptyFirst) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String target, int end) {
    StringBuilder out = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      int value = target.charAt(i) == '%' && i + 2 < end ? escape(target, i) : -1;
      if (value < 0) {
        out.append(target.charAt(i) == '%' ? STRAY : String.valueOf(target.charAt(i)));
        continue;
      }
      if (unreserved((char) value)) {
        out.append((char) value);
      } else {
        out.append(target.substring(i, i + 3).toUpperCase(Locale.ROOT));
      }
      i += 2;
    }
    return out.toString();
  }

  private static int escape(String target, int at) {
    int high = Character.digit(target.charAt(at + 1), 16);
    int low = Character.digit(target.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static String joined(String path) {
    Deque<String> kept = new ArrayDeque<>();
    int from = 1;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      String segment = path.substring(from, to);
      if (segment.equals("..")) {
        kept.pollLast();
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        kept.addLast(segment);
      }
      from = to + 1;
    }
    return "/" + String.join("/", kept);
  }
}
