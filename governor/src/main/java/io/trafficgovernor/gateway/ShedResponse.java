package io.trafficgovernor.gateway;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.gateway.comeback.Hints;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one class that knows HTTP codes: turns what the gateway itself has to say into an answer with
 * a problem body. Answers to refused requests are prebuilt for each class and reason but for the
 * time to come back. Immutable, thread-safe. Source: RFC 9457; RFC 9110 section 10.2.3.
 */
final class ShedResponse {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final CharSequence PROBLEM =
      HttpHeaders.createOptimized("application/problem+json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
  private static final CharSequence GRPC_STATUS = HttpHeaders.createOptimized("grpc-status");
  private static final CharSequence GRPC_MESSAGE = HttpHeaders.createOptimized("grpc-message");
  private static final String UNAVAILABLE = "14";
  private static final CharSequence CLASS = HttpHeaders.createOptimized("Governor-Class");
  private static final CharSequence REASON = HttpHeaders.createOptimized("Governor-Reason");

  private static final int OVER_QUOTA = 429;

  /** RESOURCE_EXHAUSTED. */
  private static final String EXHAUSTED = "8";

  /** The reason of a refusal that is the tenant's own. */
  private static final String QUOTA = "quota";

  private final List<CharSequence> names;
  private final List<Map<ShedReason, byte[]>> heads;

  /** What went wrong after a request was admitted; the tag is in header and body. */
  enum Failed {
    /** No connection to the backend: nothing was sent. */
    UNREACHABLE(503, "unreachable", "the backend cannot be reached"),
    /** Every connection is in use: nothing was sent. */
    CONNECTIONS(503, "connections", "every connection to the backend is in use"),
    /** No new connection could be begun while it could wait: nothing was sent. */
    CONNECT_RAMP(503, "connect-ramp", "new connections to the backend are begun slowly"),
    /** As many connections as may be are WebSockets: nothing was sent. */
    SOCKETS(503, "sockets", "every place for a WebSocket is in use"),
    /** The backend broke off before its answer's head was complete. */
    BROKEN(502, "broken", "the backend's answer was broken"),
    /** No answer before the request's deadline. */
    TIMEOUT(504, "timeout", "the backend did not answer in time"),
    /** Writes before it wait in the journal, and it has no room for this one. */
    JOURNAL_FULL(503, "journal-full", "the journal of writes has no room"),
    /** The journal's disk does not answer: whether the write is on it is not known. */
    JOURNAL_LATE(
        504, "journal-late", "the journal did not answer; the write may or may not be done"),
    /** The client took too long to send its request. */
    SLOW_CLIENT(408, "slow-client", "the request did not come in time");

    private final int status;
    private final String tag;
    private final String title;

    Failed(int status, String tag, String title) {
      this.status = status;
      this.tag = tag;
      this.title = title;
    }

    /** Whether the backend cannot have begun with the request. */
    boolean nothingSent() {
      return this == UNREACHABLE
          || this == CONNECTIONS
          || this == CONNECT_RAMP
          || this == JOURNAL_FULL;
    }

    /** The tag: in header, body and in what is given instead. */
    String tag() {
      return tag;
    }

    /** CANCELLED, DEADLINE_EXCEEDED or UNAVAILABLE. */
    String grpcStatus() {
      return status == 408 ? "1" : status == 504 ? "4" : UNAVAILABLE;
    }

    /** Whether it makes sense to come back. */
    boolean comeBack() {
      return status == 503;
    }
  }

  /** Answers for classes of those names, in order of importance. */
  ShedResponse(List<String> classNames) {
    this.names = classNames.stream().map(HttpHeaders::createOptimized).toList();
    this.heads = classNames.stream().map(ShedResponse::heads).toList();
  }

  private static Map<ShedReason, byte[]> heads(String className) {
    Map<ShedReason, byte[]> heads = new EnumMap<>(ShedReason.class);
    for (ShedReason reason : ShedReason.values()) {
      heads.put(reason, head(503, "refused for now", className, reason.tag()));
    }
    return heads;
  }

  /** A problem body up to the time to come back; class and reason need no escaping. */
  private static byte[] head(int status, String title, String className, String reason) {
    String text =
        ("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,"
                + "\"class\":\"%s\",\"reason\":\"%s\"")
            .formatted(title, status, className, reason);
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether a client heeds the push-back of gRPC: in HTTP/1.1 too, where it is gRPC-Web. */
  static boolean heedsPushback(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith(GRPC.toString());
  }

  /** Whether an answer must be one of gRPC. */
  private static boolean speaksGrpc(HttpServerRequest request) {
    String type =
        request.version() == HttpVersion.HTTP_2
            ? request.getHeader(HttpHeaders.CONTENT_TYPE)
            : null;
    return type != null && (GRPC.toString().equals(type) || type.startsWith(GRPC + "+"));
  }

  /**
   * Answers a request that was refused; done when the answer is written.
   *
   * @param waitsFor what keeps its class's gate closed, in words that need no escaping; or nothing
   */
  Future<Void> shed(
      HttpServerRequest request, int rank, ShedReason reason, String waitsFor, Hints hints) {
    HttpServerResponse response = request.response();
    if (speaksGrpc(request)) {
      return grpc(response, rank, UNAVAILABLE, reason.tag(), hints);
    }
    byte[] known = requireNonNull(heads.get(rank).get(reason), "prebuilt for every reason");
    byte[] head = waitsFor.isEmpty() ? known : blocked(known, waitsFor);
    response.setStatusCode(503);
    response.putHeader(REASON, reason.tag());
    return finish(response, rank, head, hints);
  }

  private static byte[] blocked(byte[] head, String waitsFor) {
    String text = new String(head, StandardCharsets.US_ASCII);
    return (text + ",\"blocked_by\":\"" + waitsFor + "\"").getBytes(StandardCharsets.US_ASCII);
  }

  /** Answers a request whose tenant has used up its quota. Source: RFC 6585 section 4. */
  Future<Void> overQuota(HttpServerRequest request, int rank, Hints hints) {
    HttpServerResponse response = request.response();
    if (speaksGrpc(request)) {
      return grpc(response, rank, EXHAUSTED, QUOTA, hints);
    }
    response.setStatusCode(OVER_QUOTA);
    response.putHeader(REASON, QUOTA);
    byte[] head = head(OVER_QUOTA, "quota used up", names.get(rank).toString(), QUOTA);
    return finish(response, rank, head, hints);
  }

  /**
   * Answers a request that was admitted but has no answer of the backend.
   *
   * @param hints when it makes sense to come back; null if that is for the client to know
   */
  Future<Void> failed(HttpServerRequest request, int rank, Failed failed, @Nullable Hints hints) {
    HttpServerResponse response = request.response();
    if (speaksGrpc(request)) {
      return grpc(response, rank, failed.grpcStatus(), failed.tag, hints);
    }
    response.setStatusCode(failed.status);
    response.putHeader(REASON, failed.tag);
    byte[] head = head(failed.status, failed.title, names.get(rank).toString(), failed.tag);
    return finish(response, rank, head, hints);
  }

  /** In gRPC every answer is 200: what went wrong stands in a head that is a trailer as well. */
  private Future<Void> grpc(
      HttpServerResponse response, int rank, String status, String tag, @Nullable Hints hints) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, GRPC);
    response.putHeader(GRPC_STATUS, status);
    response.putHeader(GRPC_MESSAGE, tag);
    response.putHeader(REASON, tag);
    response.putHeader(CLASS, names.get(rank));
    if (hints != null) {
      hints.write(response.headers());
    }
    return response.end();
  }

