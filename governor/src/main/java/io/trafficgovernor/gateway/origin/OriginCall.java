package io.trafficgovernor.gateway.origin;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.request.Permit;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One try of one request at the backend, under one permit, which it ends exactly once whatever
 * happens (I8). The permit ends at the response head: what comes after holds a connection but no
 * slot, so that slow readers cannot eat the window.
 *
 * <p>A call that nobody waits for any more is a zombie: its slot stays taken until the backend
 * answers, or until its connection is closed and the class's time-out has passed since it was sent.
 *
 * <p>Confined to its event loop.
 */
public final class OriginCall implements OriginPool.Waiter {
  /** What is read of an answer nobody wants, to keep its connection; more is cut off. */
  private static final long MAX_DISCARD_BYTES = 64 * 1024;

  private static final long REFUSED_STREAM = 0x7;

  private static final int MAX_STALE_CONNECTIONS = 3;
  private static final int MAX_ORIGINS = 3;

  private final Origins origins;
  private final Ticker ticker;
  private final Permit permit;
  private final long timeoutNanos;
  private final long patienceEndsNanos;
  private final Side side;
  private State state = State.CONNECTING;
  private @Nullable OriginHealth health;
  private @Nullable OriginConnection connection;
  private @Nullable HttpClientRequest request;
  private int staleConnections;
  private int originsTried;
  private long sentNanos;
  private boolean uploaded;
  private boolean reusable;

  /** The backend may have closed its connection before it was used once more. */
  private boolean maybeStale;

  private enum State {
    /** Waits for a connection; the permit is held, nothing is sent. */
    CONNECTING,
    /** Sent; no response head yet. */
    SENT,
    /** The head is there and the permit has ended; the body may still come. */
    ANSWERING,
    /** Nobody waits for the answer; the slot is still taken. */
    ZOMBIE,
    /** The permit has ended, and the connection is given back or closed. */
    OVER
  }

  /** The client's side of the call. Each call ends with exactly one of the first four. */
  public interface Side {
    /** The response head is there. From now on {@link OriginCall#finished} or cancel is owed. */
    void answered(HttpClientResponse response, Outcome outcome, long latencyNanos);

    /** The lease ended between admission and sending; nothing was sent. */
    void leaseEnded();

    /** No answer will come. */
    void failed(Outcome outcome);

    /**
     * Its connection, which had been used before, was closed, and no head came back: sends it once
     * more, as a new request with a token and a slot of its own, if that does no harm.
     *
     * @return whether it will be, so that nothing more is told of this call
     */
    boolean again();

    /**
     * Nothing was sent: too many of its class and above wait for a connection.
     *
     * @param slowly or, if true, none was begun while it could wait
     */
    void noConnection(boolean slowly);

    /**
     * Fills in the head and writes it, with whatever of the body is there.
     *
     * @param sentNanos the time that counts as that of sending
     */
    void write(HttpClientRequest request, long sentNanos);

    /** Whether it asks for another protocol than HTTP; then 101 is an answer. */
    boolean upgrades();

    /** The backend asks for the body. */
    void proceed();

    /** The backend has something to say ahead of its answer. */
    void hints(MultiMap headers);
  }

  /**
   * A call that has not begun.
   *
   * @param timeoutNanos the class's time-out, for zombies
   * @param patienceEndsNanos until when it can wait for a new connection to be begun
   */
  public OriginCall(
      Origins origins, Permit permit, long timeoutNanos, long patienceEndsNanos, Side side) {
    this.origins = requireNonNull(origins, "origins");
    this.ticker = origins.ticker();
    this.permit = requireNonNull(permit, "permit");
    this.timeoutNanos = timeoutNanos;
    this.patienceEndsNanos = patienceEndsNanos;
    this.side = requireNonNull(side, "side");
  }

  /** Takes a connection and sends. */
  public void begin() {
    // The client may have left, or the deadline passed, while the body came.
    if (state == State.CONNECTING && !origins.take(this)) {
      noConnection(false);
    }
  }

  @Override
  public void noConnection(boolean slowly) {
    over();
    permit.end(Outcome.IGNORED, 0, ticker.nanos());
    side.noConnection(slowly);
  }

  @Override
  public long patienceEndsNanos() {
    return patienceEndsNanos;
  }

  @Override
  public boolean wants() {
    return state == State.CONNECTING;
  }

  @Override
  public int rank() {
    return permit.rank();
  }

  /** Nothing was sent: as long as there are others, the next origin is asked. */
  @Override
  public void unreachable(Throwable cause) {
    originsTried++;
    if (originsTried < Math.min(MAX_ORIGINS, origins.count())) {
      begin();
      return;
    }
    over();
    permit.end(Outcome.UNREACHABLE, 0, ticker.nanos());
    side.failed(Outcome.UNREACHABLE);
  }

  @Override
  public void connected(OriginConnection ready) {
    long now = ticker.nanos();
    if (ready.closed()) {
      ready.release(now);
      retryStale();
      return;
    }
    connection = ready;
    health = ready.health();
    if (!permit.send(now)) {
      giveBack();
      over();
      side.leaseEnded();
      return;
    }
    state = State.SENT;
    sentNanos = now;
    maybeStale = ready.usedBefore();
    var unused = ready.request().onComplete(this::send, this::lost);
  }

  /** The connection was closed while it was idle: nothing was sent, so another one is as good. */
  private void retryStale() {
    staleConnections++;
    if (staleConnections > MAX_STALE_CONNECTIONS) {
      unreachable(new IllegalStateException("stale connections"));
    } else {
      begin();
    }
  }

