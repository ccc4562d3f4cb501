package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.config.OnShed;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands beside one request and answers it without the backend where its class is set so, or an
 * operator has ordered it. It is asked at each turn: before anything is decided, when the law
 * refuses, when the backend fails or answers. Confined to its event loop.
 */
public final class Instead {
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  private final Asker.Asked asked;
  private final Asker asker;
  private final Standbys.OfClass setting;
  private final @Nullable AnswerCache cache;
  private final @Nullable FromCache fromCache;

  /** An answer is on its way that takes more than this turn. */
  private boolean settling;

  Instead(Asker.Asked asked, Asker asker, Standbys.OfClass setting, @Nullable AnswerCache cache) {
    this.asked = requireNonNull(asked, "asked");
    this.asker = requireNonNull(asker, "asker");
    this.setting = requireNonNull(setting, "setting");
    this.cache = cache;
    FromCache.Setting kept = setting.kept();
    this.fromCache = kept == null ? null : new FromCache(asked, asker, kept);
  }

  /** Whether it has answered, or will say when the request goes on. */
  public boolean before() {
    Order.Action ordered = setting.ordered();
    OpenDoor door = setting.door();
    if (door != null && door.usedBefore(asked.request())) {
      door.used(asked.request().response(), asker);
      return true;
    }
    if (ordered != null && ordered != Order.Action.ADMIT) {
      boolean given = ordered == Order.Action.STALE && fromCache != null && fromCache.ready();
      if (!given) {
        asker.close();
      }
      return true;
    }
    IntoJournal journal = setting.journal();
    if (journal != null && ordered == null && journal.queuesBehind(asked)) {
      settling = true;
      journal.accept(asked, asker, "order", asker::journalFull);
      return true;
    }
    return fromCache != null && fromCache.before();
  }

  /**
   * No answer of the backend will come: gives another one, or lets the refusal be given.
   *
   * @param reason in one word: the law's, or what went wrong
   * @param sent whether the backend may have begun with the request
   * @param otherwise gives the refusal
   */
  public void refused(String reason, boolean sent, Runnable otherwise) {
    if (settling) {
      return;
    }
    boolean stale = fromCache != null && policy() == OnShed.STALE && fromCache.refused(reason);
    if (fromCache != null) {
      fromCache.land();
    }
    if (!stale) {
      other(reason, sent, otherwise);
    }
  }

  private void other(String reason, boolean sent, Runnable otherwise) {
    OpenDoor door = setting.door();
    IntoJournal journal = setting.journal();
    if (policy() == OnShed.FAIL_OPEN && door != null) {
      settling = true;
      door.open(asked.request(), asker, reason, otherwise);
    } else if (policy() == OnShed.JOURNAL && journal != null && journal.takes(asked, sent)) {
      settling = true;
      journal.accept(asked, asker, reason, otherwise);
    } else {
      otherwise.run();
    }
  }

  /** What the class does with what is refused; an operator's order wins. */
  private OnShed policy() {
    Order.Action ordered = setting.ordered();
    if (ordered == null) {
      return setting.onShed();
    }
    return switch (ordered) {
      case SHED, ADMIT -> OnShed.REJECT;
      case STALE -> OnShed.STALE;
      case FAIL_OPEN -> OnShed.FAIL_OPEN;
    };
  }

  /** The request is about to be sent, with those headers; they may be added to. */
  public void sending(MultiMap headers) {
    if (fromCache != null) {
      fromCache.sending(headers);
    }
  }

  /** Whether it has answered in place of that answer, which is not wanted then. */
  public boolean replaces(HttpClientResponse answer) {
    int status = answer.statusCode();
    if (cache != null && status < 400 && !SAFE.contains(asked.request().method().name())) {
      cache.invalidate(AnswerCache.key(asked.target().authority(), asked.target().uri()));
    }
    IntoJournal journal = setting.journal();
    boolean refused = status == 429 || status == 503;
    if (refused
        && policy() == OnShed.JOURNAL
        && journal != null
        && journal.takes(asked, status == 503)) {
      settling = true;
      journal.accept(asked, asker, "status-" + status, asker::journalFull);
      return true;
    }
    return fromCache != null && fromCache.replaces(answer, policy() == OnShed.STALE);
  }

  /** Whether that answer has to wait for {@link #accepted}: it accepts what may be used once. */
  public boolean guards(HttpClientResponse answer) {
    OpenDoor door = setting.door();
    return door != null && door.guards(asked.request(), answer.statusCode());
  }

  /**
   * Passes an answer on that {@link #guards} told of, now or later, or answers in its place.
   *
   * @param answer held back meanwhile; both go on with it
   * @param drop told if it is not wanted any more
   */
  public void accepted(HttpClientResponse answer, Runnable pass, Runnable drop) {
    OpenDoor door = requireNonNull(setting.door(), "door");
    // its body may come while the cluster is asked
    answer.pause();
    door.accepted(
        asked.request(),
        () -> (asker.over() ? drop : pass).run(),
        () -> {
          drop.run();
          if (!asker.over()) {
            door.used(asked.request().response(), asker);
          }
        });
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

  /** The client does not take what it is sent; or, if false, it does again. */
  public void held(boolean now) {
    if (fromCache != null) {
      fromCache.held(now);
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