  private Future<Void> finish(
      HttpServerResponse response, int rank, byte[] head, @Nullable Hints hints) {
    response.putHeader(CLASS, names.get(rank));
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    Buffer body = Buffer.buffer(head.length + 40).appendBytes(head);
    if (hints != null) {
      hints.write(response.headers());
      body.appendString(",\"retry_after_ms\":").appendString(Long.toString(hints.millis()));
    }
    return response.end(body.appendString("}\n"));
  }

  /**
   * Answers a request that cannot be understood.
   *
   * @param closing whether the rest of the connection cannot either
   */
  static Future<Void> bad(HttpServerResponse response, int status, String detail, boolean closing) {
    response.setStatusCode(status);
    if (closing) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM);
    response.putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE);
    String body =
        "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}\n"
            .formatted(status == 501 ? "not implemented" : "bad request", status, detail);
    return response.end(Buffer.buffer(body));
  }

  /**
   * Completes the backend's own refusal: the client is told the later of the backend's time and
   * ours. A date is left as it is.
   */
  static void retryNotBefore(HttpServerResponse response, long nanos) {
    String theirs = response.headers().get(HttpHeaders.RETRY_AFTER);
    long ours = wholeSeconds(nanos);
    long told = theirs == null ? 0 : seconds(theirs);
    if (told >= 0 && told < ours) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(ours));
    }
  }

  /** Whole seconds; -1 if it is anything else. */
  private static long seconds(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && !text.isEmpty() && text.length() < 10 ? Long.parseLong(text) : -1;
  }

  /** The header's resolution: rounded, at least 1. */
  static long wholeSeconds(long nanos) {
    return Math.max(1, Math.round(nanos / NANOS_PER_SECOND));
  }
}