  private void send(HttpClientRequest ready) {
    request = ready;
    if (connection == null) {
      // the client has left meanwhile
      var unused = ready.reset();
      lost(new IllegalStateException("cut before it was sent"));
      return;
    }
    ready.exceptionHandler(failure -> {});
    ready.continueHandler(ignored -> whileSent(side::proceed));
    ready.earlyHintsHandler(headers -> whileSent(() -> side.hints(headers)));
    var unused = ready.response().onComplete(this::head, this::lost);
    side.write(ready, sentNanos);
  }

  private void whileSent(Runnable then) {
    maybeStale = false;
    if (state == State.SENT) {
      then.run();
    }
  }

  /** The last byte of the request was handed to the connection. */
  public void uploaded() {
    uploaded = true;
  }

  private void head(HttpClientResponse response) {
    long now = ticker.nanos();
    reusable = OriginOutcome.reusable(response, health != null && health.sendsUnasked());
    if (health != null) {
      health.answered(now);
    }
    if (state == State.ZOMBIE) {
      permit.release(now);
      state = State.ANSWERING;
      discard(response);
    } else if (state == State.SENT) {
      if (!OriginOutcome.isAnswer(response.statusCode(), side.upgrades())) {
        lost(new IllegalStateException("unexpected status " + response.statusCode()));
        return;
      }
      state = State.ANSWERING;
      Outcome outcome = OriginOutcome.of(response.statusCode(), response.headers());
      permit.end(outcome, now - sentNanos, now);
      side.answered(response, outcome, now - sentNanos);
    }
  }

  /** No head came, and none will. */
  private void lost(Throwable cause) {
    long now = ticker.nanos();
    boolean untouched = untouched(cause);
    OriginConnection broken = connection;
    giveUp();
    if (state == State.SENT && maybeStale && closed(cause) && broken != null) {
      broken.dropIdle();
      if (side.again()) {
        over();
        // the new one finds out how the backend is
        permit.end(Outcome.IGNORED, 0, now);
        return;
      }
    }
    if (state == State.SENT && !untouched && health != null) {
      health.failed(now);
    }
    if (state == State.ZOMBIE) {
      state = State.OVER;
      releaseAt(sentNanos + timeoutNanos, now);
    } else if (state == State.SENT) {
      over();
      Outcome outcome = untouched ? Outcome.UNREACHABLE : Outcome.FAILURE;
      permit.end(outcome, now - sentNanos, now);
      side.failed(outcome);
    }
  }

  /** The connection ended, by a close or a reset; an answer that is none is something else. */
  private static boolean closed(Throwable cause) {
    return cause instanceof HttpClosedException || cause instanceof IOException;
  }

  /** RFC 9113 section 8.7: whoever refuses a stream has not looked at its request. */
  private static boolean untouched(Throwable cause) {
    return cause instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
  }

  private void releaseAt(long atNanos, long nowNanos) {
    long millis = (atNanos - nowNanos + 999_999) / 1_000_000;
    if (millis <= 0) {
      permit.release(nowNanos);
    } else {
      origins.vertx().setTimer(millis, timer -> permit.release(ticker.nanos()));
    }
  }

  /**
   * The deadline has passed. An answer that still comes is read and thrown away; a request whose
   * body is not complete cannot be answered any more and is cut off.
   */
  public void timeOut() {
    if (state == State.SENT && uploaded && health != null) {
      health.failed(ticker.nanos());
    }
    leave(Outcome.TIMEOUT, !uploaded);
  }

  /** The client has left: the backend is told by closing the connection. */
  public void cancel() {
    leave(Outcome.IGNORED, true);
  }

  /**
   * The client has left.
   *
   * @param asGoodAsTimedOut whether it has waited for nearly all the time there was
   */
  public void clientLeft(boolean asGoodAsTimedOut) {
    if (asGoodAsTimedOut) {
      timeOut();
    } else {
      cancel();
    }
  }

  private void leave(Outcome outcome, boolean cut) {
    long now = ticker.nanos();
    switch (state) {
      case CONNECTING -> {
        over();
        // The deadline says nothing about a backend that was never asked.
        permit.end(Outcome.IGNORED, 0, now);
      }
      case SENT -> {
        state = State.ZOMBIE;
        permit.abandon(outcome, now);
        if (cut) {
          giveUp();
        }
      }
      case ANSWERING -> {
        over();
        giveUp();
      }
      case ZOMBIE, OVER -> {}
    }
  }

  /** The answer has been read to its end. */
  public void finished() {
    if (state == State.ANSWERING) {
      over();
      if (uploaded && reusable) {
        giveBack();
      } else {
        giveUp();
      }
    }
  }

  /** The answer is not wanted: its body is read if it is short, else cut off. */
  public void discard(HttpClientResponse response) {
    long[] read = {0};
    response.handler(
        chunk -> {
          read[0] += chunk.length();
          if (read[0] > MAX_DISCARD_BYTES) {
            cancel();
          }
        });
    response.exceptionHandler(failure -> cancel());
    response.endHandler(ignored -> finished());
    response.resume();
  }

  private void over() {
    state = State.OVER;
  }

  /** The call has left nothing behind on its connection. */
  private void giveBack() {
    OriginConnection held = connection;
    connection = null;
    if (held != null) {
      held.release(ticker.nanos());
    }
  }

  /** The call is cut off. */
  private void giveUp() {
    OriginConnection held = connection;
    connection = null;
    if (held != null) {
      held.abort(request, ticker.nanos());
    }
  }
}
