package io.trafficgovernor.gateway;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;

/**
 * What becomes of a request that has been answered before all of it came, and of its connection:
 * HTTP/1.1 has to close it, HTTP/2 cuts off that request alone. Confined to its event loop.
 */
final class Rest {
  /** RFC 9113 sections 7 and 8.1: the answer is complete without the rest of the request. */
  private static final long NO_ERROR = 0x0;

  private static final long INTERNAL_ERROR = 0x2;

  private final Clients clients;
  private final HttpServerRequest request;
  private final RequestBody body;
  private final boolean http2;
  private boolean closing;
  private boolean over;

  Rest(Clients clients, HttpServerRequest request, RequestBody body) {
    this.clients = clients;
    this.request = request;
    this.body = body;
    this.http2 = request.version() == HttpVersion.HTTP_2;
  }

  /**
   * To be called before the head of an answer is written.
   *
   * @param restIsLong whether it is too long to be read and thrown away
   */
  void prepare(boolean restIsLong) {
    closing = !http2 && (restIsLong || clients.draining());
    if (closing) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  /** RFC 9110 section 15.2: HTTP/1.0 knows no interim answers. */
  boolean takesInterim() {
    return !request.response().headWritten() && request.version() != HttpVersion.HTTP_1_0;
  }

  /** The answer broke off after its head: its client must not take it for a whole one. */
  void breakOff(Throwable cause) {
    long code = cause instanceof StreamResetException reset ? reset.getCode() : INTERNAL_ERROR;
    var unused = request.response().reset(code == NO_ERROR ? INTERNAL_ERROR : code);
  }

  /** In HTTP/2 it is cut off behind the answer. */
  void cutOff(Future<Void> written) {
    if (http2) {
      written.onComplete(
          ignored -> {
            if (!request.response().closed() && body.refuse()) {
              var unused = request.response().reset(NO_ERROR);
            }
          });
    }
  }

  /** The connection has one request less; told by whatever comes first, and counted once. */
  void over() {
    if (!over) {
      over = true;
      clients.ended(request.connection());
    }
  }

  /** The answer's last byte was handed to the connection; in HTTP/2 it may be closed by then. */
  void ended() {
    over();
    if (closing || (!http2 && body.refuse())) {
      clients.closeSoon(request.connection());
    }
  }
}
