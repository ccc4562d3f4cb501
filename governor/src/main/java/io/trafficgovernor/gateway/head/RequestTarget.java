package io.trafficgovernor.gateway.head;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;

/**
 * What a request asks for, once its head is known to be unambiguous. Whatever two readers could
 * understand differently is refused here, before anything else looks at it. Source: RFC 9112
 * sections 3.2, 5 and 6, RFC 9110 section 7.2.
 *
 * @param uri in origin form, as the client wrote it, or {@code *}
 * @param authority the host it is for: that of an absolute target, else the Host header
 */
public record RequestTarget(String uri, String authority) {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";

  /** A request that is not forwarded, and why. */
  public static final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    BadRequestException(int status, String detail) {
      super(detail, null, false, false);
      this.status = status;
    }

    /** The status to answer with. */
    public int status() {
      return status;
    }
  }

  /**
   * Reads a request's head. Pure.
   *
   * @throws BadRequestException with the status to answer
   */
  public static RequestTarget of(HttpServerRequest request) throws BadRequestException {
    MultiMap headers = request.headers();
    StrictSyntax.checkNames(headers);
    if (request.version() == HttpVersion.HTTP_2) {
      Http2Head.check(request);
    }
    checkFraming(request, headers);
    if (request.method().equals(HttpMethod.CONNECT)) {
      throw new BadRequestException(501, "CONNECT: this gateway is no tunnel");
    }
    String host = host(request, headers);
    String uri = request.uri();
    StrictSyntax.checkTarget(uri);
    if (uri.startsWith("/")) {
      return new RequestTarget(uri, host);
    }
    if (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
      return new RequestTarget(uri, host);
    }
    if (request.version() == HttpVersion.HTTP_2) {
      throw new BadRequestException(400, "path: got " + printable(uri) + ", allowed a path");
    }
    return absolute(uri);
  }

  private static void checkFraming(HttpServerRequest request, MultiMap headers)
      throws BadRequestException {
    List<String> codings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
    if (codings.isEmpty()) {
      return;
    }
    if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw new BadRequestException(
          501, "Transfer-Encoding: got " + printable(codings.get(0)) + ", allowed chunked");
    }
    if (request.version() != HttpVersion.HTTP_1_1 || headers.contains(HttpHeaders.CONTENT_LENGTH)) {
      throw new BadRequestException(
          400, "Transfer-Encoding: allowed in HTTP/1.1, without a length");
    }
  }

  private static String host(HttpServerRequest request, MultiMap headers)
      throws BadRequestException {
    if (request.version() == HttpVersion.HTTP_2) {
      return validHost(Http2Head.authority(request));
    }
    List<String> hosts = headers.getAll(HttpHeaders.HOST);
    if (hosts.size() != 1) {
      throw new BadRequestException(400, "Host: got " + hosts.size() + " of them, allowed 1");
    }
    return validHost(hosts.get(0));
  }

  private static String validHost(String host) throws BadRequestException {
    if (!validAuthority(host)) {
      throw new BadRequestException(400, "Host: got " + printable(host) + ", allowed host[:port]");
    }
    return host;
  }

  private static RequestTarget absolute(String uri) throws BadRequestException {
    int from =
        uri.regionMatches(true, 0, HTTP, 0, HTTP.length())
            ? HTTP.length()
            : uri.regionMatches(true, 0, HTTPS, 0, HTTPS.length()) ? HTTPS.length() : -1;
    if (from < 0) {
      throw new BadRequestException(
          400, "target: got " + printable(uri) + ", allowed a path or an http URI");
    }
    int to = from;
    while (to < uri.length() && "/?".indexOf(uri.charAt(to)) < 0) {
      to++;
    }
    String authority = uri.substring(from, to);
    if (!validAuthority(authority)) {
      throw new BadRequestException(
          400, "target: got authority " + printable(authority) + ", allowed host[:port]");
    }
    String rest = uri.substring(to);
    return new RequestTarget(rest.startsWith("/") ? rest : "/" + rest, authority);
  }

  /** Letters, digits and what RFC 3986 allows in a host, a port behind a colon; no user info. */
  private static boolean validAuthority(String text) {
    int end = text.indexOf(':', Math.max(0, text.lastIndexOf(']')));
    int hostEnd = end < 0 ? text.length() : end;
    for (int i = hostEnd + 1; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return validHostName(text, hostEnd);
  }

  private static boolean validHostName(String text, int end) {
    if (end == 0) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~:[]!$&'()*+;=%".indexOf(c) >= 0;
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** For a message: short, and only characters that cannot do harm in one. */
  static String printable(String text) {
    String cut = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    StringBuilder out = new StringBuilder(cut.length());
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      out.append(c >= ' ' && c < 127 && c != '"' && c != '\\' ? c : '?');
    }
    return out.toString();
  }
}
