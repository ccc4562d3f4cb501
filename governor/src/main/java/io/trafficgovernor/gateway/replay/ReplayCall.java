package io.trafficgovernor.gateway.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.answers.journal.JournaledWrite;
import io.trafficgovernor.answers.journal.Receipt.State;
import io.trafficgovernor.answers.journal.WriteJournal.Delivery;
import io.trafficgovernor.gateway.head.Onward;
import io.trafficgovernor.gateway.origin.OriginCall;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One delivery of one journaled write. Confined to its event loop. */
final class ReplayCall implements OriginCall.Side {
  /** Answers of the kind 4xx that say nothing about the write itself. */
  private static final Set<Integer> NOT_NOW = Set.of(408, 425, 429);

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Delivery delivery;
  private final Vertx vertx;
  private final boolean sentStamp;
  private final Consumer<MultiMap> claim;
  private final Over told;
  private @Nullable OriginCall call;
  private long timer = -1;
  private boolean over;

  /** Told once how it went. */
  @FunctionalInterface
  interface Over {
    void over(Delivery delivery, boolean answered);
  }

  /**
   * A delivery that has not begun.
   *
   * @param claim says in its headers of which class it is
   */
  ReplayCall(
      Delivery delivery, Vertx vertx, boolean sentStamp, Consumer<MultiMap> claim, Over told) {
    this.delivery = requireNonNull(delivery, "delivery");
    this.vertx = requireNonNull(vertx, "vertx");
    this.sentStamp = sentStamp;
    this.claim = requireNonNull(claim, "claim");
    this.told = requireNonNull(told, "told");
  }

  void begin(OriginCall to, long timeoutNanos) {
    call = to;
    timer =
        vertx.setTimer(Math.max(1, timeoutNanos / NANOS_PER_MILLI), ignored -> deadlinePassed());
    to.begin();
  }

  private void deadlinePassed() {
    if (!over) {
      requireNonNull(call, "begun").timeOut();
      end(false);
    }
  }

  @Override
  public void write(HttpClientRequest out, long sentNanos) {
    JournaledWrite write = delivery.write();
    out.setMethod(HttpMethod.valueOf(write.method())).setURI(write.uri());
    MultiMap headers = out.headers();
    for (Map.Entry<String, String> each : write.headers()) {
      headers.add(each.getKey(), each.getValue());
    }
    Onward.fit(headers, out);
    claim.accept(headers);
    Onward.stamp(out, sentStamp, sentNanos);
    requireNonNull(call, "begun").uploaded();
    var unused = out.end(write.body());
  }

  @Override
  public void answered(HttpClientResponse response, Outcome outcome, long latencyNanos) {
    int status = response.statusCode();
    requireNonNull(call, "begun").discard(response);
    if (over) {
      return;
    }
    if (status < 400) {
      delivery.done(State.DELIVERED, status);
      end(true);
    } else if (status < 500 && !NOT_NOW.contains(status)) {
      delivery.done(State.REFUSED, status);
      end(true);
    } else {
      end(false);
    }
  }

  @Override
  public void leaseEnded() {
    end(false);
  }

  @Override
  public void failed(Outcome outcome) {
    end(false);
  }

  /** The journal's own next try does that. */
  @Override
  public boolean again() {
    return false;
  }

  @Override
  public void noConnection(boolean slowly) {
    end(false);
  }

  private void end(boolean answered) {
    if (!over) {
      over = true;
      vertx.cancelTimer(timer);
      told.over(delivery, answered);
    }
  }

  @Override
  public boolean upgrades() {
    return false;
  }

  @Override
  public void proceed() {}

  @Override
  public void hints(MultiMap headers) {}
}
