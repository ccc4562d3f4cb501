package io.trafficgovernor.loadtest.fleet;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.live.StoreLink;
import io.trafficgovernor.loadtest.process.Children.Child;
import io.trafficgovernor.loadtest.process.JavaCommand;
import io.trafficgovernor.loadtest.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The live store of one run as a process, warm at first, and the hand on it. */
public final class StoreProcess {
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final long ASK_PERIOD_NANOS = 100_000_000L;

  private final Bench bench;
  private final int port;
  private final int controlPort;
  private final StoreLink link;
  private final Child process;

  private StoreProcess(Bench bench, int port, int controlPort, Child process) {
    this.bench = bench;
    this.port = port;
    this.controlPort = controlPort;
    this.process = process;
    this.link = new StoreLink(bench.loop(), bench.fetch(), controlPort);
  }

  /**
   * Starts it and waits until it is up.
   *
   * @param main main class of this program, which also runs the store
   * @param directory for its log
   * @throws RunFailedException if it does not come up
   */
  public static StoreProcess start(
      Bench bench, Class<?> main, StoreSettings physics, long seed, Path directory) {
    requireNonNull(bench, "bench");
    int port = bench.ports().next();
    int controlPort = bench.ports().next();
    List<String> arguments =
        List.of(
            "store",
            "--warm",
            "--port=" + port,
            "--control-port=" + controlPort,
            "--servers=" + physics.servers(),
            "--cache-keys=" + physics.cacheKeys(),
            "--hit=" + millis(physics.hitSeconds()) + "ms",
            "--miss=" + millis(physics.missSeconds()) + "ms",
            "--seed=" + seed);
    Child process =
        bench
            .children()
            .start("store", directory.resolve("logs"), JavaCommand.ofClass(main, arguments));
    StoreProcess store = new StoreProcess(bench, port, controlPort, process);
    store.awaitUp();
    return store;
  }

  private static long millis(double seconds) {
    return Math.round(seconds * 1e3);
  }

  private void awaitUp() {
    boolean[] up = {false};
    boolean held =
        bench.await(
            bench
                .loop()
                .until(
                    () -> {
                      var unused = link.stats().onSuccess(stats -> up[0] = stats.getBoolean("up"));
                      return up[0] || !process.alive();
                    },
                    ASK_PERIOD_NANOS,
                    BOUND.toNanos()),
            BOUND,
            "the store");
    if (!held || !process.alive()) {
      throw new RunFailedException("the store did not start, it wrote " + process.log());
    }
  }

  public int port() {
    return port;
  }

  public int controlPort() {
    return controlPort;
  }

  /** Its samples, its arrivals, its commands; to be used on the event loop. */
  public StoreLink link() {
    return link;
  }

  /**
   * Gives a command such as {@code /down} and waits until it is done.
   *
   * @return when the store last came up or went down, in nanoseconds of the clock all share
   */
  public long command(String path) {
    return bench.result(() -> link.command(path), "the store's " + path).getLong("changed_nanos");
  }

  public void stop() {
    bench.children().stop(List.of(process));
  }
}
