package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Attempt;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.gateway.comeback.Replays;
import io.trafficgovernor.gateway.head.Classifier;
import io.trafficgovernor.gateway.head.EndToEnd;
import io.trafficgovernor.gateway.head.RequestTarget;
import io.trafficgovernor.gateway.instead.Asker;
import io.trafficgovernor.gateway.instead.Instead;
import io.trafficgovernor.gateway.origin.OriginCall;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, from its head to the end of its answer: classify, decide, forward,
 * answer. Read it from the top: the methods stand in the order in which a request passes them.
 * Confined to its event loop, but for the waiter that tells a late decision.
 */
final class Exchange implements OriginCall.Side, AnswerRelay.Listener, Asker {
  private static final String SENT_STAMP = "Governor-Sent";

  /** Who leaves after that part of the time-out has not left first: his time-out is the class's. */
  private static final double AS_GOOD_AS_TIMED_OUT = 0.9;

  /** RFC 9110 section 10.1.1: many a backend expects the body without a word. */
  private static final long BACKENDS_WORD_MILLIS = 100;

  private static final long NO_TIMER = -1;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Loop loop;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestTarget target;
  private final RequestBody body;
  private final Arrival arrival;
  private final Refusing refusing;
  private final Instead instead;
  private @Nullable OriginCall call;
  private long timer = NO_TIMER;
  private boolean gone;
  private boolean proceeding;
  private boolean answering;
  private boolean closing;

  private Exchange(
      Loop loop,
      HttpServerRequest request,
      RequestTarget target,
      Classifier.Kind kind,
      long nowNanos) {
    this.loop = loop;
    this.request = request;
    this.response = request.response();
    this.target = target;
    this.body = new RequestBody(request, loop.ticker());
    MultiMap headers = request.headers();
    long session = loop.sessions().of(headers, () -> loop.forwarded().client(request));
    Attempt attempt =
        loop.attempts().of(headers, kind.rank(), session, loop.admission()::incidentSalt, nowNanos);
    this.arrival =
        new Arrival(kind.rank(), session, nowNanos, attempt, kind.cost(), this::decidedLater);
    this.refusing = new Refusing(loop, request, arrival, this);
    this.instead =
        loop.instead()
            .beside(
                new Asker.Asked(request, target, kind.rank(), session, nowNanos + timeoutNanos()),
                this);
  }

  /** Takes a request in whose target is known. */
  static void begin(Loop loop, HttpServerRequest request, RequestTarget target, long nowNanos) {
    Classifier.Kind kind =
        loop.classifier().kind(request.method().name(), target.uri(), request.headers());
    Exchange exchange = new Exchange(loop, request, target, kind, nowNanos);
    exchange.response.exceptionHandler(failure -> {});
    exchange.response.closeHandler(ignored -> exchange.clientGone());
    exchange.response.endHandler(ignored -> exchange.ended());
    if (!exchange.instead.before()) {
      exchange.decide();
    }
  }

  /** A short body is read first: whoever only promises one gets neither token nor slot. */
  @Override
  public void decide() {
    if (body.clientOwes()) {
      watch(loop.ticker().nanos());
    }
    body.whenReady(
        () -> {
          if (!over()) {
            long now = loop.ticker().nanos();
            decided(loop.admission().decide(arrival, now), now);
          }
        });
  }

  private void decidedLater(Decision decision, long nowNanos) {
    loop.context().runOnContext(ignored -> decided(decision, loop.ticker().nanos()));
  }

  private void decided(Decision decision, long nowNanos) {
    if (decision instanceof Decision.Admitted admitted) {
      admitted(admitted.permit(), nowNanos);
    } else if (decision instanceof Decision.Shed shed && !over()) {
      instead.refused(shed.reason().tag(), false, () -> refusing.shed(shed));
    }
  }

  private void admitted(Permit permit, long nowNanos) {
    if (over()) {
      permit.end(Outcome.IGNORED, 0, nowNanos);
      return;
    }
    OriginCall next = new OriginCall(loop.origins(), permit, timeoutNanos(), this);
    call = next;
    watch(nowNanos);
    next.begin();
  }

  @Override
  public void prepare() {
    prepareAnswer(body.refuse());
  }

