package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.gateway.comeback.Replays;
import io.trafficgovernor.gateway.fallback.Store;
import io.trafficgovernor.gateway.head.Classifier;
import io.trafficgovernor.gateway.head.EndToEnd;
import io.trafficgovernor.gateway.head.Onward;
import io.trafficgovernor.gateway.head.RequestTarget;
import io.trafficgovernor.gateway.instead.Asker;
import io.trafficgovernor.gateway.instead.Instead;
import io.trafficgovernor.gateway.origin.OriginCall;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, from its head to the end of its answer: classify, decide, forward,
 * answer. Read it from the top: the methods stand in the order in which a request passes them.
 * Confined to its event loop, but for the waiter that tells a late decision.
 */
final class Exchange implements OriginCall.Side, AnswerRelay.Listener, Asker {
  private final Loop loop;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestTarget target;
  private final RequestBody body;
  private final Rest rest;
  private final Arrival arrival;
  private final Deadline deadline;
  private final Refusing refusing;
  private final Instead instead;
  private @Nullable OriginCall call;
  private Store store;
  private Decision.@Nullable Shed firstShed;
  private final Tunnel.Place socket;
  private boolean gone;
  private boolean done;
  private boolean answering;
  private boolean resent;

  private Exchange(
      Loop loop,
      HttpServerRequest request,
      RequestTarget target,
      Classifier.Kind kind,
      long nowNanos) {
    this.loop = loop;
    this.request = request;
    this.response = request.response();
    this.socket = loop.sockets().of(request);
    this.target = target;
    this.store = loop.stores().first();
    this.body = new RequestBody(request, loop.ticker());
    this.rest = new Rest(loop.clients(), request, body);
    this.arrival = loop.arrival(request, kind, nowNanos, this::decidedLater);
    long session = arrival.sessionHash();
    Deadline.Bounds bounds = new Deadline.Bounds(nowNanos, timeoutNanos(), loop.transferNanos());
    this.deadline = new Deadline(loop.alarms(), bounds, body, this::deadlinePassed);
    this.refusing = new Refusing(loop, request, arrival, this, rest::cutOff);
    this.instead =
        loop.instead()
            .beside(
                new Asker.Asked(request, target, kind.rank(), session, nowNanos + timeoutNanos()),
                this);
  }

  /** Takes a request in whose target is known. */
  static void begin(Loop loop, HttpServerRequest request, RequestTarget target, long nowNanos) {
    Classifier.Kind kind =
        loop.claims().kind(request.method().name(), target.uri(), request.headers());
    Exchange exchange = new Exchange(loop, request, target, kind, nowNanos);
    exchange.response.exceptionHandler(failure -> {});
    exchange.response.closeHandler(ignored -> exchange.clientGone());
    exchange.response.endHandler(ignored -> exchange.ended());
    if (exchange.socket.missing()) {
      exchange.answer(ShedResponse.Failed.SOCKETS);
    } else if (!exchange.instead.before()) {
      exchange.decide();
    }
  }

  /** A short body is read first: whoever only promises one gets neither token nor slot. */
  @Override
  public void decide() {
    long now = loop.ticker().nanos();
    long waitNanos = loop.tenants().take(request.headers(), arrival.cost(), now);
    if (waitNanos > 0) {
      refusing.overQuota(waitNanos);
      return;
    }
    if (body.clientOwes()) {
      deadline.watch();
    }
    body.whenReady(loop.context(), this::ready);
  }

  private void ready() {
    if (!over()) {
      long now = loop.ticker().nanos();
      decided(store.admission().decide(arrival, now), now);
    }
  }

  private void decidedLater(Decision decision, long nowNanos) {
    loop.context().runOnContext(ignored -> decided(decision, loop.ticker().nanos()));
  }

