package io.trafficgovernor.admission.herd;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Splits a planned return into what the gateway waits before it answers and what the client is
 * told.
 *
 * <p>Retry-After knows whole seconds only, and that alone would bring a herd back in step, once a
 * second. So the refusal is held for the fraction of the second. How many are held at a time is
 * bounded; whoever holds one sets one timer, and no thread. Thread-safe.
 */
public final class HeldRefusals {
  /** Refusals a node holds at most. */
  public static final int MAX_HELD = 20_000;

  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final double GOLDEN = 0.6180339887498949;

  /** An answer must come well before the client gives up: by this part of the time-out. */
  private static final double LATEST_SHARE_OF_TIMEOUT = 0.7;

  private final int mostHeld;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicLong rounded = new AtomicLong();

  /** Holds at most that many at a time; 0 holds none. */
  public HeldRefusals(int mostHeld) {
    if (mostHeld < 0) {
      throw new IllegalArgumentException("held refusals: got " + mostHeld + ", allowed 0 or more");
    }
    this.mostHeld = mostHeld;
  }

  /**
   * How to tell a client when to come back.
   *
   * @param holdNanos how long to wait before the refusal is sent; if more than 0, {@link #released}
   *     must be called once it was sent or the client has left
   * @param retryAfterSeconds for clients that know whole seconds, at least 1
   * @param remainingNanos for clients that know better, counted from the sending
   */
  public record Telling(long holdNanos, long retryAfterSeconds, long remainingNanos) {}

  /**
   * How to tell the client of a request that was just refused; holds it if there is room.
   *
   * @param delayNanos when it should come back, from now, at least 1 s
   * @param arrivedNanos when the request came
   * @param timeoutNanos its class's time-out, from the arrival
   */
  public Telling tell(long delayNanos, long arrivedNanos, long timeoutNanos, long nowNanos) {
    long latest = (long) (LATEST_SHARE_OF_TIMEOUT * timeoutNanos) - (nowNanos - arrivedNanos);
    long most = Math.max(0, Math.min(SECOND_NANOS, latest));
    long seconds = delayNanos / SECOND_NANOS;
    // a short time-out leaves less than a second: the fractions are squeezed into it, evenly
    long hold = (long) ((double) (delayNanos % SECOND_NANOS) / SECOND_NANOS * most);
    if (hold > 0 && enter()) {
      return new Telling(hold, seconds, delayNanos - hold);
    }
    return new Telling(0, roundedSeconds(delayNanos), delayNanos);
  }

  private boolean enter() {
    if (held.incrementAndGet() <= mostHeld) {
      return true;
    }
    held.decrementAndGet();
    return false;
  }

  /** Up or down, so that the mean is right and the clients are not all told the same. */
  private long roundedSeconds(long delayNanos) {
    double dither = rounded.incrementAndGet() * GOLDEN % 1.0;
    return (long) (delayNanos / (double) SECOND_NANOS + dither);
  }

  /** A held refusal was sent, or its client has left. */
  public void released() {
    held.decrementAndGet();
  }

  /** How many are held now. */
  public int held() {
    return held.get();
  }
}
