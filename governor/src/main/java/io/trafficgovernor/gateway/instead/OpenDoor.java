package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.open.OneTimeGuard;
import io.trafficgovernor.config.OpenAnswer;
import io.trafficgovernor.gateway.instead.FromCache.Count;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The configured answer of a class that fails open, and its guard. One for a class and an event
 * loop; confined to it.
 */
final class OpenDoor {
  private static final String USED =
      "{\"type\":\"about:blank\",\"title\":\"used before\",\"status\":403,"
          + "\"reason\":\"one-time-seen\"}\n";

  private final Context context;
  private final String className;
  private final OpenAnswer answer;
  private final @Nullable OneTimeGuard guard;
  private final Count count;
  private final Buffer body;

  OpenDoor(
      Context context,
      String className,
      OpenAnswer answer,
      @Nullable OneTimeGuard guard,
      Count count) {
    this.context = requireNonNull(context, "context");
    this.className = className;
    this.answer = answer;
    this.guard = guard;
    this.count = count;
    this.body = Buffer.buffer(answer.body());
  }

  /** Whether the request shows a token that was accepted before, without the backend. */
  boolean usedBefore(HttpServerRequest request) {
    if (guard == null) {
      return false;
    }
    Optional<String> token = token(request);
    return token.isPresent() && guard.seen(className, token.get());
  }

  /** Whether the guard has a word in that answer of the backend: it accepts a token. */
  boolean guards(HttpServerRequest request, int status) {
    return guard != null && status < 300 && token(request).isPresent();
  }

  /**
   * The backend has accepted a token, which is used up now. Another copy of it may have come in by
   * this door meanwhile: then the answer is not passed on.
   *
   * @param pass told on this loop, at once if nobody has to be asked; not if {@code used} is
   */
  void accepted(HttpServerRequest request, Runnable pass, Runnable used) {
    OneTimeGuard asked = requireNonNull(guard, "guard");
    String token = token(request).orElseThrow();
    if (!answer.oneTime().map(OpenAnswer.OneTime::alsoLive).orElse(false)) {
      (asked.seen(className, token) ? used : pass).run();
      return;
    }
    CompletableFuture<Boolean> first = asked.live(className, token).toCompletableFuture();
    if (first.isDone()) {
      (first.getNow(false) ? pass : used).run();
      return;
    }
    var unused =
        first.thenAccept(alone -> context.runOnContext(ignored -> (alone ? pass : used).run()));
  }

  /** Gives the answer, if the guard lets it; the rest is the refusal's. */
  void open(HttpServerRequest request, Asker asker, String reason, Runnable otherwise) {
    OneTimeGuard asked = guard;
    if (asked == null) {
      write(request.response(), asker, reason);
      return;
    }
    Optional<String> token = token(request);
    if (token.isEmpty()) {
      otherwise.run();
      return;
    }
    var unused =
        asked
            .show(className, token.get())
            .thenAccept(
                verdict ->
                    context.runOnContext(
                        ignored -> said(verdict, request.response(), asker, reason, otherwise)));
  }

  private void said(
      OneTimeGuard.Verdict verdict,
      HttpServerResponse response,
      Asker asker,
      String reason,
      Runnable otherwise) {
    if (asker.over()) {
      return;
    }
    switch (verdict) {
      case FIRST -> write(response, asker, reason);
      case SEEN -> used(response, asker);
      case UNKNOWN -> otherwise.run();
    }
  }

  /** Refuses what was used before. */
  void used(HttpServerResponse response, Asker asker) {
    asker.prepare();
    response.setStatusCode(403);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader("Governor-Class", className);
    response.putHeader("Governor-Reason", "one-time-seen");
    var unused = response.end(USED);
  }

  private void write(HttpServerResponse response, Asker asker, String reason) {
    count.degraded(Degraded.FAIL_OPEN);
    asker.prepare();
    response.setStatusCode(answer.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType());
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader("Governor-Degraded", Degraded.FAIL_OPEN.tag());
    response.putHeader("Governor-Class", className);
    response.putHeader("Governor-Reason", reason);
    var unused = response.end(body);
  }

  private Optional<String> token(HttpServerRequest request) {
    OpenAnswer.OneTime oneTime = answer.oneTime().orElse(null);
    if (oneTime == null) {
      return Optional.empty();
    }
    String found =
        switch (oneTime.place()) {
          case HEADER -> request.getHeader(oneTime.name());
          case QUERY -> request.getParam(oneTime.name());
        };
    return Optional.ofNullable(found).filter(text -> !text.isEmpty());
  }
}
