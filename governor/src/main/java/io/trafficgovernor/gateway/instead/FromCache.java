package io.trafficgovernor.gateway.instead;

import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.answers.stale.CacheUse;
import io.trafficgovernor.answers.stale.Flights.Flight;
import io.trafficgovernor.answers.stale.Flights.Place;
import io.trafficgovernor.answers.stale.KeptAnswer;
import io.trafficgovernor.answers.stale.KeptAnswer.Moment;
import io.trafficgovernor.answers.stale.Wish;
import io.trafficgovernor.gateway.head.EndToEnd;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of a class whose answers are kept. A fresh one is given at once; a request that has
 * none is a miss, and goes to the backend as any other does, under a token and a slot: there is no
 * refilling behind the law's back, so the ramp is the budget of misses. Identical misses wait for
 * the first of them. What is stale is given when the law or the backend refuses. Confined to its
 * event loop.
 */
final class FromCache {
  /** Answers that say that the backend could not: RFC 5861 section 4, and its "too much". */
  private static final Set<Integer> FAILED = Set.of(429, 500, 502, 503, 504);

  private static final int NOT_MODIFIED = 304;

  /** So often it waits for another's answer; then it asks for itself. */
  private static final int MAX_FLIGHTS = 2;

  private static final long NO_TIMER = -1;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Asker.Asked what;
  private final Asker asker;
  private final Setting setting;
  private final Wish wish;
  private final String key;
  private final Runnable told;
  private @Nullable Flight leading;
  private @Nullable Flight waitingFor;
  private int flights;
  private long timer = NO_TIMER;
  private long patience = NO_TIMER;
  private long heldSinceNanos;
  private long heldNanos;
  private @Nullable Moment asked;
  private @Nullable KeptAnswer confirming;
  private AnswerCache.@Nullable Incoming incoming;

  /**
   * What all requests of a class on one event loop share.
   *
   * @param maxHeldNanos how long others wait for a client that does not take the common answer
   */
  record Setting(
      Vertx vertx,
      Context context,
      AnswerCache cache,
      KeptWriter writer,
      Count count,
      double maxStaleSeconds,
      long maxHeldNanos) {}

  /** Counts what became of a request. */
  interface Count {
    void used(CacheUse use);

    void degraded(Degraded how);
  }

  FromCache(Asker.Asked what, Asker asker, Setting setting) {
    this.what = what;
    this.asker = asker;
    this.setting = setting;
    this.wish = setting.cache().wish(what.request().method().name(), what.request().headers());
    this.key = AnswerCache.key(what.target().authority(), what.target().uri());
    this.told = () -> setting.context().runOnContext(ignored -> landed());
  }

  /** Whether it has answered with what is fresh. */
  boolean ready() {
    if (!wish.reads() || wish.partial()) {
      return false;
    }
    Optional<KeptAnswer> ready = setting.cache().fresh(key, wish);
    ready.ifPresent(answer -> give(answer, CacheUse.FRESH, "hit"));
    return ready.isPresent();
  }

  /** Whether it has answered, or waits for another's answer. */
  boolean before() {
    if (!wish.reads() || wish.partial()) {
      return false;
    }
    if (ready()) {
      return true;
    }
    Optional<KeptAnswer> meanwhile =
        setting.cache().meanwhile(key, wish, setting.maxStaleSeconds());
    if (meanwhile.isPresent()) {
      giveStale(meanwhile.get(), "revalidating");
      return true;
    }
    if (wish.onlyKept()) {
      setting.count().used(CacheUse.MISS);
      asker.prepare();
      setting.writer().notKept(what.request().response());
      return true;
    }
    return waits();
  }

  /** Whether it waits for an answer that somebody else is fetching. */
  private boolean waits() {
    if (!wish.fillsCache() || !wish.shareable() || setting.cache().goesAlone(key)) {
      setting.count().used(CacheUse.MISS);
      return false;
    }
    Place place = setting.cache().flights().join(key, told);
    if (place instanceof Place.Leads leads) {
      leading = leads.flight();
    } else if (place instanceof Place.Waits waits) {
      waitingFor = waits.flight();
      flights++;
      timer = setting.vertx().setTimer(millisLeft(), ignored -> waitedTooLong());
      return true;
    }
    setting.count().used(CacheUse.MISS);
    return false;
  }

  private long millisLeft() {
    long nanos = what.deadlineNanos() - setting.cache().now().nanos();
    return Math.max(1, nanos / NANOS_PER_MILLI);
  }

  private void waitedTooLong() {
    timer = NO_TIMER;
    stopWaiting();
    if (!asker.over()) {
      asker.timedOut();
    }
  }

  /** The other's answer is there, or will not come. */
  private void landed() {
    if (waitingFor == null || asker.over()) {
      return;
    }
    stopWaiting();
    Optional<KeptAnswer> ready = setting.cache().fresh(key, wish);
    if (ready.isPresent()) {
      give(ready.get(), CacheUse.COALESCED, "fwd=miss; collapsed");
    } else if (flights >= MAX_FLIGHTS || !waits()) {
      asker.decide();
    }
  }

