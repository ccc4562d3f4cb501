package io.trafficgovernor.gateway.head;

import static java.util.Objects.requireNonNull;

import io.vertx.core.MultiMap;
import java.util.Optional;

/** Whose quota a request takes from, and whether there is enough of it. Thread-safe. */
public final class TenantDoor {
  /** Nobody has a quota. */
  public static final TenantDoor OPEN = new TenantDoor();

  /** Longer names count by their beginning: what is kept of a client's words has a bound. */
  private static final int LONGEST_NAME = 128;

  /** Who keeps the accounts. Thread-safe; never waits. */
  @FunctionalInterface
  public interface Toll {
    /**
     * Takes tokens of a tenant.
     *
     * @return 0 if there were enough; else in how many nanoseconds there may be
     */
    long take(String tenant, int cost, long nowNanos);
  }

  private final String header;
  private final Optional<Toll> toll;

  private TenantDoor() {
    this.header = "";
    this.toll = Optional.empty();
  }

  /**
   * Looks at one header.
   *
   * @param header whose value names the tenant
   */
  public TenantDoor(String header, Toll toll) {
    this.header = requireNonNull(header, "header");
    this.toll = Optional.of(toll);
  }

  /**
   * Takes what the request costs.
   *
   * @return 0 if it may go on; else in how many nanoseconds it may come back
   */
  public long take(MultiMap headers, int cost, long nowNanos) {
    if (toll.isEmpty()) {
      return 0;
    }
    String tenant = headers.get(header);
    if (tenant == null || tenant.isEmpty()) {
      return 0;
    }
    String name = tenant.length() <= LONGEST_NAME ? tenant : tenant.substring(0, LONGEST_NAME);
    return toll.get().take(name, cost, nowNanos);
  }
}
