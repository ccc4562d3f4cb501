package io.trafficgovernor.gateway.origin;

import io.trafficgovernor.admission.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says about the backend. An answer of gRPC is always 200: where it has
 * no body its code stands in the head, and counts; behind a body it comes too late, when the permit
 * has ended. Source: the gRPC protocol over HTTP/2, "Trailers-Only", and its status codes.
 */
final class OriginOutcome {
  private static final CharSequence GRPC_STATUS = HttpHeaders.createOptimized("grpc-status");

  private static final int MAX_STATUS = 599;

  private OriginOutcome() {}

  /**
   * Whether it is one: 1xx other than 100 and 103 is none, as its final answer would be the next
   * one's; nor is what has no class. Pure. Source: RFC 9110 section 15.
   *
   * @param upgrades whether the request may become something else than HTTP
   */
  static boolean isAnswer(int status, boolean upgrades) {
    return (status >= 200 && status <= MAX_STATUS) || (status == 101 && upgrades);
  }

  /** The outcome of an answer with that head. Pure. */
  static Outcome of(int status, MultiMap headers) {
    if (status == 429 || status == 503) {
      return Outcome.REFUSED;
    }
    if (status >= 500) {
      return Outcome.FAILURE;
    }
    return status == 200 ? grpc(headers.get(GRPC_STATUS)) : Outcome.SUCCESS;
  }

  private static Outcome grpc(@Nullable String code) {
    if (code == null) {
      return Outcome.SUCCESS;
    }
    return switch (code) {
      // RESOURCE_EXHAUSTED, UNAVAILABLE
      case "8", "14" -> Outcome.REFUSED;
      // UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, DATA_LOSS
      case "2", "4", "13", "15" -> Outcome.FAILURE;
      default -> Outcome.SUCCESS;
    };
  }

  /**
   * Whether the connection of that answer may be used once more. Pure.
   *
   * @param unasked whether the origin is known to send what belongs to no request: a body behind an
   *     answer that has none may come when the next request is under way
   */
  static boolean reusable(HttpClientResponse response, boolean unasked) {
    if (response.version() == HttpVersion.HTTP_2) {
      return true;
    }
    if (response.version() != HttpVersion.HTTP_1_1) {
      return false;
    }
    if (response.statusCode() == 204 && !"0".equals(length(response))) {
      // RFC 9110 section 8.6: it has none; what may come all the same is not the next one's answer
      return false;
    }
    if (unasked && bodyless(response)) {
      return false;
    }
    List<String> options = response.headers().getAll(HttpHeaders.CONNECTION);
    for (String each : options) {
      if (each.toLowerCase(Locale.ROOT).contains("close")) {
        return false;
      }
    }
    return true;
  }

  private static boolean bodyless(HttpClientResponse response) {
    int status = response.statusCode();
    return status == 204 || status == 304 || response.request().getMethod().equals(HttpMethod.HEAD);
  }

  private static String length(HttpClientResponse response) {
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? "0" : length;
  }
}