  private void stopWaiting() {
    if (waitingFor != null) {
      waitingFor.leave(told);
      waitingFor = null;
    }
    if (timer != NO_TIMER) {
      setting.vertx().cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  /** Whether it had something to give although the backend was not asked, or did not answer. */
  boolean refused(String reason) {
    land();
    if (!wish.reads()) {
      return false;
    }
    Optional<KeptAnswer> kept = setting.cache().usable(key, wish, setting.maxStaleSeconds());
    kept.ifPresent(answer -> giveStale(answer, reason));
    return kept.isPresent();
  }

  /** Asks only whether the answer at hand still holds, if there is one that can be asked about. */
  void sending(MultiMap headers) {
    asked = setting.cache().now();
    confirming = null;
    if (!wish.fillsCache()) {
      return;
    }
    KeptAnswer kept = setting.cache().find(key, wish).orElse(null);
    String tag = kept == null ? null : kept.headers().get(HttpHeaders.ETAG);
    String modified = kept == null ? null : kept.headers().get(HttpHeaders.LAST_MODIFIED);
    if (tag != null) {
      headers.set(HttpHeaders.IF_NONE_MATCH, tag);
    }
    if (modified != null) {
      headers.set(HttpHeaders.IF_MODIFIED_SINCE, modified);
    }
    if (tag != null || modified != null) {
      confirming = kept;
    }
  }

  /**
   * Whether it has answered in place of the backend.
   *
   * @param staleToo whether what is stale may be given
   */
  boolean replaces(HttpClientResponse answer, boolean staleToo) {
    KeptAnswer kept = confirming;
    Moment when = asked;
    if (answer.statusCode() == NOT_MODIFIED && kept != null && when != null) {
      MultiMap news = MultiMap.caseInsensitiveMultiMap();
      EndToEnd.copy(answer.headers(), news);
      KeptAnswer confirmed = setting.cache().confirm(key, kept, news, when);
      land();
      give(confirmed, CacheUse.CONFIRMED, "fwd=stale; fwd-status=304");
      return true;
    }
    return staleToo
        && FAILED.contains(answer.statusCode())
        && refused("status-" + answer.statusCode());
  }

  /** Takes in the answer that goes to the client, if it may be kept. */
  void answering(HttpClientResponse answer) {
    Moment when = asked;
    if (when == null || !wish.fillsCache()) {
      return;
    }
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    EndToEnd.copy(answer.headers(), headers);
    Optional<AnswerCache.Incoming> taken =
        setting
            .cache()
            .begin(key, wish, answer.statusCode(), headers, when, KeptWriter.length(headers));
    incoming = taken.orElse(null);
    if (taken.isEmpty() || !taken.get().sharedWhenWhole()) {
      setting.cache().sendAlone(key);
      land();
    }
  }

  void chunk(Buffer chunk) {
    if (incoming != null) {
      incoming.add(chunk);
    }
  }

  /**
   * Its client does not take the answer as it comes. Those who wait for it do so for the backend,
   * not for a slow client: after a while, all such times together, one of them asks anew.
   */
  void held(boolean now) {
    long nanos = setting.cache().now().nanos();
    if (now && leading != null && patience == NO_TIMER) {
      heldSinceNanos = nanos;
      long left = Math.max(1, (setting.maxHeldNanos() - heldNanos) / NANOS_PER_MILLI);
      patience = setting.vertx().setTimer(left, ignored -> land());
    } else if (!now && patience != NO_TIMER) {
      heldNanos += nanos - heldSinceNanos;
      stopPatience();
    }
  }

  private void stopPatience() {
    if (patience != NO_TIMER) {
      setting.vertx().cancelTimer(patience);
      patience = NO_TIMER;
    }
  }

  void complete() {
    if (incoming != null) {
      incoming.complete();
    }
    land();
  }

  void over() {
    stopWaiting();
    if (incoming != null) {
      incoming.drop();
    }
    land();
  }

  /** Others need not wait for this one any longer. Idempotent. */
  void land() {
    stopPatience();
    if (leading != null) {
      Flight flight = leading;
      leading = null;
      flight.land();
    }
  }

  private void giveStale(KeptAnswer kept, String reason) {
    Moment now = setting.cache().now();
    if (kept.leftSeconds(now) > 0) {
      give(kept, CacheUse.FRESH, "hit");
      return;
    }
    setting.count().used(CacheUse.STALE);
    setting.count().degraded(Degraded.STALE);
    asker.prepare();
    setting.writer().stale(what, kept, now, reason);
  }

  private void give(KeptAnswer kept, CacheUse use, String how) {
    setting.count().used(use);
    asker.prepare();
    setting.writer().fresh(what, kept, setting.cache().now(), how);
  }
}
