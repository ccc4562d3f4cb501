package io.trafficgovernor.cluster.quota;

import java.util.concurrent.CompletionStage;

/** Where all nodes take a tenant's tokens from. Thread-safe; never blocks. */
@FunctionalInterface
public interface QuotaGrid {
  /**
   * Takes tokens of a tenant. What nobody remembers any more begins empty.
   *
   * @param owed tokens that were used already without having been taken; 0 or more
   * @param wish most tokens to be taken besides; 0 or more
   * @return how many were taken, 0 to {@code wish}; fails if the grid does not answer, and then
   *     they may have been taken or not
   */
  CompletionStage<Long> take(String tenant, Quota quota, long owed, long wish);
}
