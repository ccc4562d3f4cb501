package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.operator.door.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who does not get in, on raw sockets. */
final class GuardIT {
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

  private String head(String... lines) throws IOException {
    return head(node, lines);
  }

  private static String head(OperatorFixture at, String... lines) throws IOException {
    try (RawClient client = new RawClient(at.url().getPort())) {
      return client.send(lines).until("\r\n\r\n");
    }
  }

  /** A page of evil.example that has its own name bent to 127.0.0.1 is a page of this origin. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:9900",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "[::2]"
      })
  void host_ofSomebodyElse(String host) throws IOException {
    assertThat(head("GET /v1/status HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 403");
    assertThat(head("GET /metrics HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 403");
    assertThat(
            head(
                "POST /v1/ramp/close HTTP/1.1",
                "Host: " + host,
                "If-Match: *",
                "Content-Length: 0"))
        .startsWith("HTTP/1.1 403");
    assertThat(node.audit.last(10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:9900", "localhost:1", "127.8.7.6", "[::1]:9900"})
  void host_ofThisMachine(String host) throws IOException {
    assertThat(head("GET /v1/status HTTP/1.1", "Host: " + host)).startsWith("HTTP/1.1 200");
  }

  @Test
  void host_missing() throws IOException {
    assertThat(head("GET /v1/status HTTP/1.0")).contains(" 403 ");
  }

  @Test
  void host_doesNotMatterForHealth() throws IOException {
    assertThat(head("GET /health/live HTTP/1.1", "Host: 10.1.2.3")).startsWith("HTTP/1.1 200");
  }

  @Test
  void host_doesNotMatterWithTokens() throws Exception {
    try (OperatorFixture guarded = new OperatorFixture(folder, OperatorFixture.WITH_TOKENS)) {
      assertThat(
              head(
                  guarded,
                  "GET /v1/status HTTP/1.1",
                  "Host: gw-1.internal",
                  "Authorization: Bearer look"))
          .startsWith("HTTP/1.1 200");
      assertThat(head(guarded, "GET /v1/status HTTP/1.1", "Host: gw-1.internal"))
          .startsWith("HTTP/1.1 401");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"})
  void origin_ofSomebodyElse(String origin) throws IOException {
    assertThat(head("GET /v1/status HTTP/1.1", "Host: 127.0.0.1:9900", "Origin: " + origin))
        .startsWith("HTTP/1.1 403");
  }

  @Test
  void origin_ofTheDashboard() throws IOException {
    assertThat(
            head(
                "GET /v1/status HTTP/1.1", "Host: 127.0.0.1:9900", "Origin: http://127.0.0.1:9900"))
        .startsWith("HTTP/1.1 200");
  }

  /** Whoever holds connections cannot keep an operator out; who works with one keeps it. */
  @Test
  void connections_theIdlestGivesWay() throws IOException {
    List<RawClient> held = new ArrayList<>();
    try {
      RawClient used = new RawClient(node.url().getPort());
      held.add(used);
      RawClient silent = new RawClient(node.url().getPort());
      held.add(silent);
      for (int i = 0; i < Guard.MAX_CONNECTIONS + 20; i++) {
        RawClient fresh = new RawClient(node.url().getPort());
        held.add(fresh);
        if (i % 50 == 0) {
          // Its answer says that all before it have been accepted as well.
          fresh.send("GET /health/live HTTP/1.1", "Host: x");
          assertThat(fresh.until("live")).contains("200 OK");
          used.send("GET /health/live HTTP/1.1", "Host: x");
          assertThat(used.until("live")).contains("200 OK");
        }
        if (i == 0) {
          silent.send("GET /v1/status HTTP/1.1", "Host: localhost");
          assertThat(silent.until("\r\n\r\n")).contains("200 OK");
        }
      }
      silent.send("GET /v1/status HTTP/1.1", "Host: localhost");
      assertThat(silent.until("200 OK"))
          .as("once permitted, it outlives strangers")
          .contains("200 OK");
      assertThat(head("GET /v1/status HTTP/1.1", "Host: localhost")).startsWith("HTTP/1.1 200");
      assertThat(held.get(3).closed()).as("the first that was never used").isTrue();
      used.send("GET /health/live HTTP/1.1", "Host: x");
      assertThat(used.until("live")).contains("200 OK");
    } finally {
      for (RawClient client : held) {
        client.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "line\\nfeed",
        "escape \\u001b[31m",
        "back \\u202e wards",
        "tab\\t",
        "\\u2028",
        " "
      })
  void reason_mustBeOnePrintableLine(String reason) throws IOException {
    String body = "{\"reason\":\"" + reason + "\"}";
    try (RawClient client = new RawClient(node.url().getPort())) {
      client.send(
          "POST /v1/ramp/close HTTP/1.1",
          "Host: localhost",
          "If-Match: *",
          "Content-Length: " + (body.length() + 4),
          "",
          body);
      assertThat(client.until("printable")).startsWith("HTTP/1.1 400");
    }
    assertThat(node.audit.last(10)).isEmpty();
  }
}
