package io.trafficgovernor.gateway.comeback;

import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** Which refused requests may be sent once more. Source: RFC 9110 section 9.2.2. */
public final class Replays {
  /** These may be sent again after a 503, which may have been said in the middle of the work. */
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

  private Replays() {}

  /** Whether a second try does no harm after that answer; a refusal of gRPC may be one midway. */
  public static boolean harmless(HttpServerRequest request, int status) {
    return status == 429
        || (status == 503
            && (idempotent(request) || request.headers().contains("Idempotency-Key")));
  }

  /** Whether to do it twice is to do it once: RFC 9110 section 9.2.2. */
  public static boolean idempotent(HttpServerRequest request) {
    return IDEMPOTENT.contains(request.method().name());
  }
}
