package io.trafficgovernor.gateway.comeback;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.herd.HeldRefusals;
import io.trafficgovernor.admission.herd.ReturnTickets;
import io.trafficgovernor.admission.herd.ReturnTickets.Holder;
import io.trafficgovernor.runtime.Alarms;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends refusals: holds each for the fraction of the second in which its client is to come back,
 * and makes the hints. A held refusal costs one alarm of its event loop; how many there are is
 * bounded for the node. Confined to its event loop.
 */
public final class Refusals {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** Below that, alarms ring together anyway. */
  private static final long WORTH_HOLDING_NANOS = 2_000_000L;

  private final Alarms alarms;
  private final HeldRefusals held;
  private final ReturnTickets tickets;
  private final WallClock wall;

  /** Refusals of one event loop; {@code held} is the node's. */
  public Refusals(Alarms alarms, HeldRefusals held, ReturnTickets tickets, WallClock wall) {
    this.alarms = requireNonNull(alarms, "alarms");
    this.held = requireNonNull(held, "held");
    this.tickets = requireNonNull(tickets, "tickets");
    this.wall = requireNonNull(wall, "wall");
  }

  /**
   * Whom a refusal is for.
   *
   * @param holder of the ticket; null if there is no lease to sign under
   * @param grpc whether the client speaks gRPC
   * @param arrivedNanos when the request came
   * @param timeoutNanos its class's time-out, from the arrival
   */
  public record Refused(
      @Nullable Holder holder, boolean grpc, long arrivedNanos, long timeoutNanos) {}

  /** A refusal on its way to the client. */
  @FunctionalInterface
  public interface Pending {
    /** Holds nothing. */
    Pending SENT = () -> {};

    /** The client has left: it will not be sent. Idempotent. */
    void forget();
  }

  /**
   * Sends a refusal, now or within a second.
   *
   * @param delayNanos when the client should come back, from now
   * @param send told the hints when it is time, on this event loop, once at most
   */
  public Pending refuse(Refused refused, long delayNanos, long nowNanos, Consumer<Hints> send) {
    HeldRefusals.Telling telling =
        held.tell(delayNanos, refused.arrivedNanos(), refused.timeoutNanos(), nowNanos);
    Hints hints = hints(refused, telling);
    if (telling.holdNanos() < WORTH_HOLDING_NANOS) {
      if (telling.holdNanos() > 0) {
        held.released();
      }
      send.accept(hints);
      return Pending.SENT;
    }
    return new Held(nowNanos + telling.holdNanos(), hints, send);
  }

  /** One that waits for its time. */
  private final class Held implements Pending {
    private final Hints hints;
    private final Consumer<Hints> send;
    private final Alarms.Alarm alarm;
    private boolean over;

    private Held(long atNanos, Hints hints, Consumer<Hints> send) {
      this.hints = hints;
      this.send = send;
      this.alarm = alarms.at(atNanos, this::send);
    }

    private void send() {
      over = true;
      held.released();
      send.accept(hints);
    }

    @Override
    public void forget() {
      if (!over) {
        over = true;
        alarm.cancel();
        held.released();
      }
    }
  }

  private Hints hints(Refused refused, HeldRefusals.Telling telling) {
    long millis = telling.remainingNanos() / NANOS_PER_MILLI;
    Holder holder = refused.holder();
    String ticket = "";
    if (holder != null) {
      // whoever knows whole seconds only must not be too early for his ticket
      long soonest = Math.min(millis, telling.retryAfterSeconds() * 1000);
      long sentMillis = telling.holdNanos() / NANOS_PER_MILLI;
      ticket = tickets.issue(holder, wall.millis() + sentMillis + soonest);
    }
    return new Hints(telling.retryAfterSeconds(), millis, refused.grpc(), ticket);
  }
}
