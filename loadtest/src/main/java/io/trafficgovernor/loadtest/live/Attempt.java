package io.trafficgovernor.loadtest.live;

import io.trafficgovernor.loadtest.plan.Instead;
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
   * @param instead what its class is given without the store
   * @param number 0 for a first attempt, else the number of the retry
   */
  record Plan(
      OpenLoop.Request request,
      SystemTraffic traffic,
      Instead instead,
      int number,
      long plannedNanos) {}

  /**
   * What became of it.
   *
   * @param door the gateway that had it last, from 0
   * @param moved gateways that refused the connection before one took it
   * @param lateNanos how long after the planned instant it was sent
   * @param told what the answer's head said
   */
  record Result(Ending ending, long endedNanos, int door, int moved, long lateNanos, Told told) {}

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
            .setURI(path())
            .putHeader("Cookie", "sid=user-" + plan.request().user())
            .putHeader("X-Deadline-Ms", Long.toString(traffic.timeout().toMillis()));
    if (traffic.writes()) {
      options.putHeader("Idempotency-Key", "w-" + plan.request().number());
    }
    if (plan.instead() == Instead.FAIL_OPEN) {
      options.putHeader("X-Token", "t-" + plan.request().number());
    }
    return plan.number() == 0 || plan.request().again()
        ? options
        : options.putHeader("X-Retry-Attempt", Integer.toString(plan.number()));
  }

  /** Journaled writes go to the user's own things: those of one path are kept in order. */
  private String path() {
    String own = plan.instead() == Instead.JOURNAL ? "/u/" + plan.request().user() : "";
    return "/" + plan.traffic().className() + own + "/k/" + plan.request().key();
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
      end(Ending.BROKEN, Told.NOTHING, nowNanos);
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
      end(Ending.BROKEN, Told.NOTHING, nowNanos);
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
                                Told.of(response),
                                now)));
  }

  private static Ending ending(HttpClientResponse response) {
    int status = response.statusCode();
    String degraded = response.getHeader("Governor-Degraded");
    if (status == 200 || status == 202) {
      return degraded == null ? ofTheStore(status) : given(degraded);
    }
    String reason = response.getHeader("Governor-Reason");
    if (status == 409 || "one-time-seen".equals(reason)) {
      return Ending.USED;
    }
    if (reason != null) {
      return Ending.SHED;
    }
    return status == 429 || status == 503 ? Ending.REFUSED : Ending.FAILED;
  }

  private static Ending ofTheStore(int status) {
    return status == 200 ? Ending.OK : Ending.FAILED;
  }

  private static Ending given(String degraded) {
    return switch (degraded) {
      case "stale" -> Ending.STALE;
      case "fail-open" -> Ending.OPENED;
      case "journaled" -> Ending.JOURNALED;
      default -> Ending.FAILED;
    };
  }

  /** The client waits no longer: the connection is given up. */
  void giveUp(long nowNanos) {
    if (!over) {
      end(Ending.TIMEOUT, Told.NOTHING, nowNanos);
      if (wire != null) {
        var unused = wire.reset();
      }
    }
  }

  private void end(Ending ending, Told told, long nowNanos) {
    if (!over) {
      over = true;
      listener.ended(this, new Result(ending, nowNanos, door, moved, lateNanos, told));
    }
  }
}
