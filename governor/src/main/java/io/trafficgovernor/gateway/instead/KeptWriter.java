package io.trafficgovernor.gateway.instead;

import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.stale.KeptAnswer;
import io.trafficgovernor.answers.stale.KeptAnswer.Moment;
import io.trafficgovernor.answers.stale.Revalidation;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Writes kept answers, with the truth about them: {@code Age} always, {@code Cache-Status} (RFC
 * 9211) always, {@code Governor-Degraded} and the reason where one is stale. Immutable.
 */
final class KeptWriter {
  private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
  private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("Cache-Status");
  private static final CharSequence DEGRADED = HttpHeaders.createOptimized("Governor-Degraded");
  private static final CharSequence REASON = HttpHeaders.createOptimized("Governor-Reason");
  private static final CharSequence CLASS = HttpHeaders.createOptimized("Governor-Class");
  private static final String NOT_KEPT =
      "{\"type\":\"about:blank\",\"title\":\"not kept\",\"status\":504}\n";

  /** What a 304 carries: RFC 9110 section 15.4.5. */
  private static final List<CharSequence> OF_304 =
      List.of(
          HttpHeaders.CACHE_CONTROL,
          HttpHeaders.CONTENT_LOCATION,
          HttpHeaders.DATE,
          HttpHeaders.ETAG,
          HttpHeaders.EXPIRES,
          HttpHeaders.LAST_MODIFIED,
          HttpHeaders.VARY);

  private final String name;
  private final List<String> classes;

  /** Answers of that node, for classes of those names. */
  KeptWriter(String node, List<String> classes) {
    this.name = '"' + node + "\"; ";
    this.classes = List.copyOf(classes);
  }

  /** A body's length as the head tells it; -1 if it does not. */
  static long length(MultiMap headers) {
    String text = headers.get(HttpHeaders.CONTENT_LENGTH);
    boolean digits =
        text != null && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && !text.isEmpty() ? Long.parseLong(text) : -1;
  }

  void stale(Asker.Asked asked, KeptAnswer kept, Moment now, String reason) {
    HttpServerResponse response = asked.request().response();
    response.putHeader(DEGRADED, Degraded.STALE.tag());
    response.putHeader(REASON, reason);
    response.putHeader(CLASS, classes.get(asked.rank()));
    long left = (long) Math.floor(kept.leftSeconds(now));
    write(asked, kept, now, "hit; ttl=" + left + "; detail=\"" + reason + '"');
  }

  void fresh(Asker.Asked asked, KeptAnswer kept, Moment now, String how) {
    write(asked, kept, now, how);
  }

  private void write(Asker.Asked asked, KeptAnswer kept, Moment now, String how) {
    HttpServerRequest request = asked.request();
    HttpServerResponse response = request.response();
    boolean known = Revalidation.holds(request.headers(), kept);
    MultiMap to = response.headers();
    if (known) {
      OF_304.forEach(field -> to.add(field.toString(), kept.headers().getAll(field)));
    } else {
      kept.headers().forEach(header -> to.add(header.getKey(), header.getValue()));
      to.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(kept.body().length()));
    }
    to.set(AGE, Long.toString((long) kept.ageSeconds(now)));
    to.add(CACHE_STATUS, name + how);
    response.setStatusCode(known ? 304 : kept.status());
    boolean bodyless = known || request.method().equals(HttpMethod.HEAD);
    var unused = bodyless ? response.end() : response.end(kept.body());
  }

  /** RFC 9111 section 5.2.1.7. */
  void notKept(HttpServerResponse response) {
    response.setStatusCode(504);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    response.putHeader(CACHE_STATUS, name + "fwd=miss; detail=\"only-if-cached\"");
    var unused = response.end(NOT_KEPT);
  }
}
