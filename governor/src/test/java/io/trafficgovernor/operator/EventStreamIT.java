package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventStreamIT {
  @TempDir private Path folder;
  private OperatorFixture node;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  private RawClient open(String... more) throws IOException {
    List<String> lines = new ArrayList<>(List.of("GET /v1/events HTTP/1.1", "Host: localhost"));
    lines.addAll(List.of(more));
    return new RawClient(node.url().getPort()).send(lines.toArray(String[]::new));
  }

  private void close(String reason) throws IOException {
    new OperatorClient(node.url(), Optional.empty())
        .ramp("close", "*", new JsonObject().put("reason", reason));
  }

  @Test
  void open_tellsWhatHappensFromNowOn() throws IOException {
    close("before");
    try (RawClient reader = open()) {
      assertThat(reader.until("on this node"))
          .startsWith("HTTP/1.1 200")
          .containsIgnoringCase("content-type: text/event-stream");
      close("after");
      assertThat(reader.until("\"after\"")).contains("event: audit").doesNotContain("\"before\"");
    }
  }

  @Test
  void open_goesOnAfterTheNumber() throws IOException {
    close("one");
    String first;
    try (RawClient reader = open("Last-Event-ID: 0")) {
      first = reader.until("\"one\"");
    }
    Matcher ids = Pattern.compile("id: (\\d+)\nevent: audit").matcher(first);
    assertThat(ids.find()).isTrue();
    close("two");
    try (RawClient reader = open("Last-Event-ID: " + ids.group(1))) {
      assertThat(reader.until("\"two\"")).doesNotContain("\"one\"").doesNotContain("event: gap");
    }
  }

  @Test
  void open_tellsOfAGap() throws IOException {
    close("one");
    try (RawClient reader = open("Last-Event-ID: 7")) {
      assertThat(reader.until("\"one\"")).contains("event: gap");
    }
  }

  @Test
  void open_aNumberAheadOfAllTellsEverything() throws IOException {
    close("one");
    try (RawClient reader = open("Last-Event-ID: 999999999999999999")) {
      assertThat(reader.until("\"one\"")).contains("event: audit");
    }
  }

  @Test
  void open_malformedNumber() throws IOException {
    try (RawClient reader = open("Last-Event-ID: x")) {
      assertThat(reader.until("\r\n\r\n")).startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void open_readersAreBoundedAndLeave() throws IOException {
    List<RawClient> readers = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      RawClient reader = open();
      assertThat(reader.until("on this node")).startsWith("HTTP/1.1 200");
      readers.add(reader);
    }
    try (RawClient oneMore = open()) {
      assertThat(oneMore.until("\r\n\r\n")).startsWith("HTTP/1.1 503");
    }
    for (RawClient reader : readers) {
      reader.close();
    }
    org.awaitility.Awaitility.await()
        .until(
            () -> {
              try (RawClient again = open()) {
                return again.until("\r\n\r\n").startsWith("HTTP/1.1 200");
              }
            });
  }
}
