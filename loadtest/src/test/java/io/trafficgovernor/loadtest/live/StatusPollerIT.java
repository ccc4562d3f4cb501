package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.record.NodeSample;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StatusPollerIT {
  private final Loopback loopback = new Loopback();
  private int asked;

  @AfterEach
  void close() {
    loopback.close();
  }

  private static JsonObject status(String phase, double ceiling) {
    return new JsonObject()
        .put("phase", phase)
        .put("epoch", 7)
        .put("ceiling_rps", ceiling)
        .put("window", 16)
        .put("nodes", new JsonArray().add(new JsonObject()).add(new JsonObject()))
        .put(
            "classes",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "read")
                        .put("open", true)
                        .put("admitted_rps", 12.5)));
  }

  private StatusPoller poller(Integer... ports) {
    return loopback.onLoop(
        () -> {
          StatusPoller poller =
              new StatusPoller(loopback.loop, loopback.fetch, loopback.ticker, List.of(ports));
          poller.start();
          return poller;
        });
  }

  @Test
  void samples_holdWhatEachNodeSaidAndWhen() {
    int one = loopback.serve(request -> request.response().end(status("RAMPING", 120).encode()));
    int two = loopback.serve(request -> request.response().end(status("OPEN", 900).encode()));
    long before = loopback.ticker.nanos();
    StatusPoller poller = poller(one, two);
    loopback.await(() -> poller.samples().size() >= 6);
    NodeSample sample = loopback.onLoop(() -> poller.latest(0)).orElseThrow();
    assertThat(sample.phase()).isEqualTo("RAMPING");
    assertThat(sample.ceilingPerSecond()).isEqualTo(120);
    assertThat(sample.members()).isEqualTo(2);
    assertThat(sample.classes()).containsExactly(new NodeSample.ClassSample("read", true, 12.5));
    assertThat(sample.askedNanos()).isBetween(before, sample.toldNanos());
    assertThat(loopback.onLoop(() -> poller.latest())).hasSize(2);
    assertThat(loopback.onLoop(() -> poller.latest(1)).orElseThrow().open()).isTrue();
  }

  @Test
  void nodeThatDoesNotAnswer_isAskedOneQuestionAtATimeAndLeavesNoSample() {
    int silent = loopback.serve(request -> asked++);
    int sick = loopback.serve(request -> request.response().setStatusCode(500).end("{}"));
    int well = loopback.serve(request -> request.response().end(status("OPEN", 1).encode()));
    StatusPoller poller = poller(silent, sick, well);
    loopback.await(() -> poller.samples().size() >= 8);
    assertThat(asked).isEqualTo(1);
    assertThat(loopback.onLoop(() -> poller.latest(0))).isEmpty();
    assertThat(loopback.onLoop(() -> poller.latest(1))).isEmpty();
    assertThat(loopback.onLoop(() -> poller.latest())).hasSize(1);
  }

  @Test
  void stopped_asksNoMore() {
    int port =
        loopback.serve(
            request -> {
              asked++;
              request.response().end(status("OPEN", 1).encode());
            });
    StatusPoller poller = poller(port);
    loopback.await(() -> poller.samples().size() >= 2);
    loopback.onLoop(poller::stop);
    int before = asked;
    Loopback.get(loopback.loop.pause(300_000_000L));
    assertThat(asked).isLessThanOrEqualTo(before + 1);
  }

  @Test
  void statusWithoutAField_isAFault() {
    JsonObject broken = status("OPEN", 1);
    broken.remove("ceiling_rps");
    assertThatThrownBy(() -> StatusPoller.sample(0, 1, 2, broken))
        .isInstanceOf(RuntimeException.class);
  }
}
