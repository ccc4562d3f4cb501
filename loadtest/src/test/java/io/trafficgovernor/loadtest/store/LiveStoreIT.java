package io.trafficgovernor.loadtest.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.process.FreePorts;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store behind its ports: dies, comes back cold, refuses over the quota, logs arrivals. */
final class LiveStoreIT {
  private static final long SEED = 5;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final SystemTicker ticker = new SystemTicker();
  private final HttpClient client = HttpClient.newHttpClient();
  private int port;
  private int controlPort;

  @BeforeEach
  void start() throws Exception {
    LoopScheduler loop = new LoopScheduler(vertx, ticker);
    port = new FreePorts(new SplittableRandom(ticker.nanos())).next();
    StoreSettings settings =
        StoreSettings.usual(4, Duration.ofMillis(2), Duration.ofMillis(40), 100);
    LiveStore store =
        new LiveStore(vertx, loop, ticker, settings, new SplittableRandom(SEED), port);
    StoreControl control = get(loop.call(() -> new StoreControl(vertx, loop, store)));
    controlPort = get(control.listen(0).toCompletionStage().toCompletableFuture());
    get(
        loop.call(
            () -> {
              control.up(loop.nowNanos());
              return true;
            }));
    get(store.settled().toCompletionStage().toCompletableFuture());
  }

  @AfterEach
  void stop() throws Exception {
    get(vertx.close().toCompletionStage().toCompletableFuture());
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  private HttpResponse<String> send(int to, String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(to, path)))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject command(String path) throws Exception {
    HttpResponse<String> answer = send(controlPort, "POST", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private JsonObject stats() throws Exception {
    return new JsonObject(send(controlPort, "GET", "/stats").body());
  }

  @Test
  void request_isAnsweredAndLogged() throws Exception {
    long before = ticker.nanos();
    HttpResponse<String> answer =
        send(port, "GET", "/read/k/7", "Governor-Sent", Long.toString(before));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(send(port, "PUT", "/write/k/8").statusCode()).isEqualTo(200);
    assertThat(send(port, "GET", "/health").statusCode()).isEqualTo(200);
    HttpResponse<String> log = send(controlPort, "GET", "/arrivals?since=0");
    List<String> lines = log.body().lines().toList();
    assertThat(lines).hasSize(3);
    String[] first = lines.get(0).split(" ", -1);
    assertThat(Long.parseLong(first[0])).isBetween(before, ticker.nanos());
    assertThat(first[1]).isEqualTo(Long.toString(before));
    assertThat(first[2]).isEqualTo("read");
    assertThat(lines.get(1)).endsWith(" 0 write");
    assertThat(lines.get(2)).endsWith(" 0 probe");
    assertThat(log.headers().firstValue("Next")).contains("3");
    assertThat(log.headers().firstValue("Lost")).contains("0");
    assertThat(stats().getLong("arrivals")).isEqualTo(3);
  }

  @Test
  void store_thatIsDownRefusesConnectionsAndComesBackCold() throws Exception {
    command("/warm");
    assertThat(stats().getDouble("hit_share")).isPositive();
    JsonObject down = command("/down");
    assertThat(down.getBoolean("up")).isFalse();
    assertThat(down.getDouble("capacity_rps")).isZero();
    assertThatThrownBy(() -> send(port, "GET", "/read/k/1")).isInstanceOf(ConnectException.class);
    long before = ticker.nanos();
    JsonObject up = command("/up");
    assertThat(up.getBoolean("up")).isTrue();
    assertThat(up.getDouble("hit_share")).isZero();
    assertThat(up.getLong("changed_nanos")).isBetween(before, ticker.nanos());
    assertThat(send(port, "GET", "/read/k/1").statusCode()).isEqualTo(200);
  }

  @Test
  void downForAWhile_comesBackByItself() throws Exception {
    command("/down?for=300ms");
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> stats().getBoolean("up"));
    assertThat(send(port, "GET", "/read/k/1").statusCode()).isEqualTo(200);
  }

  @Test
  void newOrder_winsOverAnOlderReturn() throws Exception {
    command("/down?for=150ms");
    command("/down");
    long until = ticker.nanos() + 600_000_000L;
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ticker.nanos() - until > 0 || stats().getBoolean("up"));
    assertThat(stats().getBoolean("up")).isFalse();
  }

  @Test
  void quota_isAnswered429() throws Exception {
    assertThat(command("/quota?rate=1/s").getDouble("quota_rps")).isEqualTo(1);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statuses.add(send(port, "GET", "/read/k/" + i).statusCode());
    }
    assertThat(statuses).contains(429);
    command("/quota?rate=off");
    assertThat(send(port, "GET", "/read/k/1").statusCode()).isEqualTo(200);
  }

  @Test
  void stall_holdsAnswersBack() throws Exception {
    command("/stall?for=300ms");
    long before = ticker.nanos();
    assertThat(send(port, "GET", "/read/k/1").statusCode()).isEqualTo(200);
    assertThat(ticker.nanos() - before).isGreaterThan(250_000_000L);
  }

  @Test
  void wrongCommands_areToldWhatIsAllowed() throws Exception {
    assertThat(send(controlPort, "POST", "/explode").statusCode()).isEqualTo(404);
    assertThat(send(controlPort, "GET", "/up").statusCode()).isEqualTo(404);
    assertThat(send(controlPort, "DELETE", "/up").statusCode()).isEqualTo(405);
    HttpResponse<String> rate = send(controlPort, "POST", "/quota?rate=many");
    assertThat(rate.statusCode()).isEqualTo(400);
    assertThat(rate.body()).contains("rate: got 'many'");
    assertThat(send(controlPort, "POST", "/down?for=soon").statusCode()).isEqualTo(400);
    assertThat(send(controlPort, "GET", "/arrivals?since=x").statusCode()).isEqualTo(400);
    assertThat(stats().getBoolean("up")).as("nothing happened").isTrue();
  }

  @Test
  void key_isTheLastSegment() {
    assertThat(LiveStore.key("/read/k/17")).isEqualTo(17);
    assertThat(LiveStore.key("/read/k/-17")).isEqualTo(17);
    assertThat(LiveStore.key("/read/k/" + Integer.MIN_VALUE)).isNotNegative();
    assertThat(LiveStore.key("/read/name")).isNotNegative();
  }
}
