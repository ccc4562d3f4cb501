package io.trafficgovernor.loadtest.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What one system's clients do.
 *
 * @param name unique
 * @param className class of its requests
 * @param share its part of all first attempts, in (0, 1)
 * @param writes whether it sends PUT with a small body instead of GET
 * @param timeout after which a client gives up an attempt, counted from the planned instant
 * @param retries further attempts after a failed one; 0 to {@value #RETRIES_LIMIT}
 * @param backoff pause before the first retry, times U(0.5, 1.5); doubles with each
 */
public record SystemTraffic(
    String name,
    String className,
    double share,
    boolean writes,
    Duration timeout,
    int retries,
    Duration backoff) {
  /** No system may retry more often. */
  public static final int RETRIES_LIMIT = 10;

  public SystemTraffic {
    requireNonNull(name, "name");
    requireNonNull(className, "className");
    requireNonNull(timeout, "timeout");
    requireNonNull(backoff, "backoff");
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "share of " + name + ": got " + share + ", allowed more than 0 and less than 1");
    }
    if (retries < 0 || retries > RETRIES_LIMIT) {
      throw new IllegalArgumentException(
          "retries of " + name + ": got " + retries + ", allowed 0 to " + RETRIES_LIMIT);
    }
  }

  /** The same clients without any further attempt. */
  SystemTraffic once() {
    return new SystemTraffic(name, className, share, writes, timeout, 0, backoff);
  }
}
