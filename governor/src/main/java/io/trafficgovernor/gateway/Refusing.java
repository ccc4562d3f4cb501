package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.herd.ReturnTickets;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.gateway.comeback.Hints;
import io.trafficgovernor.gateway.comeback.Refusals;
import io.trafficgovernor.gateway.instead.Asker;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the client of one request when to come back. Confined to its event loop. */
final class Refusing {
  private final Loop loop;
  private final HttpServerRequest request;
  private final Arrival arrival;
  private final Asker asker;
  private final Consumer<Future<Void>> answered;
  private Refusals.Pending pending = Refusals.Pending.SENT;

  /**
   * For one request.
   *
   * @param answered told of each answer, which is done when its last byte has been written
   */
  Refusing(
      Loop loop,
      HttpServerRequest request,
      Arrival arrival,
      Asker asker,
      Consumer<Future<Void>> answered) {
    this.loop = loop;
    this.request = request;
    this.arrival = arrival;
    this.asker = asker;
    this.answered = answered;
  }

  /** Tells that the law refuses it. */
  void shed(Decision.Shed shed) {
    boolean gated = shed.reason() == ShedReason.GATE;
    String waitsFor = gated ? loop.admission().blockedBy(arrival.rank()) : "";
    refuse(
        shed.retryAfterNanos(),
        hints ->
            answered.accept(
                loop.answers().shed(request, arrival.rank(), shed.reason(), waitsFor, hints)));
  }

  /** Tells that the backend did not answer it, or the journal had no room. */
  void failed(ShedResponse.Failed failed) {
    if (failed.comeBack()) {
      refuse(returnNanos(), hints -> answer(failed, hints));
    } else if (!asker.over()) {
      asker.prepare();
      answer(failed, null);
    }
  }

  private void answer(ShedResponse.Failed failed, @Nullable Hints hints) {
    answered.accept(loop.answers().failed(request, arrival.rank(), failed, hints));
  }

  /**
   * Tells that its tenant has used up its quota. The law knows nothing of it: it is no demand.
   *
   * @param waitNanos until there may be enough again
   */
  void overQuota(long waitNanos) {
    refuse(
        waitNanos,
        hints -> answered.accept(loop.answers().overQuota(request, arrival.rank(), hints)));
  }

  /** A refusal of this gateway, in the law's words. */
  Decision.Shed because(ShedReason reason) {
    return new Decision.Shed(reason, returnNanos());
  }

  /** When to come back, in nanoseconds from now, after a refusal that is not the law's. */
  long returnNanos() {
    return loop.admission().retryAfterNanos(arrival, 0, loop.ticker().nanos());
  }

  /** Writes a refusal, now or within a second, unless the client has left by then. */
  private void refuse(long delayNanos, Consumer<Hints> write) {
    if (asker.over()) {
      return;
    }
    OptionalLong salt = loop.admission().incidentSalt();
    ReturnTickets.Holder holder =
        salt.isEmpty()
            ? null
            : new ReturnTickets.Holder(arrival.rank(), arrival.sessionHash(), salt.getAsLong());
    long timeoutNanos = loop.classes().at(arrival.rank()).timeoutNanos();
    pending =
        loop.refusals()
            .refuse(
                new Refusals.Refused(
                    holder,
                    ShedResponse.heedsPushback(request),
                    arrival.arrivedNanos(),
                    timeoutNanos),
                delayNanos,
                loop.ticker().nanos(),
                hints -> {
                  if (!asker.over()) {
                    asker.prepare();
                    write.accept(hints);
                  }
                });
  }

  /** The client has left. */
  void forget() {
    pending.forget();
  }
}
