package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.process.FreePorts;
import io.trafficgovernor.loadtest.record.Ending;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One try of one request against servers that answer, refuse, break off and say nothing. */
final class AttemptIT {
  private static final long TIMEOUT_NANOS = 400_000_000L;

  private final Loopback loopback = new Loopback();
  private final HttpClient client =
      loopback.vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(10));
  private final List<HttpServerRequest> seen = new ArrayList<>();
  private Instead instead = Instead.REJECT;
  private final FreePorts nobody = new FreePorts(new SplittableRandom(loopback.ticker.nanos()));

  @AfterEach
  void close() {
    loopback.close();
  }

  private Attempt.Result send(boolean writes, int number, List<Integer> ports) {
    SystemTraffic traffic =
        new SystemTraffic(
            "A", "read", 0.5, writes, Duration.ofMillis(400), 3, Duration.ofMillis(500));
    CompletableFuture<Attempt.Result> result = new CompletableFuture<>();
    loopback.onLoop(
        () -> {
          long now = loopback.loop.nowNanos();
          Attempt attempt =
              new Attempt(
                  new Attempt.Plan(
                      new OpenLoop.Request(0, 77, 5, 9, 3), traffic, instead, number, now),
                  loopback.loop,
                  client,
                  (ended, how) -> {
                    assertThat(result.complete(how)).as("ends once").isTrue();
                  });
          loopback.loop.after(TIMEOUT_NANOS, attempt::giveUp);
          attempt.send(ports.stream().map(Door::loopback).toList(), 0);
        });
    return Loopback.get(result);
  }

  private int server(Consumer<HttpServerRequest> answer) {
    return loopback.serve(
        request -> {
          seen.add(request);
          answer.accept(request);
        });
  }

  private Ending ending(Consumer<HttpServerRequest> answer) {
    return send(false, 0, List.of(server(answer))).ending();
  }

  @Test
  void request_saysWhoAsksWhatAndUntilWhen() {
    int port = server(request -> request.response().end("x"));
    assertThat(send(false, 0, List.of(port)).ending()).isEqualTo(Ending.OK);
    assertThat(send(true, 2, List.of(port)).ending()).isEqualTo(Ending.OK);
    assertThat(seen.get(0).method().name()).isEqualTo("GET");
    assertThat(seen.get(0).path()).isEqualTo("/read/k/5");
    assertThat(seen.get(0).getHeader("Cookie")).isEqualTo("sid=user-77");
    assertThat(seen.get(0).getHeader("X-Deadline-Ms")).isEqualTo("400");
    assertThat(seen.get(0).getHeader("X-Retry-Attempt")).isNull();
    assertThat(seen.get(1).method().name()).isEqualTo("PUT");
    assertThat(seen.get(1).getHeader("X-Retry-Attempt")).isEqualTo("2");
    assertThat(seen.get(1).getHeader("Content-Length")).isEqualTo("64");
  }

  @Test
  void answers_areToldApart() {
    assertThat(ending(request -> request.response().setStatusCode(429).end()))
        .isEqualTo(Ending.REFUSED);
    assertThat(ending(request -> request.response().setStatusCode(503).end()))
        .isEqualTo(Ending.REFUSED);
    assertThat(ending(request -> request.response().setStatusCode(500).end()))
        .isEqualTo(Ending.FAILED);
    assertThat(ending(request -> request.response().setStatusCode(204).end()))
        .isEqualTo(Ending.FAILED);
    assertThat(
            ending(
                request ->
                    request
                        .response()
                        .setStatusCode(503)
                        .putHeader("Governor-Reason", "cutoff")
                        .end()))
        .isEqualTo(Ending.SHED);
    assertThat(ending(request -> request.connection().close())).isEqualTo(Ending.BROKEN);
  }

  private Ending ending(int status, String name, String value) {
    return ending(request -> request.response().setStatusCode(status).putHeader(name, value).end());
  }

  @Test
  void whatIsGivenWithoutTheStore_isToldApart() {
    assertThat(ending(200, "Governor-Degraded", "stale")).isEqualTo(Ending.STALE);
    assertThat(ending(200, "Governor-Degraded", "fail-open")).isEqualTo(Ending.OPENED);
    assertThat(ending(202, "Governor-Degraded", "journaled")).isEqualTo(Ending.JOURNALED);
    assertThat(ending(200, "Governor-Degraded", "else")).isEqualTo(Ending.FAILED);
    assertThat(ending(202, "Governor-Class", "write")).isEqualTo(Ending.FAILED);
    assertThat(ending(403, "Governor-Reason", "one-time-seen")).isEqualTo(Ending.USED);
    assertThat(ending(409, "Server", "the store")).isEqualTo(Ending.USED);
  }

  /** By these the store, the governors and the report know one request again. */
  @Test
  void request_carriesItsNumber() {
    int port =
        server(
            request ->
                request.response().putHeader("Age", "7").putHeader("X-Made-Nanos", "12").end());
    instead = Instead.FAIL_OPEN;
    Told told = send(true, 0, List.of(port)).told();
    assertThat(told.ageSeconds()).hasValue(7);
    assertThat(told.madeNanos()).hasValue(12);
    assertThat(seen.get(0).getHeader("Idempotency-Key")).isEqualTo("w-9");
    assertThat(seen.get(0).getHeader("X-Token")).isEqualTo("t-9");
    instead = Instead.JOURNAL;
    assertThat(send(true, 0, List.of(port)).ending()).isEqualTo(Ending.OK);
    assertThat(seen.get(1).path()).isEqualTo("/read/u/77/k/5");
    assertThat(seen.get(1).getHeader("X-Token")).isNull();
    instead = Instead.STALE;
    assertThat(send(false, 0, List.of(port)).ending()).isEqualTo(Ending.OK);
    assertThat(seen.get(2).getHeader("Idempotency-Key")).isNull();
  }

  @Test
  void halfAnAnswer_isBroken() {
    assertThat(
            ending(
                request -> {
                  request.response().putHeader("Content-Length", "100").write("half");
                  loopback.vertx.setTimer(20, id -> request.connection().close());
                }))
        .isEqualTo(Ending.BROKEN);
  }

  @Test
  void noAnswerInTime_isATimeoutAndGivesTheConnectionUp() {
    boolean[] closed = {false};
    Attempt.Result result =
        send(
            false,
            0,
            List.of(server(request -> request.connection().closeHandler(end -> closed[0] = true))));
    assertThat(result.ending()).isEqualTo(Ending.TIMEOUT);
    loopback.await(() -> closed[0]);
  }

  @Test
  void retryAfter_isReadIfItIsANumber() {
    int port =
        server(
            request ->
                request
                    .response()
                    .setStatusCode(503)
                    .putHeader("Retry-After", seen.size() == 1 ? "7" : "Thu, 12 Jun 2025")
                    .end());
    assertThat(send(false, 0, List.of(port)).told().retryAfterSeconds()).hasValue(7);
    assertThat(send(false, 0, List.of(port)).told().retryAfterSeconds()).isEmpty();
  }

  @Test
  void deadGateway_isPassedOverForTheNext() {
    int live = server(request -> request.response().end());
    Attempt.Result result = send(false, 0, List.of(nobody.next(), nobody.next(), live));
    assertThat(result.ending()).isEqualTo(Ending.OK);
    assertThat(result.moved()).isEqualTo(2);
  }

  @Test
  void allGatewaysDead_isBroken() {
    Attempt.Result result = send(false, 0, List.of(nobody.next(), nobody.next()));
    assertThat(result.ending()).isEqualTo(Ending.BROKEN);
    assertThat(result.moved()).isEqualTo(1);
  }
}
