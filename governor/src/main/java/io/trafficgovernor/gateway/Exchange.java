package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.gateway.origin.OriginCall;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client, from its head to the end of its answer: classify, decide, forward,
 * answer. Read it from the top: the methods stand in the order in which a request passes them.
 * Confined to its event loop, but for the waiter that tells a late decision.
 */
final class Exchange implements OriginCall.Side {
  private static final String SENT_STAMP = "Governor-Sent";
  private static final Set<String> REPLAYED_AFTER_503 =
      Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

  private final Loop loop;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final RequestTarget target;
  private final RequestBody body;
  private final Arrival arrival;
  private @Nullable OriginCall call;
  private boolean gone;
  private long deadline = -1;

  private Exchange(
      Loop loop, HttpServerRequest request, RequestTarget target, int rank, long nowNanos) {
    this.loop = loop;
    this.request = request;
    this.response = request.response();
    this.target = target;
    this.body = new RequestBody(request);
    MultiMap headers = request.headers();
    long session = loop.sessions().of(headers, loop.forwarded().client(request));
    boolean first = Classifier.firstAttempt(headers);
    this.arrival = new Arrival(rank, session, nowNanos, first, this::decidedLater);
  }

  /** Takes a request in. */
  static void begin(Loop loop, HttpServerRequest request) {
    long now = loop.ticker().nanos();
    RequestTarget target;
    try {
      target = RequestTarget.of(request);
    } catch (RequestTarget.BadRequestException bad) {
      new RequestBody(request).refuse(true);
      ShedResponse.bad(request.response(), bad.status(), String.valueOf(bad.getMessage()));
      return;
    }
    int rank = loop.classifier().rank(request.method().name(), target.uri(), request.headers());
    Exchange exchange = new Exchange(loop, request, target, rank, now);
    exchange.response.exceptionHandler(failure -> {});
    exchange.response.closeHandler(ignored -> exchange.clientGone());
    exchange.decided(loop.admission().decide(exchange.arrival, now), now);
  }

  private void decided(Decision decision, long nowNanos) {
    if (decision instanceof Decision.Admitted admitted) {
      admitted(admitted.permit(), nowNanos);
    } else if (decision instanceof Decision.Shed shed) {
      body.refuse(false);
      loop.answers().shed(response, arrival.rank(), shed);
    }
  }

  private void decidedLater(Decision decision, long nowNanos) {
    loop.context().runOnContext(ignored -> decided(decision, loop.ticker().nanos()));
  }

  private void admitted(Permit permit, long nowNanos) {
    if (gone) {
      permit.end(Outcome.IGNORED, 0, nowNanos);
      return;
    }
    OriginCall next = new OriginCall(loop.origins(), permit, timeoutNanos(), this);
    call = next;
    if (deadline < 0) {
      wakeAt(arrival.arrivedNanos() + timeoutNanos(), nowNanos);
    }
    body.whenReady(next::begin);
  }

  private long timeoutNanos() {
    return loop.classes().at(arrival.rank()).timeoutNanos();
  }

  private void wakeAt(long atNanos, long nowNanos) {
    long millis = Math.max(1, (atNanos - nowNanos + 999_999) / 1_000_000);
    deadline = loop.vertx().setTimer(millis, timer -> deadlinePassed());
  }

  @Override
  public void write(HttpClientRequest out, long sentNanos) {
    out.setMethod(request.method()).setURI(target.uri());
    MultiMap headers = out.headers();
    EndToEnd.copy(request.headers(), headers);
    headers.set(HttpHeaders.HOST, target.authority());
    loop.forwarded().write(request, target, headers);
    if (loop.sentStamp()) {
      headers.set(SENT_STAMP, Long.toString(sentNanos));
    }
    OriginCall current = call;
    if (current != null) {
      body.writeTo(out, current::uploaded);
    }
  }

  @Override
  public void proceed() {
    if (!gone && !response.ended()) {
      var unused = response.writeContinue();
    }
  }

  @Override
  public void hints(MultiMap headers) {
    if (!gone && !response.ended()) {
      MultiMap endToEnd = MultiMap.caseInsensitiveMultiMap();
      EndToEnd.copy(headers, endToEnd);
      var unused = response.writeEarlyHints(endToEnd);
    }
  }

  @Override
  public void answered(HttpClientResponse answer, Outcome outcome, long latencyNanos) {
    if (outcome == Outcome.SUCCESS || outcome == Outcome.FAILURE) {
      loop.meters().answered(arrival.rank(), latencyNanos);
    }
    OriginCall current = call;
    if (current == null) {
      return;
    }
    if (outcome == Outcome.REFUSED && replayed(answer.statusCode())) {
      current.discard(answer);
      return;
    }
    settled();
    body.refuse(false);
    new AnswerRelay(
            request,
            answer,
            new AnswerRelay.Listener() {
              @Override
              public void relayed() {
                current.finished();
              }

              @Override
              public void broken() {
                current.cancel();
                var unused = response.reset();
              }
            })
        .begin();
  }

  /** Whether a refused request will be sent once more. Source: algorithms, replay. */
  private boolean replayed(int status) {
    boolean harmless =
        status != 503
            || REPLAYED_AFTER_503.contains(request.method().name())
            || request.headers().contains("Idempotency-Key");
    return harmless && body.repeatable() && loop.admission().replay(arrival, loop.ticker().nanos());
  }

  @Override
  public void failed(Outcome outcome) {
    if (outcome == Outcome.UNREACHABLE
        && body.repeatable()
        && loop.admission().replay(arrival, loop.ticker().nanos())) {
      return;
    }
    answer(
        outcome == Outcome.UNREACHABLE
            ? ShedResponse.Failed.UNREACHABLE
            : ShedResponse.Failed.BROKEN);
  }

  @Override
  public void noConnection() {
    answer(ShedResponse.Failed.CONNECTIONS);
  }

  @Override
  public void leaseEnded() {
    settled();
    body.refuse(false);
    Decision.Shed shed =
        new Decision.Shed(ShedReason.LEASE_ENDED, loop.admission().retryAfterNanos());
    loop.answers().shed(response, arrival.rank(), shed);
  }

  private void deadlinePassed() {
    deadline = -1;
    OriginCall current = call;
    if (gone || current == null || response.ended() || response.headWritten()) {
      return;
    }
    current.timeOut();
    answer(body.clientOwes() ? ShedResponse.Failed.SLOW_CLIENT : ShedResponse.Failed.TIMEOUT);
  }

  private void answer(ShedResponse.Failed failed) {
    settled();
    if (gone || response.ended()) {
      return;
    }
    body.refuse(false);
    loop.answers().failed(response, arrival.rank(), failed, loop.admission().retryAfterNanos());
  }

  private void settled() {
    if (deadline >= 0) {
      loop.vertx().cancelTimer(deadline);
      deadline = -1;
    }
  }

  private void clientGone() {
    if (gone || response.ended()) {
      return;
    }
    gone = true;
    settled();
    loop.admission().withdraw(arrival);
    if (call != null) {
      call.cancel();
    }
  }
}
