package io.trafficgovernor.answers.open;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.trafficgovernor.admission.Ticker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sees to it that a token that was accepted without the backend is not accepted a second time, in
 * the whole cluster, for as long as it is remembered. It asks the cluster's book before it accepts;
 * what it cannot know it does not accept. Tokens are known by 128 bits of their SHA-256.
 *
 * <p>A copy of the book is kept here, bounded; it refuses what is in it at once, and also after the
 * door has closed. Thread-safe; never blocks.
 */
public final class OneTimeGuard {
  private static final int HASH_BYTES = 16;

  /** So long after a sign of an open door, here or elsewhere, the book is waited for. */
  private static final long LATELY_NANOS = 60_000_000_000L;

  private final TokenBook book;
  private final Ticker ticker;
  private final Cache<String, By> known;
  private volatile boolean everOpen;
  private volatile long openNanos;

  /** Who has accepted a token. */
  public enum By {
    /** A gateway, without the backend: the backend would take it once more. */
    GATEWAY,
    /** The backend, which knows so itself when it is asked. */
    BACKEND
  }

  /** What the guard says of a token. */
  public enum Verdict {
    /** Nobody has shown it before. */
    FIRST,
    /** It was shown before. */
    SEEN,
    /** The cluster cannot be asked. */
    UNKNOWN
  }

  /**
   * A guard that knows nothing yet.
   *
   * @param most tokens in the copy
   * @param remember how long a token is known
   */
  public OneTimeGuard(TokenBook book, long most, Duration remember, Ticker ticker) {
    this.book = requireNonNull(book, "book");
    this.ticker = requireNonNull(ticker, "ticker");
    this.known =
        Caffeine.newBuilder()
            .maximumSize(most)
            .expireAfterWrite(remember)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
  }

  /** What a token of a class is known by. */
  public static String hash(String className, String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(className.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      byte[] all = digest.digest(token.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(all, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** It was accepted through another node. */
  public void learn(String hash, By by) {
    if (by == By.GATEWAY) {
      doorIsOpen();
    }
    var unused =
        known.asMap().merge(hash, by, (before, now) -> before == By.GATEWAY ? before : now);
  }

  private void doorIsOpen() {
    openNanos = ticker.nanos();
    everOpen = true;
  }

  private boolean openLately() {
    return everOpen && ticker.nanos() - openNanos < LATELY_NANOS;
  }

  /** Whether this node knows that it was accepted without the backend. */
  public boolean seen(String className, String token) {
    return known.estimatedSize() > 0 && known.getIfPresent(hash(className, token)) == By.GATEWAY;
  }

  /**
   * The backend has accepted it: whether that may be passed on, because nobody has accepted it
   * without the backend meanwhile. It is not accepted once more while the backend is away: known on
   * this node from now on, on the others as soon as the grid has told them.
   *
   * <p>The cluster is waited for only while a door was open lately; if it cannot be asked the
   * backend is believed.
   */
  public CompletionStage<Boolean> live(String className, String token) {
    String hash = hash(className, token);
    By before = known.asMap().putIfAbsent(hash, By.BACKEND);
    if (before != null) {
      return CompletableFuture.completedStage(before == By.BACKEND);
    }
    CompletionStage<Boolean> noted =
        book.live(hash)
            .handle(
                (unused, failure) -> {
                  boolean used = failure == null && !unused;
                  if (used) {
                    learn(hash, By.GATEWAY);
                  }
                  return !used;
                });
    return openLately() ? noted : CompletableFuture.completedStage(true);
  }

  /**
   * Whether a token may be accepted. It counts as used from now on, unless the cluster could not be
   * asked: then it may be shown again.
   */
  public CompletionStage<Verdict> show(String className, String token) {
    doorIsOpen();
    String hash = hash(className, token);
    if (known.asMap().putIfAbsent(hash, By.GATEWAY) != null) {
      return CompletableFuture.completedStage(Verdict.SEEN);
    }
    return book.first(hash)
        .handle(
            (first, failure) -> {
              if (failure != null) {
                known.invalidate(hash);
                return Verdict.UNKNOWN;
              }
              return first ? Verdict.FIRST : Verdict.SEEN;
            });
  }
}
