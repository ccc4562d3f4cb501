package io.trafficgovernor.answers.stale;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.stale.KeptAnswer.Moment;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The answers a node keeps, at most so many bytes of them; those that are asked for often stay. One
 * for all event loops; thread-safe, and nothing here waits for anything but a short lock of one
 * entry.
 *
 * <p>It holds what the backend said to this node. It is not shared with other nodes and not kept
 * across a restart, so a write that another node forwarded leaves an entry here as it is until it
 * is stale.
 */
public final class AnswerCache {
  /** Answers for one target that differ by what Vary names. */
  private static final int MAX_VARIANTS = 8;

  /** A quarter of the cache may be answers that are still coming in. */
  private static final int INCOMING_SHARE = 4;

  private static final int MAX_ALONE = 10_000;
  private static final Duration ALONE_FOR = Duration.ofSeconds(10);

  private final Ticker ticker;
  private final WallClock wall;
  private final Limits limits;
  private final Set<String> sessionFields;
  private final Cache<String, List<KeptAnswer>> kept;
  private final Cache<String, Boolean> alone;
  private final Flights flights = new Flights();
  private final AtomicLong incoming = new AtomicLong();

  /**
   * How large it may become, in bytes.
   *
   * @param total of everything kept, what is still coming in counted on top by a quarter at most
   * @param answer of one body
   */
  public record Limits(long total, int answer) {}

