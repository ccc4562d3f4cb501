package io.trafficgovernor.gateway.comeback;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * What a refused client is told about coming back, in the words that different clients understand:
 * {@code Retry-After} (RFC 9110, whole seconds), milliseconds for SDKs of clouds, push-back for
 * gRPC, and a ticket.
 *
 * @param seconds whole seconds, at least 1
 * @param millis the same, more exactly
 * @param grpc whether the client speaks gRPC
 * @param ticket empty if it gets none
 */
public record Hints(long seconds, long millis, boolean grpc, String ticket) {
  private static final CharSequence RETRY_AFTER_MS = HttpHeaders.createOptimized("retry-after-ms");
  private static final CharSequence X_MS = HttpHeaders.createOptimized("x-ms-retry-after-ms");
  private static final CharSequence GRPC = HttpHeaders.createOptimized("grpc-retry-pushback-ms");
  private static final CharSequence TICKET = HttpHeaders.createOptimized(Attempts.TICKET);

  /** Writes them into the head of an answer. */
  public void write(MultiMap headers) {
    String exact = Long.toString(millis);
    headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    headers.set(RETRY_AFTER_MS, exact);
    headers.set(X_MS, exact);
    if (grpc) {
      headers.set(GRPC, exact);
    }
    if (!ticket.isEmpty()) {
      headers.set(TICKET, ticket);
    }
  }
}
