package io.trafficgovernor.gateway.head;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

/** The head of a client's request as it goes on to the backend. */
public final class Onward {
  private static final String SENT_STAMP = "Governor-Sent";

  private Onward() {}

  /** Fills in everything but the body. Pure but for {@code out}. */
  public static void fill(
      HttpServerRequest request,
      RequestTarget target,
      ForwardedHeaders forwarded,
      HttpClientRequest out) {
    out.setMethod(request.method()).setURI(target.uri());
    headers(request, target, forwarded, out.headers());
    fit(request.headers(), out);
  }

  /** Tells the backend when it was sent, if it is to be told. Pure but for {@code out}. */
  public static void stamp(HttpClientRequest out, boolean wanted, long sentNanos) {
    if (wanted) {
      out.headers().set(SENT_STAMP, Long.toString(sentNanos));
    }
  }

  /** Adds the headers in the form of HTTP/1.1. Pure but for {@code to}. */
  public static void headers(
      HttpServerRequest request, RequestTarget target, ForwardedHeaders forwarded, MultiMap to) {
    forwarded.copy(request, to);
    to.set(HttpHeaders.HOST, target.authority());
    forwarded.write(request, target, to);
  }

  /**
   * Turns headers in the form of HTTP/1.1 into those of the version in which they are sent.
   *
   * @param from those of the client
   */
  public static void fit(MultiMap from, HttpClientRequest out) {
    String authority = out.headers().get(HttpHeaders.HOST);
    EndToEnd.fit(from, out.headers(), out.version());
    if (out.version() == HttpVersion.HTTP_2) {
      out.authority(HostAndPort.parseAuthority(authority, -1));
    }
  }
}
