package io.trafficgovernor.loadtest.live;

import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try of one request: ends once, with the first of answer, failure and time-out. A gateway that
 * refuses the connection is passed over for the next one, as a load balancer would do; each is
 * tried once.
 */
final class Attempt {
  private static final Buffer BODY = Buffer.buffer("x".repeat(64));

  private final Plan plan;
  private final LoopScheduler loop;
  private final HttpClient client;
  private final Listener listener;
  private @Nullable HttpClientRequest wire;
  private boolean over;
  private int door;
  private int moved;
  private long lateNanos;

  /**
   * What is to be done.
   *
   * @param number 0 for a first attempt, else the number of the retry
   */
  record Plan(OpenLoop.Request request, SystemTraffic traffic, int number, long plannedNanos) {}

  /**
   * What became of it.
   *
   * @param retryAfterSeconds as the refusal said; 0 if it said nothing
   * @param door the gateway that had it last, from 0
   * @param moved gateways that refused the connection before one took it
   * @param lateNanos how long after the planned instant it was sent
   */
  record Result(
      Ending ending,
      long endedNanos,
      long retryAfterSeconds,
      int door,
      int moved,
      long lateNanos) {}

  /** Whoever is told the end. */
  @FunctionalInterface
  interface Listener {
    void ended(Attempt attempt, Result result);
  }

  Attempt(Plan plan, LoopScheduler loop, HttpClient client, Listener listener) {
    this.plan = plan;
    this.loop = loop;
    this.client = client;
    this.listener = listener;
  }

  Plan plan() {
    return plan;
  }

  /** Sends it to one of the gateways, beginning with that one. */
  void send(List<Door> doors, int at) {
    door = at;
    var unused =
        client
            .request(options(doors.get(at)))
            .onComplete(connected -> loop.enter(now -> connected(doors, at, connected, now)));
  }

  private RequestOptions options(Door door) {
    SystemTraffic traffic = plan.traffic();
    RequestOptions options =
        new RequestOptions()
            .setHost(door.host())
            .setPort(door.port())
            .setMethod(traffic.writes() ? HttpMethod.PUT : HttpMethod.GET)
            .setURI("/" + traffic.className() + "/k/" + plan.request().key())
            .putHeader("Cookie", "sid=user-" + plan.request().user())
            .putHeader("X-Deadline-Ms", Long.toString(traffic.timeout().toMillis()));
    return plan.number() == 0
        ? options
        : options.putHeader("X-Retry-Attempt", Integer.toString(plan.number()));
  }

  private void connected(
      List<Door> doors, int at, AsyncResult<HttpClientRequest> connected, long nowNanos) {
    if (over) {
      if (connected.succeeded()) {
        var unused = connected.result().reset();
      }
    } else if (connected.succeeded()) {
      exchange(connected.result(), nowNanos);
    } else if (moved + 1 < doors.size()) {
      moved++;
      send(doors, (at + 1) % doors.size());
    } else {
      end(Ending.BROKEN, 0, nowNanos);
    }
  }

  private void exchange(HttpClientRequest request, long nowNanos) {
    wire = request;
    lateNanos = nowNanos - plan.plannedNanos();
    Future<HttpClientResponse> answer =
        plan.traffic().writes() ? request.send(BODY) : request.send();
    var unused = answer.onComplete(answered -> loop.enter(now -> answered(answered, now)));
  }

  private void answered(AsyncResult<HttpClientResponse> answered, long nowNanos) {
    if (over) {
      return;
    }
    if (answered.failed()) {
      end(Ending.BROKEN, 0, nowNanos);
      return;
    }
    HttpClientResponse response = answered.result();
    var unused =
        response
            .end()
            .onComplete(
                read ->
                    loop.enter(
                        now ->
                            end(
                                read.succeeded() ? ending(response) : Ending.BROKEN,
                                retryAfter(response),
                                now)));
  }

  private static Ending ending(HttpClientResponse response) {
    int status = response.statusCode();
    if (status == 200) {
      return Ending.OK;
    }
    if (response.getHeader("Governor-Reason") != null) {
      return Ending.SHED;
    }
    return status == 429 || status == 503 ? Ending.REFUSED : Ending.FAILED;
  }

  private static long retryAfter(HttpClientResponse response) {
    @Nullable String text = response.getHeader("Retry-After");
    if (text == null) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(text.trim()));
    } catch (NumberFormatException aDate) {
      return 0;
    }
  }

  /** The client waits no longer: the connection is given up. */
  void giveUp(long nowNanos) {
    if (!over) {
      end(Ending.TIMEOUT, 0, nowNanos);
      if (wire != null) {
        var unused = wire.reset();
      }
    }
  }

  private void end(Ending ending, long retryAfterSeconds, long nowNanos) {
    if (!over) {
      over = true;
      listener.ended(this, new Result(ending, nowNanos, retryAfterSeconds, door, moved, lateNanos));
    }
  }
}
