package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.trafficgovernor.loadtest.shell.Units;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The hand on the store, on a port of its own that stays open while the store is down.
 *
 * <pre>
 * GET  /stats                        what it is doing, as JSON
 * GET  /arrivals?since=0             arrival log from that number on: "instant stamp kind" lines
 * GET  /writes?since=0               keys of the writes it has done, from that number on
 * POST /down[?for=20s]               dies; comes back after that time, or when told
 * POST /up                           comes back, as cold as it is
 * POST /warm                         fills its cache
 * POST /quota?rate=300/s|off         answers at most that many, the others with 429
 * POST /stall?for=6s                 stands still
 * </pre>
 *
 * Every POST answers with the state after it, once the port is really open or closed; an unknown
 * path answers 404, a wrong parameter 400. Lives on the store's event loop.
 */
final class StoreControl {
  /** Arrivals in one answer; who wants more asks again from {@code Next} on. */
  static final int PART_LIMIT = 20_000;

  static final String NEXT_HEADER = "Next";
  static final String LOST_HEADER = "Lost";
  static final String REPEATS_HEADER = "Repeats";

  private final LiveStore store;
  private final LoopScheduler loop;
  private final HttpServer server;
  private int orders;
  private double quotaPerSecond = Double.POSITIVE_INFINITY;

  StoreControl(Vertx vertx, LoopScheduler loop, LiveStore store) {
    this.store = requireNonNull(store, "store");
    this.loop = requireNonNull(loop, "loop");
    this.server =
        vertx.createHttpServer().requestHandler(request -> loop.enter(now -> serve(request, now)));
  }

  /** Opens the control port; 0 takes any. The future holds the port. */
  Future<Integer> listen(int port) {
    return server.listen(port, "127.0.0.1").map(HttpServer::actualPort);
  }

  private void serve(HttpServerRequest request, long nowNanos) {
    try {
      String path = request.path() == null ? "" : request.path();
      if (request.method().equals(HttpMethod.GET)) {
        read(request, path);
      } else if (request.method().equals(HttpMethod.POST)) {
        steer(request, path, nowNanos);
      } else {
        answer(request, 405, "allowed: GET, POST");
      }
    } catch (IllegalArgumentException e) {
      answer(request, 400, String.valueOf(e.getMessage()));
    }
  }

  private void read(HttpServerRequest request, String path) {
    switch (path) {
      case "/stats" -> answer(request, 200, stats().encode());
      case "/arrivals" -> {
        ArrivalLog.Part part = store.arrivals().part(since(request), PART_LIMIT);
        request.response().putHeader(NEXT_HEADER, Long.toString(part.next()));
        request.response().putHeader(LOST_HEADER, Long.toString(part.lost()));
        answer(request, 200, part.lines());
      }
      case "/writes" -> {
        OnceLog writes = store.writes();
        OnceLog.Part part = writes.part(since(request), PART_LIMIT);
        request.response().putHeader(NEXT_HEADER, Long.toString(part.next()));
        request.response().putHeader(REPEATS_HEADER, Long.toString(writes.repeats()));
        answer(request, 200, part.lines());
      }
      default -> answer(request, 404, "there is /stats, /arrivals and /writes");
    }
  }

  private static long since(HttpServerRequest request) {
    String since = request.getParam("since", "0");
    try {
      return Long.parseLong(since);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("since: got '" + since + "', allowed a number", e);
    }
  }

  private void steer(HttpServerRequest request, String path, long nowNanos) {
    switch (path) {
      case "/down" -> down(delay(request), nowNanos);
      case "/up" -> up(nowNanos);
      case "/warm" -> store.model().warm();
      case "/quota" -> quota(Units.perSecond(request.getParam("rate", "")), nowNanos);
      case "/stall" -> stall(request, nowNanos);
      default -> {
        answer(request, 404, "there is /down, /up, /warm, /quota and /stall");
        return;
      }
    }
    store
        .settled()
        .onComplete(
            done -> {
              if (done.succeeded()) {
                answer(request, 200, stats().encode());
              } else {
                answer(request, 500, String.valueOf(done.cause()));
              }
            });
  }

  private void stall(HttpServerRequest request, long nowNanos) {
    store.model().stall(Units.duration(request.getParam("for", "")).toNanos(), nowNanos);
  }

  private static long delay(HttpServerRequest request) {
    return Units.duration(request.getParam("for", "0s")).toNanos();
  }

  void up(long nowNanos) {
    orders++;
    store.model().start(nowNanos);
  }

  /** Goes down for that long; 0 is until it is told to come back. */
  void down(long forNanos, long nowNanos) {
    int order = ++orders;
    store.model().stop(nowNanos);
    if (forNanos > 0) {
      loop.after(forNanos, now -> upUnlessToldOtherwise(order, now));
    }
  }

  private void upUnlessToldOtherwise(int order, long nowNanos) {
    if (order == orders) {
      up(nowNanos);
    }
  }

  void quota(double perSecond, long nowNanos) {
    quotaPerSecond = perSecond;
    store.model().quota(perSecond, nowNanos);
  }

  private JsonObject stats() {
    StoreModel model = store.model();
    JsonObject byKind = new JsonObject();
    for (Map.Entry<String, Long> each : store.arrivals().countByKind().entrySet()) {
      byKind.put(each.getKey(), each.getValue());
    }
    JsonObject stats =
        new JsonObject()
            .put("up", model.up())
            .put("arrivals", store.arrivals().total())
            .put("arrivals_by_kind", byKind)
            .put("backlog", model.backlog())
            .put("hit_share", model.hitShare())
            .put("capacity_rps", model.capacity())
            .put("restarts", model.restarts())
            .put("changed_nanos", store.changedNanos())
            .put("worst_timer_late_ms", loop.worstLateNanos() / 1e6);
    return quotaPerSecond == Double.POSITIVE_INFINITY
        ? stats
        : stats.put("quota_rps", quotaPerSecond);
  }

  private static void answer(HttpServerRequest request, int status, String body) {
    var unused = request.response().setStatusCode(status).end(body);
  }
}
