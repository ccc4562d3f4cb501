package io.trafficgovernor.loadtest.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.process.Children;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.process.FreePorts;
import io.trafficgovernor.loadtest.process.JavaCommand;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code loadtest store} as anybody would run it by hand. */
final class StoreCommandIT {
  private static final Pattern CONTROL = Pattern.compile("control (http://127.0.0.1:\\d+)");

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port = new FreePorts(new SplittableRandom(new SystemTicker().nanos())).next();

  private Child store(Children children, String... options) {
    List<String> arguments = new ArrayList<>(List.of("store", "--port=" + port));
    arguments.addAll(List.of(options));
    return children.start("store", folder, JavaCommand.ofClass(LoadTest.class, arguments));
  }

  private String control(Child store) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Matcher matcher = CONTROL.matcher(Files.readString(store.log()));
              return matcher.find() ? matcher.group(1) : "";
            },
            url -> !url.isEmpty());
  }

  private HttpResponse<String> get(String url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonObject stats(String control) throws Exception {
    return new JsonObject(get(control + "/stats").body());
  }

  @Test
  void store_isDownForAWhileAndKeepsItsQuota() throws Exception {
    try (Children children = new Children()) {
      Child store = store(children, "--down-for=700ms", "--quota=1/s", "--cold");
      String control = control(store);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .ignoreExceptions()
          .until(() -> get("http://127.0.0.1:%d/read/k/1".formatted(port)).statusCode() == 200);
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        statuses.add(get("http://127.0.0.1:%d/read/k/%d".formatted(port, i)).statusCode());
      }
      assertThat(statuses).contains(429);
      assertThat(stats(control).getDouble("quota_rps")).isEqualTo(1);
      assertThat(Files.readString(store.log())).contains("down for 700 ms").contains("seed 1");
    }
  }

  @Test
  void store_isWarmWhenItIsToldTo() throws Exception {
    try (Children children = new Children()) {
      String control = control(store(children, "--warm", "--servers=4"));
      assertThat(stats(control).getBoolean("up")).isTrue();
      assertThat(stats(control).getDouble("hit_share")).isGreaterThan(0.9);
    }
  }

  @Test
  void portInUse_endsItWithOne() throws Exception {
    try (Children children = new Children()) {
      control(store(children));
      Child second =
          children.start(
              "second",
              folder,
              JavaCommand.ofClass(LoadTest.class, List.of("store", "--port=" + port)));
      assertThat(second.process().waitFor()).isEqualTo(1);
      assertThat(Files.readString(second.log())).contains("store: it cannot start");
    }
  }

  @Test
  void wrongOptions_endItWithTwo() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    CommandLine command = new CommandLine(new StoreCommand(console));
    command.setErr(new java.io.PrintWriter(err, true, StandardCharsets.UTF_8));
    assertThat(command.execute("--warm", "--cold")).isEqualTo(2);
    assertThat(command.execute("--quota=many")).isEqualTo(2);
    assertThat(command.execute("--down-for=soon")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("got --warm and --cold")
        .contains("rate: got 'many'")
        .contains("duration: got 'soon'");
  }
}
