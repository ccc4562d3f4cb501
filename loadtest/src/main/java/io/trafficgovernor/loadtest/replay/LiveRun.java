package io.trafficgovernor.loadtest.replay;

import io.trafficgovernor.loadtest.fleet.Bench;
import io.trafficgovernor.loadtest.fleet.Governors;
import io.trafficgovernor.loadtest.fleet.RunDirectory;
import io.trafficgovernor.loadtest.fleet.RunFailedException;
import io.trafficgovernor.loadtest.fleet.StoreProcess;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.record.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run on real processes: a warm store under full load, its death, its cold return under the
 * provider's quota, and what becomes of that.
 */
final class LiveRun {
  private final Bench bench;
  private final Settings settings;
  private final Plan plan;
  private final Path directory;
  private final Population population;

  /**
   * What kind of run.
   *
   * @param name its directory, and the beginning of its checks' ids
   * @param load part of the full load, in (0, 1]
   * @param untilOpen whether it goes on until every governor is OPEN again
   * @param cutOff where an ungoverned run ends, from the store's return on
   * @param disturbances what is done to the governors after the return, in the order of time
   */
  record Plan(
      String name,
      boolean governed,
      double load,
      boolean untilOpen,
      Duration cutOff,
      List<Disturbance> disturbances) {
    Plan {
      disturbances = List.copyOf(disturbances);
    }

    /** A governed run that nobody disturbs. */
    static Plan governed(String name, double load, boolean untilOpen) {
      return new Plan(name, true, load, untilOpen, Duration.ZERO, List.of());
    }

    /** A run without governors. */
    static Plan control(String name, Duration cutOff) {
      return new Plan(name, false, 1, false, cutOff, List.of());
    }

    /** The same with disturbances. */
    Plan disturbed(List<Disturbance> by) {
      return new Plan(name, governed, load, untilOpen, cutOff, by);
    }
  }

  LiveRun(Bench bench, Settings settings, Plan plan) {
    this.bench = bench;
    this.settings = settings;
    this.plan = plan;
    this.directory = settings.out().resolve(plan.name());
    this.population =
        settings.incident().population().withRate(settings.replay().ratePerSecond() * plan.load());
  }

  /**
   * Runs it. All its processes are gone afterwards.
   *
   * @throws RunFailedException if something that had to come did not
   */
  RunRecord run() {
    var unused = RunDirectory.emptied(directory);
    StoreProcess store =
        StoreProcess.start(
            bench,
            settings.main(),
            settings.replay().store().settings(),
            settings.seed(),
            directory);
    @Nullable Governors governors = plan.governed() ? governors(store.port()) : null;
    try {
      if (governors != null) {
        governors.start();
        governors.awaitReady();
      }
      return new Conductor(bench, settings, plan, population, store, governors).run();
    } finally {
      if (governors != null) {
        governors.stop();
      }
      store.stop();
    }
  }

  private Governors governors(int storePort) {
    return new Governors(
        bench,
        new Governors.Setup(
            settings.governor(),
            Settings.NODES,
            population,
            "%s-%s-%d".formatted(settings.incident().name(), plan.name(), storePort),
            storePort,
            directory));
  }
}
