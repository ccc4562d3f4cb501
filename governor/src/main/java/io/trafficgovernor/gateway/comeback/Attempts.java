package io.trafficgovernor.gateway.comeback;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.herd.ReturnTickets;
import io.trafficgovernor.admission.herd.SeenKeys;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.request.Attempt;
import io.trafficgovernor.gateway.head.Classifier;
import io.vertx.core.MultiMap;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Tells first attempts from retries by what requests say of themselves. Confined to its event loop.
 */
public final class Attempts {
  /** Carries a ticket, in the refusal and in the request that comes back with it. */
  public static final String TICKET = "X-Return-Ticket";

  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final ReturnTickets tickets;
  private final SeenKeys seen;
  private final WallClock wall;

  /** By those tickets, and those keys of the whole node. */
  public Attempts(ReturnTickets tickets, SeenKeys seen, WallClock wall) {
    this.tickets = requireNonNull(tickets, "tickets");
    this.seen = requireNonNull(seen, "seen");
    this.wall = requireNonNull(wall, "wall");
  }

  /**
   * Which try the request is. A ticket that is early, late, forged or of another incident says only
   * that it is a retry.
   *
   * @param incidentSalt of the lease at hand; empty before the first
   */
  public Attempt of(
      MultiMap headers,
      int rank,
      long sessionHash,
      Supplier<OptionalLong> incidentSalt,
      long nowNanos) {
    boolean repeated = repeated(headers, sessionHash, nowNanos);
    String ticket = headers.get(TICKET);
    if (ticket != null) {
      OptionalLong salt = incidentSalt.get();
      boolean due =
          salt.isPresent()
              && tickets.due(
                  ticket,
                  new ReturnTickets.Holder(rank, sessionHash, salt.getAsLong()),
                  wall.millis());
      return due ? Attempt.CALLED_BACK : Attempt.RETRY;
    }
    return repeated || !Classifier.firstAttempt(headers) ? Attempt.RETRY : Attempt.FIRST;
  }

  private boolean repeated(MultiMap headers, long sessionHash, long nowNanos) {
    String key = headers.get(IDEMPOTENCY_KEY);
    return key != null && seen.seen(SessionKey.hash(key) ^ sessionHash, nowNanos);
  }
}
