package io.trafficgovernor.loadtest.live;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.NodeSample.ClassSample;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks every governor for its status, about twelve times a second, one question under way each. A
 * governor that does not answer simply leaves no sample. To be used on the event loop.
 */
public final class StatusPoller {
  private static final long PERIOD_NANOS = 80_000_000L;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Three governors for two hours. */
  private static final int SAMPLES_LIMIT = 300_000;

  private final LoopScheduler loop;
  private final Fetch fetch;
  private final Ticker ticker;
  private final List<Integer> operatorPorts;
  private final boolean[] asking;
  private final List<NodeSample> samples = new ArrayList<>();
  private final @Nullable NodeSample[] latest;
  private boolean stopped;

  public StatusPoller(LoopScheduler loop, Fetch fetch, Ticker ticker, List<Integer> operatorPorts) {
    this.loop = requireNonNull(loop, "loop");
    this.fetch = requireNonNull(fetch, "fetch");
    this.ticker = requireNonNull(ticker, "ticker");
    this.operatorPorts = List.copyOf(operatorPorts);
    this.asking = new boolean[operatorPorts.size()];
    this.latest = new @Nullable NodeSample[operatorPorts.size()];
  }

  public void start() {
    loop.after(0, this::tick);
  }

  public void stop() {
    stopped = true;
  }

  /** Every sample so far, in the order in which they were heard. */
  public List<NodeSample> samples() {
    return samples;
  }

  /** What that governor said last. */
  public Optional<NodeSample> latest(int node) {
    return Optional.ofNullable(latest[node]);
  }

  /** What each governor said last, of those that ever said anything. */
  public List<NodeSample> latest() {
    List<NodeSample> said = new ArrayList<>();
    for (NodeSample sample : latest) {
      if (sample != null) {
        said.add(sample);
      }
    }
    return said;
  }

  private void tick(long nowNanos) {
    if (stopped) {
      return;
    }
    for (int node = 0; node < operatorPorts.size(); node++) {
      if (!asking[node]) {
        ask(node);
      }
    }
    loop.after(PERIOD_NANOS, this::tick);
  }

  private void ask(int node) {
    asking[node] = true;
    long asked = ticker.nanos();
    var unused =
        fetch
            .get(operatorPorts.get(node), "/v1/status", TIMEOUT)
            .onComplete(
                answer -> {
                  asking[node] = false;
                  if (answer.succeeded() && answer.result().status() == 200) {
                    take(sample(node, asked, ticker.nanos(), answer.result().json()));
                  }
                });
  }

  private void take(NodeSample sample) {
    latest[sample.node()] = sample;
    if (samples.size() < SAMPLES_LIMIT) {
      samples.add(sample);
    }
  }

  /**
   * A sample from the operator API's status.
   *
   * @throws RuntimeException if a field is missing or of another type
   */
  static NodeSample sample(int node, long askedNanos, long toldNanos, JsonObject status) {
    List<ClassSample> classes = new ArrayList<>();
    JsonArray rows = status.getJsonArray("classes", new JsonArray());
    for (int i = 0; i < rows.size(); i++) {
      JsonObject row = rows.getJsonObject(i);
      classes.add(
          new ClassSample(
              row.getString("name"),
              row.getBoolean("open", false),
              row.getDouble("admitted_rps", 0.0)));
    }
    return new NodeSample(
        node,
        askedNanos,
        toldNanos,
        status.getString("phase"),
        status.getLong("epoch"),
        status.getDouble("ceiling_rps"),
        status.getDouble("window"),
        status.getJsonArray("nodes", new JsonArray()).size(),
        status.getInteger("grid_members", 0),
        classes);
  }
}
