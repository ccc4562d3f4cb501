package io.trafficgovernor.loadtest.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.live.OpenLoop;
import io.trafficgovernor.loadtest.live.StatusPoller;
import io.trafficgovernor.loadtest.live.StoreLink;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.StoreSample;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import java.util.List;

/** Shows a run while it goes on: phase, ceiling, the store, success per class. */
final class Display {
  private static final long PERIOD_NANOS = 2_000_000_000L;
  private static final long NOT_YET = -1;

  private final Console console;
  private final LoopScheduler loop;
  private final Scene scene;
  private volatile String phase = "start";
  private volatile long returnedNanos = NOT_YET;
  private boolean stopped;
  private long beganNanos;

  /** What there is to be seen. */
  record Scene(
      String run,
      Population population,
      OpenLoop clients,
      StatusPoller governors,
      StoreLink store) {}

  Display(Console console, LoopScheduler loop, Scene scene) {
    this.console = requireNonNull(console, "console");
    this.loop = requireNonNull(loop, "loop");
    this.scene = requireNonNull(scene, "scene");
  }

  /** Names what happens from now on. From any thread. */
  void phase(String name) {
    phase = name;
  }

  /** From now on time counts from the store's return. From any thread. */
  void returned(long atNanos) {
    returnedNanos = atNanos;
  }

  void start() {
    beganNanos = loop.nowNanos();
    loop.after(PERIOD_NANOS, this::tick);
  }

  void stop() {
    stopped = true;
  }

  private void tick(long nowNanos) {
    if (!stopped) {
      console.status(
          List.of(
              "%-7s %-7s %5.0f s  %s  %s"
                  .formatted(
                      scene.run(),
                      phase,
                      (nowNanos - (returnedNanos == NOT_YET ? beganNanos : returnedNanos)) / 1e9,
                      governorText(),
                      storeText()),
              "        " + classText(nowNanos)));
      loop.after(PERIOD_NANOS, this::tick);
    }
  }

  private String governorText() {
    if (scene.governors().latest().isEmpty()) {
      return "no governor";
    }
    NodeSample sample = scene.governors().latest().get(0);
    return "%-8s ceiling %4.0f/s window %3.0f"
        .formatted(sample.phase(), sample.ceilingPerSecond(), sample.window());
  }

  private String storeText() {
    List<StoreSample> samples = scene.store().samples();
    if (samples.isEmpty()) {
      return "";
    }
    StoreSample last = samples.get(samples.size() - 1);
    StoreSample before = samples.get(Math.max(0, samples.size() - 9));
    double seconds = (last.atNanos() - before.atNanos()) / 1e9;
    double arrivals = seconds > 0 ? (last.arrivals() - before.arrivals()) / seconds : 0;
    return last.up()
        ? "store: %4.0f arrivals/s, capacity %4.0f/s, %2.0f %% hits, backlog %d"
            .formatted(arrivals, last.capacityPerSecond(), 100 * last.hitShare(), last.backlog())
        : "store: down";
  }

  /** Success of the first attempts that ended since the last time. */
  private String classText(long nowNanos) {
    int classes = scene.population().classes().size();
    int[] all = new int[classes];
    int[] good = new int[classes];
    AttemptLog log = scene.clients().log();
    for (int i = log.size() - 1; i >= 0 && nowNanos - log.endedNanos(i) < PERIOD_NANOS; i--) {
      if (log.first(i)) {
        int rank = scene.population().rank(log.system(i));
        all[rank]++;
        good[rank] += log.ending(i).good() ? 1 : 0;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int rank = 0; rank < classes; rank++) {
      text.append(scene.population().classes().get(rank).name());
      text.append(all[rank] == 0 ? "  - " : " %3d%%".formatted(100 * good[rank] / all[rank]));
      text.append("  ");
    }
    return text.toString();
  }
}