  private void decided(Decision decision, long nowNanos) {
    if (decision instanceof Decision.Admitted admitted) {
      admitted(admitted.permit(), nowNanos);
    } else if (decision instanceof Decision.Shed shed && !over() && !diverted(shed, nowNanos)) {
      Decision.Shed told = firstShed == null ? shed : firstShed;
      instead.refused(told.reason().tag(), false, () -> refusing.shed(told));
    }
  }

  /** The second store may have what the first one refuses; else the first one's word stands. */
  private boolean diverted(Decision.Shed shed, long nowNanos) {
    Store other = loop.stores().instead(store, request, arrival.rank(), shed.reason(), nowNanos);
    if (other == null) {
      return false;
    }
    firstShed = shed;
    store = other;
    decided(store.admission().decide(arrival, nowNanos), nowNanos);
    return true;
  }

  private void admitted(Permit permit, long nowNanos) {
    if (over() || !body.takesPlace(loop, arrival.rank())) {
      permit.end(Outcome.IGNORED, 0, nowNanos);
      decided(refusing.because(ShedReason.SLOTS), nowNanos);
      return;
    }
    call = new OriginCall(store.origins(), permit, timeoutNanos(), loop.patience(arrival), this);
    deadline.watch();
    call.begin();
  }

  @Override
  public void prepare() {
    rest.prepare(body.refuse());
  }

  @Override
  public void body(int most, Consumer<@Nullable Buffer> then) {
    deadline.watch();
    body.whole(loop.context(), most, then);
  }

  @Override
  public void close() {
    decided(loop.admission().close(arrival, loop.ticker().nanos()), loop.ticker().nanos());
  }

  @Override
  public void journalFull() {
    refusing.failed(ShedResponse.Failed.JOURNAL_FULL);
  }

  @Override
  public void late(boolean bodyRead) {
    refusing.failed(bodyRead ? ShedResponse.Failed.JOURNAL_LATE : ShedResponse.Failed.SLOW_CLIENT);
  }

  @Override
  public void timedOut() {
    answer(ShedResponse.Failed.TIMEOUT);
  }

  @Override
  public boolean over() {
    return gone || done || response.ended();
  }

  private long timeoutNanos() {
    return loop.classes().at(arrival.rank()).timeoutNanos();
  }

  @Override
  public void write(HttpClientRequest out, long sentNanos) {
    Onward.fill(request, target, loop.forwarded(), out);
    loop.claims().write(request.headers(), out.headers(), arrival.rank());
    Onward.stamp(out, loop.sentStamp(), sentNanos);
    instead.sending(out.headers());
    if (socket.wanted()) {
      Tunnel.ask(out.headers());
      var unused = out.connect();
    } else if (call != null) {
      body.writeTo(out, call::uploaded);
      body.awaitWord(loop, this::proceed);
    }
  }

  @Override
  public void headers(MultiMap to) {
    Onward.headers(request, target, loop.forwarded(), to);
  }

  @Override
  public boolean upgrades() {
    return socket.wanted();
  }

  @Override
  public void proceed() {
    if (takesInterim()) {
      body.proceed();
    }
  }

  @Override
  public void hints(MultiMap headers) {
    if (takesInterim()) {
      var unused = response.writeEarlyHints(EndToEnd.of(headers));
    }
  }

  private boolean takesInterim() {
    return !over() && !answering && rest.takesInterim();
  }

  @Override
  public void answered(HttpClientResponse answer, Outcome outcome, long latencyNanos) {
    if (outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE) {
      loop.meters().answered(arrival.rank(), latencyNanos);
    }
    boolean refused = outcome == Outcome.REFUSED && Replays.harmless(request, answer.statusCode());
    if ((refused && replayed()) || instead.replaces(answer)) {
      discard(answer);
    } else if (instead.guards(answer)) {
      instead.accepted(answer, () -> pass(answer, outcome), () -> discard(answer));
    } else {
      pass(answer, outcome);
    }
  }

  private void discard(HttpClientResponse answer) {
    if (call != null) {
      call.discard(answer);
    }
  }

