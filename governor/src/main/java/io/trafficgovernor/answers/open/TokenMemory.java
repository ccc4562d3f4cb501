package io.trafficgovernor.answers.open;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Since when the cluster remembers all one-time tokens of a class. The grid holds a mark beside
 * them. Where there is none it is put, as of now: the grid is new, or has lost it. A mark may
 * outlive tokens that lay elsewhere; so each node that hears of a loss puts it forward, as soon as
 * it can, and tells the later time itself meanwhile. The mark never goes back.
 *
 * <p>Times are wall clock, in milliseconds, of whichever node put the mark. Thread-safe; never
 * blocks.
 */
public final class TokenMemory {
  /** Marks of several nodes for one loss are that close together, and are told as one. */
  private static final long ONE_LOSS_MILLIS = 5_000;

  private final Duration remember;
  private final Mark mark;
  private final WallClock wall;
  private final Runnable forgotten;
  private final AtomicBoolean looking = new AtomicBoolean();
  private long sinceMillis;
  private long heardMillis;
  private long toldMillis;
  private long losses;

  /** Where the mark stands. Never blocks. */
  public interface Mark {
    /** The mark; empty if there is none. Fails if that cannot be known. */
    CompletionStage<Optional<Long>> read();

    /**
     * Puts another one in its place.
     *
     * @param seen what must be there; empty if nothing may be
     * @return whether it was there, and has been replaced
     */
    CompletionStage<Boolean> replace(Optional<Long> seen, long millis);
  }

  /**
   * Nothing is known yet.
   *
   * @param remember how long a token is remembered
   * @param forgotten told when some were lost, once for each loss, on the thread that found out
   */
  public TokenMemory(Duration remember, Mark mark, WallClock wall, Runnable forgotten) {
    this.remember = requireNonNull(remember, "remember");
    this.mark = requireNonNull(mark, "mark");
    this.wall = requireNonNull(wall, "wall");
    this.forgotten = requireNonNull(forgotten, "forgotten");
  }

  /** The grid has lost a part of what it held. */
  public void lost() {
    long now = wall.millis();
    synchronized (this) {
      heardMillis = Math.max(heardMillis, now);
    }
    known(now, true);
  }

  /** Looks at the mark, and sees to it that it is right; to be called again and again. */
  public void look() {
    if (looking.compareAndSet(false, true)) {
      var unused = looked().whenComplete((done, failure) -> looking.set(false));
    }
  }

  private CompletionStage<Boolean> looked() {
    try {
      return mark.read().thenCompose(this::righted);
    } catch (RuntimeException away) {
      return CompletableFuture.failedFuture(away);
    }
  }

  private CompletionStage<Boolean> righted(Optional<Long> seen) {
    long least = heard();
    long right = seen.isEmpty() ? Math.max(least, wall.millis()) : Math.max(least, seen.get());
    if (seen.isPresent() && seen.get() == right) {
      known(right, false);
      return CompletableFuture.completedStage(true);
    }
    return mark.replace(seen, right)
        .thenApply(
            done -> {
              if (done) {
                known(right, false);
              }
              return done;
            });
  }

  private synchronized long heard() {
    return heardMillis;
  }

  /** Told outside of the lock: whoever is told may ask. */
  private void known(long millis, boolean loss) {
    boolean tell;
    synchronized (this) {
      boolean first = sinceMillis == 0;
      sinceMillis = Math.max(sinceMillis, millis);
      tell = (loss || !first) && sinceMillis - toldMillis > ONE_LOSS_MILLIS;
      if (tell || first) {
        toldMillis = sinceMillis;
      }
      losses += tell ? 1 : 0;
    }
    if (tell) {
      forgotten.run();
    }
  }

  /** Since when all that were accepted are remembered; empty if that is not known yet. */
  public synchronized OptionalLong sinceMillis() {
    return sinceMillis == 0 ? OptionalLong.empty() : OptionalLong.of(sinceMillis);
  }

  /** Whether no token is missing that should still be remembered; false if that is not known. */
  public synchronized boolean whole() {
    return sinceMillis > 0 && wall.millis() - sinceMillis >= remember.toMillis();
  }

  /** When it will be whole again, if nothing more is lost; empty if that is not known. */
  public OptionalLong wholeAtMillis() {
    OptionalLong since = sinceMillis();
    return since.isEmpty() ? since : OptionalLong.of(since.getAsLong() + remember.toMillis());
  }

  /** How often this node has found that some were lost. */
  public synchronized long losses() {
    return losses;
  }
}
