package io.trafficgovernor.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.gateway.Corpus.Case;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What HTTP/1 leaves to chance between two readers, byte by byte: requests that could be understood
 * in two ways, and answers that could. The cases are the files in {@code conformance}.
 */
final class CorpusIT {
  private static final Set<String> OF_REQUESTS =
      Set.of("open", "closed", "unsaid", "unseen", "incomplete", "seen");
  private static final Set<String> OF_ANSWERS = Set.of("cut", "body", "closes");
  private static final String NEXT = "GET /next HTTP/1.1|Host: a||";

  private static final AtomicReference<Case> ANSWER = new AtomicReference<>();

  /** Those that came with their whole body. */
  private static final List<RawOrigin.Request> WHOLE = new CopyOnWriteArrayList<>();

  /** Those who were answered; refusals linger, so their end is looked at once for all. */
  private static final Map<RawClient, Case> CLIENTS = new LinkedHashMap<>();

  private static RawOrigin origin;
  private static GatewayFixture gateway;

  @BeforeAll
  static void open() throws Exception {
    origin = new RawOrigin(CorpusIT::answer);
    gateway = new GatewayFixture(origin.port());
  }

  @AfterAll
  static void close() throws Exception {
    for (Map.Entry<RawClient, Case> each : CLIENTS.entrySet()) {
      if (each.getValue().says("closed")) {
        assertThat(each.getKey().closedByPeer()).as(each.getValue().toString()).isTrue();
      }
      each.getKey().close();
    }
    gateway.close();
    origin.close();
  }

  private static void answer(RawOrigin.Request request, RawOrigin.Peer peer) throws IOException {
    Case scripted = ANSWER.get();
    if (scripted == null || !request.line().contains(" /x ")) {
      body(request, peer);
      WHOLE.add(request);
      peer.ok("fine");
      return;
    }
    peer.write(scripted.bytes());
    if (scripted.says("closes")) {
      peer.close();
    }
  }

  /** Takes the body, so that it is not read as the next request; ends early if it is broken. */
  private static void body(RawOrigin.Request request, RawOrigin.Peer peer) throws IOException {
    String length = request.header("Content-Length");
    var unused = peer.body(length.isEmpty() ? 0 : Integer.parseInt(length));
    int left = request.header("Transfer-Encoding").isEmpty() ? 0 : 1;
    while (left > 0) {
      left = Integer.parseInt(peer.line(), 16);
      unused = peer.body(left);
      unused = peer.line();
    }
  }

  static List<Case> requests() {
    return Corpus.read("http1-requests.txt", OF_REQUESTS);
  }