  private void pass(HttpClientResponse answer, Outcome outcome) {
    answering = true;
    store.sign(response);
    if (answer.statusCode() == Tunnel.SWITCHING) {
      deadline.stop();
      Tunnel.open(loop, request, answer, this::socketClosed);
      return;
    }
    // An upload may go on beside its answer, but not beside a refusal.
    rest.prepare(answer.statusCode() >= 400 && body.refuse());
    long notBeforeNanos = outcome == Outcome.REFUSED ? refusing.returnNanos() : 0;
    instead.answering(answer);
    new AnswerRelay(request, answer, loop.context(), this, instead).begin(notBeforeNanos);
  }

  /** Its connection has been something else than HTTP since the answer, and is gone with it. */
  private void socketClosed() {
    if (call != null) {
      call.cancel();
    }
    gone = true;
    socket.give();
  }

  /** Whether it will be sent once more, as a new one. */
  private boolean replayed() {
    return body.repeatable() && store.admission().replay(arrival, loop.ticker().nanos());
  }

  @Override
  public void read() {
    if (call != null) {
      call.finished();
    }
  }

  @Override
  public void relayed(Future<Void> written) {
    rest.cutOff(written);
  }

  @Override
  public void broken(Throwable cause) {
    instead.over();
    if (call != null) {
      call.cancel();
    }
    if (response.headWritten()) {
      rest.breakOff(cause);
    } else {
      answer(ShedResponse.Failed.BROKEN);
    }
  }

  @Override
  public void failed(Outcome outcome) {
    if (outcome != Outcome.UNREACHABLE) {
      answer(ShedResponse.Failed.BROKEN);
    } else if (!replayed()) {
      answer(ShedResponse.Failed.UNREACHABLE);
    }
  }

  @Override
  public boolean again() {
    boolean harmless = !over() && body.repeatable() && Replays.idempotent(request);
    if (resent || !harmless || socket.wanted()) {
      return false;
    }
    resent = true;
    loop.meters().resent();
    long now = loop.ticker().nanos();
    Store asked = store;
    Decision decision = asked.admission().decide(arrival, now);
    decided(decision, now);
    return !(decision instanceof Decision.Shed) || !store.equals(asked);
  }

  @Override
  public void noConnection(boolean slowly) {
    answer(slowly ? ShedResponse.Failed.CONNECT_RAMP : ShedResponse.Failed.CONNECTIONS);
  }

  @Override
  public void leaseEnded() {
    decided(refusing.because(ShedReason.LEASE_ENDED), loop.ticker().nanos());
  }

  private void deadlinePassed() {
    OriginCall current = call;
    if (over() || (current == null && !body.clientOwes())) {
      return;
    }
    long now = loop.ticker().nanos();
    long due = deadline.dueNanos(answering);
    if (due - now > 0) {
      deadline.at(due);
    } else if (answering) {
      broken(new TimeoutException("the transfer took too long"));
    } else if (current == null || body.clientOwes()) {
      if (current != null) {
        current.cancel();
      }
      // nothing stands in for what the client owes
      instead.over();
      refusing.failed(ShedResponse.Failed.SLOW_CLIENT);
    } else {
      current.timeOut();
      answer(ShedResponse.Failed.TIMEOUT);
    }
  }

  private void answer(ShedResponse.Failed failed) {
    if (!over()) {
      instead.refused(failed.tag(), !failed.nothingSent(), () -> refusing.failed(failed));
    }
  }

  /** The answer's last byte was handed to the connection. */
  private void ended() {
    done = true;
    socket.give();
    body.givePlace();
    deadline.stop();
    instead.over();
    rest.ended();
  }

  private void clientGone() {
    if (gone || done) {
      return;
    }
    gone = true;
    socket.give();
    rest.over();
    refusing.forget();
    deadline.stop();
    instead.over();
    body.left(loop, timeoutNanos());
    store.admission().withdraw(arrival);
    if (call != null) {
      call.clientLeft(deadline.asGoodAsPassed(loop.ticker().nanos()));
    }
  }
}
