package io.trafficgovernor.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.CapturedConsole;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code loadtest live} on a server that answers one class and refuses another. */
final class LiveCommandIT {
  private final CapturedConsole console = new CapturedConsole();

  private int run(String... arguments) {
    return LoadTest.commandLine(console.console()).execute(arguments);
  }

  @Test
  void table_tellsWhatBecameOfEachClass() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      int port =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    boolean refused = request.path().startsWith("/build/");
                    var unused = request.response().setStatusCode(refused ? 503 : 200).end();
                  })
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS)
              .actualPort();
      assertThat(run("live", "http://127.0.0.1:" + port, "--for=2s", "--rate=200/s")).isZero();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
    String table = console.out();
    assertThat(table).contains("200 first attempts/s for 2 s").contains("seed 1");
    assertThat(table.lines()).anyMatch(line -> line.matches("config +(\\d+) +\\1( +0){9} .*"));
    assertThat(table.lines()).anyMatch(line -> line.matches("build +(\\d+)( +0){6} +\\1 .*"));
  }

  @Test
  void wrongUrl_endsWithTwo() {
    assertThat(run("live", "https://127.0.0.1:1")).isEqualTo(2);
    assertThat(run("live", "http://127.0.0.1:1", "--scenario=/no/such.yaml")).isEqualTo(2);
    assertThat(console.err()).contains("URL: got 'https://127.0.0.1:1'").contains("/no/such.yaml");
  }
}