  @Override
  public void body(int most, Consumer<@Nullable Buffer> then) {
    body.whole(most, then);
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
  public void timedOut() {
    answer(ShedResponse.Failed.TIMEOUT);
  }

  @Override
  public boolean over() {
    return gone || response.ended();
  }

  private long timeoutNanos() {
    return loop.classes().at(arrival.rank()).timeoutNanos();
  }

  /** From now on the deadline is watched. */
  private void watch(long nowNanos) {
    if (timer == NO_TIMER) {
      wakeAt(dueNanos(), nowNanos);
    }
  }

  private void wakeAt(long atNanos, long nowNanos) {
    long millis = Math.max(1, (atNanos - nowNanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    timer = loop.vertx().setTimer(millis, ignored -> deadlinePassed());
  }

  @Override
  public void write(HttpClientRequest out, long sentNanos) {
    out.setMethod(request.method()).setURI(target.uri());
    MultiMap headers = out.headers();
    headers(headers);
    if (loop.sentStamp()) {
      headers.set(SENT_STAMP, Long.toString(sentNanos));
    }
    instead.sending(headers);
    OriginCall current = call;
    if (current != null) {
      body.writeTo(out, current::uploaded);
    }
    if (body.awaitsWord()) {
      loop.vertx().setTimer(BACKENDS_WORD_MILLIS, ignored -> proceed());
    }
  }

  @Override
  public void headers(MultiMap to) {
    EndToEnd.copy(request.headers(), to);
    to.set(HttpHeaders.HOST, target.authority());
    loop.forwarded().write(request, target, to);
  }

  /** The client is to send its body: the backend says so, or has said nothing for a while. */
  @Override
  public void proceed() {
    if (takesInterim() && !answering && !proceeding) {
      proceeding = true;
      var unused = response.writeContinue();
    }
  }

  @Override
  public void hints(MultiMap headers) {
    if (takesInterim()) {
      MultiMap endToEnd = MultiMap.caseInsensitiveMultiMap();
      EndToEnd.copy(headers, endToEnd);
      var unused = response.writeEarlyHints(endToEnd);
    }
  }

  /** RFC 9110 section 15.2: HTTP/1.0 knows no interim answers. */
  private boolean takesInterim() {
    return !over() && !response.headWritten() && request.version() != HttpVersion.HTTP_1_0;
  }

  @Override
  public void answered(HttpClientResponse answer, Outcome outcome, long latencyNanos) {
    if (outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE) {
      loop.meters().answered(arrival.rank(), latencyNanos);
    }
    OriginCall current = call;
    boolean replaced =
        (outcome == Outcome.REFUSED && replayed(answer.statusCode())) || instead.replaces(answer);
    if (replaced) {
      if (current != null) {
        current.discard(answer);
      }
      return;
    }
    answering = true;
    // An upload may go on beside its answer, but not beside a refusal.
    prepareAnswer(answer.statusCode() >= 400 && body.refuse());
    long notBeforeNanos = outcome == Outcome.REFUSED ? refusing.returnNanos() : 0;
    instead.answering(answer);
    new AnswerRelay(request, answer, this).begin(notBeforeNanos);
  }

  /** Whether a refused request will be sent once more, as a new one. */
  private boolean replayed(int status) {
    return Replays.harmless(request, status)
        && body.repeatable()
        && loop.admission().replay(arrival, loop.ticker().nanos());
  }

  @Override
  public void copied(Buffer chunk) {
    instead.chunk(chunk);
  }

  @Override
  public void whole() {
    instead.complete();
  }

  @Override
  public void relayed() {
    if (call != null) {
      call.finished();
    }
  }

  @Override
  public void broken() {
    instead.over();
    if (call != null) {
      call.cancel();
    }
    if (response.headWritten()) {
      var unused = response.reset();
    } else {
      answer(ShedResponse.Failed.BROKEN);
    }
  }

  @Override
  public void failed(Outcome outcome) {
    if (outcome != Outcome.UNREACHABLE) {
      answer(ShedResponse.Failed.BROKEN);
    } else if (!body.repeatable() || !loop.admission().replay(arrival, loop.ticker().nanos())) {
      answer(ShedResponse.Failed.UNREACHABLE);
    }
  }

  @Override
  public void noConnection() {
    answer(ShedResponse.Failed.CONNECTIONS);
  }

  @Override
  public void leaseEnded() {
    decided(
        new Decision.Shed(ShedReason.LEASE_ENDED, refusing.returnNanos()), loop.ticker().nanos());
  }

  private void deadlinePassed() {
    timer = NO_TIMER;
    OriginCall current = call;
    if (over() || (current == null && !body.clientOwes())) {
      return;
    }
    long now = loop.ticker().nanos();
    if (dueNanos() - now > 0) {
      wakeAt(dueNanos(), now);
    } else if (answering) {
      broken();
    } else if (current == null || body.clientOwes()) {
      if (current != null) {
        current.cancel();
      }
      answer(ShedResponse.Failed.SLOW_CLIENT);
    } else {
      current.timeOut();
      answer(ShedResponse.Failed.TIMEOUT);
    }
  }

  /** An answer that has begun is bound by the time for transfers only. */
  private long dueNanos() {
    long head = timeoutNanos() + body.graceNanos(arrival.arrivedNanos());
    return arrival.arrivedNanos()
        + (answering ? loop.transferNanos() : Math.min(head, loop.transferNanos()));
  }

  private void answer(ShedResponse.Failed failed) {
    if (!over()) {
      instead.refused(failed.tag(), !failed.nothingSent(), () -> refusing.failed(failed));
    }
  }

  /** To be called before the head of an answer is written. */
  private void prepareAnswer(boolean restIsLong) {
    closing = restIsLong || loop.clients().draining();
    if (closing) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
  }

  private void stopTimer() {
    if (timer != NO_TIMER) {
      loop.vertx().cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  /** The answer's last byte was handed to the connection. */
  private void ended() {
    stopTimer();
    instead.over();
    loop.clients().ended(request.connection());
    if (closing || body.refuse()) {
      loop.clients().closeSoon(request.connection());
    }
  }

  /** Whether the backend had nearly all the time it may have: that of a body is not its own. */
  private boolean lastedAsLong() {
    long arrived = arrival.arrivedNanos();
    long waited = loop.ticker().nanos() - arrived - body.graceNanos(arrived);
    return waited >= AS_GOOD_AS_TIMED_OUT * timeoutNanos();
  }

  private void clientGone() {
    if (over()) {
      return;
    }
    gone = true;
    refusing.forget();
    stopTimer();
    instead.over();
    loop.admission().withdraw(arrival);
    OriginCall current = call;
    if (current == null) {
      return;
    }
    if (lastedAsLong() && !body.clientOwes() && !response.headWritten()) {
      current.timeOut();
    } else {
      current.cancel();
    }
  }
}
