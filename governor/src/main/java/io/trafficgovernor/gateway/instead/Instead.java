package io.trafficgovernor.gateway.instead;

import io.trafficgovernor.answers.stale.AnswerCache;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands beside one request and answers it without the backend where its class is set so. It is
 * asked at each turn: before anything is decided, when the law refuses, when the backend fails or
 * answers. Confined to its event loop.
 */
public final class Instead {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final Asker.Asked asked;
  private final @Nullable AnswerCache cache;
  private final @Nullable FromCache fromCache;

  Instead(Asker.Asked asked, @Nullable AnswerCache cache, @Nullable FromCache fromCache) {
    this.asked = asked;
    this.cache = cache;
    this.fromCache = fromCache;
  }

  /** Whether it has answered, or will say when the request goes on. */
  public boolean before() {
    return fromCache != null && fromCache.before();
  }

  /**
   * No answer of the backend will come.
   *
   * @param reason in one word: the law's, or what went wrong
   * @return whether it has answered
   */
  public boolean refused(String reason) {
    return fromCache != null && fromCache.refused(reason);
  }

  /** The request is about to be sent, with those headers; they may be added to. */
  public void sending(MultiMap headers) {
    if (fromCache != null) {
      fromCache.sending(headers);
    }
  }

  /** Whether it has answered in place of that answer, which is not wanted then. */
  public boolean replaces(HttpClientResponse answer) {
    if (cache != null
        && answer.statusCode() < 400
        && !SAFE.contains(asked.request().method().name())) {
      cache.invalidate(AnswerCache.key(asked.target().authority(), asked.target().uri()));
    }
    return fromCache != null && fromCache.replaces(answer);
  }

  /** That answer goes to the client. */
  public void answering(HttpClientResponse answer) {
    if (fromCache != null) {
      fromCache.answering(answer);
    }
  }

  /** A part of its body has come. */
  public void chunk(Buffer chunk) {
    if (fromCache != null) {
      fromCache.chunk(chunk);
    }
  }

  /** It has come to its end. */
  public void complete() {
    if (fromCache != null) {
      fromCache.complete();
    }
  }

  /** Nothing more will be told of the request. Idempotent. */
  public void over() {
    if (fromCache != null) {
      fromCache.over();
    }
  }
}