  static List<Case> answers() {
    return Corpus.read("http1-answers.txt", OF_ANSWERS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void request_isReadInOneWay(Case each) throws Exception {
    ANSWER.set(null);
    WHOLE.clear();
    int before = origin.requests().size();
    assertThat(faults(each, gateway.port())).isEmpty();
    List<RawOrigin.Request> all = List.copyOf(origin.requests());
    // the head of one whose body was broken may come late
    List<RawOrigin.Request> seen =
        all.subList(before, all.size()).stream()
            .filter(head -> !head.line().contains(" /broken "))
            .toList();
    List<RawOrigin.Request> whole =
        WHOLE.stream().filter(head -> !head.line().contains(" /next ")).toList();
    assertThat(whole)
        .hasSize(!each.value("seen").isEmpty() ? Integer.parseInt(each.value("seen")) : 0);
    if (each.says("unseen")) {
      assertThat(seen).isEmpty();
    } else if (!whole.isEmpty()) {
      assertHead(each, whole.get(whole.size() - 1).head());
    }
    assertThat(seen).noneMatch(head -> head.line().contains("/admin"));
    gateway.assertAllPermitsEnded();
  }

  /** What is wrong with the answers to that case; nothing if all is well. */
  private static List<String> faults(Case each, int port) throws IOException {
    List<String> faults = new ArrayList<>();
    RawClient client = new RawClient(port);
    CLIENTS.put(client, each);
    try {
      client.write(each.bytes());
      for (int status : each.statuses()) {
        RawClient.Reply reply = final_(client);
        if (reply.status() != status) {
          faults.add("status: got " + reply.status() + ", must be " + status);
        }
        boolean close = reply.header("Connection").toLowerCase(Locale.ROOT).contains("close");
        String type = reply.header("Content-Type");
        if (status >= 400 && !each.says("unsaid") && !type.equals("application/problem+json")) {
          faults.add("refused, and not told why: " + type);
        }
        if (status >= 400 && !close && !each.says("unsaid")) {
          faults.add("refused, and nothing said of closing");
        }
      }
      boolean more = each.bytes().split(" HTTP/1", -1).length > 2;
      if (each.says("closed") && more && !client.closedByPeer()) {
        faults.add("more came, must be closed");
      }
      if (each.says("open") && final_(client.send(NEXT)).status() != 200) {
        faults.add("the next request was not answered");
      }
    } catch (IOException | RuntimeException e) {
      faults.add("no answer in time, or none that can be read: " + e);
    }
    return faults;
  }

  /** The next answer that is no interim one. */
  private static RawClient.Reply final_(RawClient client) throws IOException {
    RawClient.Reply reply = client.read();
    while (reply.status() < 200) {
      reply = client.read();
    }
    return reply;
  }

  private static void assertHead(Case each, String head) {
    for (String part : each.has()) {
      assertThat(head).contains(part);
    }
    for (String part : each.lacks()) {
      assertThat(head).doesNotContainIgnoringCase(part);
    }
  }

  /** The raw path is forwarded; only the class is told by its normal form. */
  @Test
  void path_isForwardedAsItCame() throws Exception {
    ANSWER.set(null);
    long before = gateway.counts(0).sent();
    try (RawClient client = gateway.client()) {
      client.send("GET /a/../config/%2e/x%2Fy HTTP/1.1|Host: a||");
      assertThat(client.read().status()).isEqualTo(200);
    }
    assertThat(origin.last().line()).isEqualTo("GET /a/../config/%2e/x%2Fy HTTP/1.1");
    assertThat(gateway.counts(0).sent()).isEqualTo(before + 1);
  }

  /** Negative control: a server that reads what it is sent with good will fails every refusal. */
  @Test
  void driver_seesAServerThatTakesEverything() throws Exception {
    RawOrigin.Script willing = (request, peer) -> peer.ok("fine");
    try (RawOrigin server = new RawOrigin(willing)) {
      for (Case each : requests()) {
        boolean whole = each.bytes().contains("\r\n\r\n");
        if (each.says("unseen") && whole) {
          try (RawClient client = new RawClient(server.port())) {
            int status = client.write(each.bytes()).read().status();
            assertThat(each.statuses()).as(each.toString()).doesNotContain(status);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void answer_isReadInOneWay(Case each) throws Exception {
    ANSWER.set(each);
    String line = each.request().isEmpty() ? "GET /x" : each.request();
    try (RawClient client = gateway.client()) {
      client.send(line + " HTTP/1.1|Host: a||");
      RawClient.Reply reply = null;
      try {
        do {
          reply = line.startsWith("HEAD") ? client.readHead() : client.read();
        } while (reply.status() < 200);
      } catch (IOException | RuntimeException cut) {
        assertThat(each.says("cut")).as("cut: " + cut).isTrue();
      }
      if (reply != null) {
        assertThat(each.says("cut")).as("whole: " + reply).isFalse();
        assertThat(each.statuses()).containsExactly(reply.status());
        assertThat(reply.body()).doesNotContain("evil");
        assertThat(each.value("body")).isIn("", reply.body());
        assertHead(each, reply.headers() + " " + reply.trailers());
      }
    }
    try (RawClient other = gateway.client()) {
      RawClient.Reply next = other.send(NEXT).read();
      assertThat(next.body()).doesNotContain("evil");
      assertThat(next.status()).isEqualTo(200);
    }
    gateway.assertAllPermitsEnded();
  }
}