  /**
   * A cache without an entry.
   *
   * @param sessionFields names of headers by which the configuration tells clients apart
   */
  public AnswerCache(Limits limits, Set<String> sessionFields, Ticker ticker, WallClock wall) {
    this.limits = requireNonNull(limits, "limits");
    this.sessionFields = Set.copyOf(sessionFields);
    this.ticker = requireNonNull(ticker, "ticker");
    this.wall = requireNonNull(wall, "wall");
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(limits.total())
            .weigher((String key, List<KeptAnswer> answers) -> weight(key, answers))
            .executor(Runnable::run)
            .build();
    this.alone =
        Caffeine.newBuilder()
            .maximumSize(MAX_ALONE)
            .expireAfterWrite(ALONE_FOR)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  private static int weight(String key, List<KeptAnswer> answers) {
    long bytes = 2L * key.length();
    for (KeptAnswer each : answers) {
      bytes += each.bytes();
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  /** What a target is kept under; hosts differ in nothing but case. */
  public static String key(String authority, String uri) {
    return authority.toLowerCase(java.util.Locale.ROOT) + uri;
  }

  /** What a request lets this cache do for it. */
  public Wish wish(String method, MultiMap headers) {
    return Wish.of(method, headers, sessionFields);
  }

  /** This instant. */
  public Moment now() {
    return new Moment(ticker.nanos(), wall.millis());
  }

  /** The latest answer that fits the request, fresh or not. */
  public Optional<KeptAnswer> find(String key, Wish wish) {
    List<KeptAnswer> answers = kept.getIfPresent(key);
    if (answers != null) {
      for (KeptAnswer each : answers) {
        if (each.selectedBy(wish)) {
          return Optional.of(each);
        }
      }
    }
    return Optional.empty();
  }

  /** What may be given without asking the backend. */
  public Optional<KeptAnswer> fresh(String key, Wish wish) {
    Moment now = now();
    return find(key, wish).filter(answer -> answer.freshFor(wish, now));
  }

  /** What may be given because the backend cannot be asked. */
  public Optional<KeptAnswer> usable(String key, Wish wish, double maxStaleSeconds) {
    Moment now = now();
    return find(key, wish).filter(answer -> answer.usableFor(wish, maxStaleSeconds, now));
  }

  /** What may be given while somebody else asks the backend. */
  public Optional<KeptAnswer> meanwhile(String key, Wish wish, double maxStaleSeconds) {
    Moment now = now();
    return flights.underWay(key)
        ? find(key, wish).filter(answer -> answer.usableMeanwhile(wish, maxStaleSeconds, now))
        : Optional.empty();
  }

  /** Who asks the backend for what others want as well. */
  public Flights flights() {
    return flights;
  }

  /** Whether answers for that target were not for sharing lately, so that nobody waits for one. */
  public boolean goesAlone(String key) {
    return alone.getIfPresent(key) != null;
  }

  /** Its last answer was not for sharing. */
  public void sendAlone(String key) {
    alone.put(key, true);
  }

  /**
   * Begins to take in an answer; empty if it may not be kept or there is no room for it.
   *
   * @param headers end to end; handed over
   * @param asked when the request was sent
   * @param length of the body in bytes; -1 if it is not known
   */
  public Optional<Incoming> begin(
      String key, Wish wish, int status, MultiMap headers, Moment asked, long length) {
    boolean fits = length <= limits.answer() && incoming.get() < limits.total() / INCOMING_SHARE;
    if (!fits || !KeepRule.mayKeep(wish, status, headers)) {
      return Optional.empty();
    }
    return Optional.of(new Incoming(key, wish, status, headers, asked, now()));
  }

  private void keep(String key, KeptAnswer answer) {
    kept.asMap()
        .compute(
            key,
            (same, old) -> {
              List<KeptAnswer> all = new ArrayList<>();
              all.add(answer);
              for (KeptAnswer each : old == null ? List.<KeptAnswer>of() : old) {
                if (!each.sameSelection(answer) && all.size() < MAX_VARIANTS) {
                  all.add(each);
                }
              }
              return List.copyOf(all);
            });
  }

  /** The backend has confirmed it by a 304 with those headers: it is as good as new. */
  public KeptAnswer confirm(String key, KeptAnswer answer, MultiMap news, Moment asked) {
    KeptAnswer confirmed = answer.confirmed(news, asked, now());
    keep(key, confirmed);
    return confirmed;
  }

  /** A write went through: what is kept of its target is no longer so. RFC 9111 section 4.4. */
  public void invalidate(String key) {
    kept.invalidate(key);
  }

  /** Bytes of everything kept. */
  public long bytes() {
    kept.cleanUp();
    return kept.policy()
        .eviction()
        .flatMap(policy -> policy.weightedSize().stream().boxed().findAny())
        .orElse(0L);
  }

  /** An answer that is coming in. Confined to one event loop. */
  public final class Incoming {
    private final String key;
    private final Wish wish;
    private final int status;
    private final MultiMap headers;
    private final Moment asked;
    private final Moment received;
    private final Buffer body = Buffer.buffer();
    private boolean over;

    private Incoming(
        String key, Wish wish, int status, MultiMap headers, Moment asked, Moment received) {
      this.key = key;
      this.wish = wish;
      this.status = status;
      this.headers = headers;
      this.asked = asked;
      this.received = received;
    }

    /** A part of the body; too much of it ends the taking in. */
    public void add(Buffer chunk) {
      if (over) {
        return;
      }
      long all = incoming.addAndGet(chunk.length());
      body.appendBuffer(chunk);
      if (body.length() > limits.answer() || all > limits.total() / INCOMING_SHARE) {
        drop();
      }
    }

    /** Whether it will be fresh, so that others may wait for it. */
    public boolean sharedWhenWhole() {
      CacheControl control = CacheControl.of(headers.getAll(HttpHeaders.CACHE_CONTROL));
      return !control.has("no-cache")
          && KeepRule.freshSeconds(headers, control, received.wallMillis()) > 0;
    }

    /** The body is whole: from now on the answer is kept. */
    public void complete() {
      if (!over) {
        drop();
        keep(key, new KeptAnswer(wish, status, headers, body, asked, received));
      }
    }

    /** It will not be kept. Idempotent. */
    public void drop() {
      if (!over) {
        over = true;
        incoming.addAndGet(-body.length());
      }
    }
  }
}
