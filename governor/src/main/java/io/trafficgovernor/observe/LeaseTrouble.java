package io.trafficgovernor.observe;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why this node has no lease, from the first renewal without one to the next lease. It is told
 * again and again, more and more seldom, for whoever reads a log later sees only its end: after 10
 * s, 20 s, 40 s and every minute; a new reason after half that time, for two can take turns.
 *
 * <p>Written by one thread; {@link #present} may be asked by any.
 */
public final class LeaseTrouble {
  private static final long SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long FIRST_GAP_NANOS = 10 * SECOND;
  private static final long LONGEST_GAP_NANOS = 60 * SECOND;

  private volatile Optional<Present> present = Optional.empty();
  private String told = "";
  private long gapNanos;
  private long toldNanos;

  /**
   * What is the matter now.
   *
   * @param why in words, the latest
   * @param sinceNanos when the first renewal was in vain
   * @param renewals that were in vain since
   */
  public record Present(String why, long sinceNanos, long renewals) {
    public Present {
      requireNonNull(why, "why");
    }

    private Present again(String latest) {
      return new Present(latest, sinceNanos, renewals + 1);
    }
  }

  /** As the status tells it: why, since when, how often; null if nothing is the matter. */
  public static @Nullable JsonObject shown(Optional<Present> present, long nowNanos) {
    return present
        .map(
            each ->
                new JsonObject()
                    .put("why", each.why())
                    .put("for_ms", (nowNanos - each.sinceNanos()) / NANOS_PER_MILLI)
                    .put("renewals", each.renewals()))
        .orElse(null);
  }

  /** What is the matter now; empty while there is a lease, or none was asked for yet. */
  public Optional<Present> present() {
    return present;
  }

  /**
   * A renewal was in vain.
   *
   * @param patienceNanos nothing is told before, if nothing has been told yet
   * @return the line to tell, if it is time for one
   */
  Optional<String> came(String why, long patienceNanos, long nowNanos) {
    Present now =
        present.map(each -> each.again(why)).orElseGet(() -> new Present(why, nowNanos, 1));
    present = Optional.of(now);
    boolean first = told.isEmpty();
    long sinceNanos = first ? nowNanos - now.sinceNanos() : nowNanos - toldNanos;
    long due = first ? patienceNanos : why.equals(told) ? gapNanos : gapNanos / 2;
    if (sinceNanos < due) {
      return Optional.empty();
    }
    gapNanos = first ? FIRST_GAP_NANOS : Math.min(LONGEST_GAP_NANOS, 2 * gapNanos);
    toldNanos = nowNanos;
    told = why;
    return Optional.of(
        now.renewals() == 1
            ? "no lease: " + why
            : "no lease for %s, %d renewals in vain: %s"
                .formatted(seconds(nowNanos - now.sinceNanos()), now.renewals(), why));
  }

  /**
   * There is a lease.
   *
   * @return the line to tell, if the trouble was told
   */
  Optional<String> ended(long nowNanos) {
    Optional<String> line =
        present
            .filter(each -> !told.isEmpty())
            .map(
                each ->
                    "a lease again after %s, %d renewals in vain"
                        .formatted(seconds(nowNanos - each.sinceNanos()), each.renewals()));
    present = Optional.empty();
    told = "";
    return line;
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / (double) SECOND);
  }
}
