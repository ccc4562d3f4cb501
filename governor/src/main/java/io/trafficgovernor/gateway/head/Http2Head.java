package io.trafficgovernor.gateway.head;

import io.trafficgovernor.gateway.head.RequestTarget.BadRequestException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Map;

/**
 * What a head of HTTP/2 could smuggle into one of HTTP/1.1: there a line end ends a field, and here
 * it does not. Source: RFC 9113 sections 8.2.1, 8.2.2, 8.3.1 and 10.3.
 */
final class Http2Head {
  private Http2Head() {}

  /** Refuses what could not be written in HTTP/1.1 as it is meant. Pure. */
  static void check(HttpServerRequest request) throws BadRequestException {
    String uri = request.uri();
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      if (c <= ' ' || c >= 127) {
        throw bad("path", uri, "visible ASCII");
      }
    }
    if (!token(request.method().name())) {
      throw bad("method", request.method().name(), "a token");
    }
    for (Map.Entry<String, String> field : request.headers()) {
      if (!token(field.getKey())) {
        throw bad("field name", field.getKey(), "a token");
      }
      String value = field.getValue();
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < ' ' && c != '\t') || c == 127) {
          throw bad("field " + field.getKey(), value, "no control characters");
        }
      }
    }
    if (request.headers().contains(HttpHeaders.CONNECTION)) {
      throw bad("field connection", "one", "none in HTTP/2");
    }
  }

  /** The host it is for; whoever says it twice must say the same. */
  static String authority(HttpServerRequest request) throws BadRequestException {
    HostAndPort authority = request.authority();
    if (authority == null) {
      throw bad("authority", "none", "host[:port]");
    }
    String text = authority.toString();
    for (String host : request.headers().getAll(HttpHeaders.HOST)) {
      if (!host.equalsIgnoreCase(text)) {
        throw bad("Host", host, text + ", as in :authority");
      }
    }
    return text;
  }

  private static BadRequestException bad(String what, String got, String allowed) {
    return new BadRequestException(
        400, what + ": got " + RequestTarget.printable(got) + ", allowed " + allowed);
  }

  /** RFC 9110 section 5.6.2. */
  private static boolean token(String text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
