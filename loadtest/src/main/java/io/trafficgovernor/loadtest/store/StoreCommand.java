package io.trafficgovernor.loadtest.store;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.shell.LoopScheduler;
import io.trafficgovernor.loadtest.shell.Units;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtest store}: the live store alone, until it is stopped. */
@Command(
    name = "store",
    description = "A store that dies and comes back cold, on a real port of the loopback address.")
public final class StoreCommand implements Callable<Integer> {
  private static final long START_SECONDS = 20;

  private final Console console;

  @Option(names = "--port", defaultValue = "9000", description = "its port (${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--control-port",
      defaultValue = "0",
      description = "port of the control endpoint; 0 takes any (${DEFAULT-VALUE})")
  private int controlPort;

  @Option(
      names = "--down-for",
      defaultValue = "0s",
      converter = Units.DurationOption.class,
      description = "begin dead, and return after that time (${DEFAULT-VALUE})")
  private Duration downFor = Duration.ZERO;

  @Option(
      names = "--quota",
      defaultValue = "off",
      converter = Units.RateOption.class,
      description = "answer at most that many, the others with 429: 300/s or off")
  private double quota;

  @Option(names = "--warm", description = "begin with a full cache")
  private boolean warm;

  @Option(names = "--cold", description = "begin with an empty cache; the default")
  private boolean cold;

  @Option(
      names = "--servers",
      defaultValue = "16",
      description = "requests served at a time (${DEFAULT-VALUE})")
  private int servers;

  @Option(
      names = "--cache-keys",
      defaultValue = "7200",
      description = "keys its cache holds (${DEFAULT-VALUE})")
  private int cacheKeys;

  @Option(
      names = "--hit",
      defaultValue = "10ms",
      converter = Units.DurationOption.class,
      description = "mean service time of a cached key (${DEFAULT-VALUE})")
  private Duration hit = Duration.ZERO;

  @Option(
      names = "--miss",
      defaultValue = "100ms",
      converter = Units.DurationOption.class,
      description = "mean service time of any other key (${DEFAULT-VALUE})")
  private Duration miss = Duration.ZERO;

  @Option(names = "--seed", defaultValue = "1", description = "of the noise (${DEFAULT-VALUE})")
  private long seed;

  /** A command that writes to that console. */
  public StoreCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  @Override
  public Integer call() throws InterruptedException {
    if (warm && cold) {
      console.error("store: got --warm and --cold, allowed one of them");
      return 2;
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      open(vertx);
    } catch (ExecutionException | TimeoutException e) {
      console.error("store: it cannot start: " + e.getMessage());
      var unused = vertx.close();
      return 1;
    }
    // It runs until a signal ends the process.
    new CountDownLatch(1).await();
    return 0;
  }

  private void open(Vertx vertx) throws InterruptedException, ExecutionException, TimeoutException {
    SystemTicker ticker = new SystemTicker();
    LoopScheduler loop = new LoopScheduler(vertx, ticker);
    StoreSettings settings = StoreSettings.usual(servers, hit, miss, cacheKeys);
    LiveStore store =
        new LiveStore(vertx, loop, ticker, settings, new SplittableRandom(seed), port);
    StoreControl control =
        loop.call(() -> new StoreControl(vertx, loop, store)).get(START_SECONDS, TimeUnit.SECONDS);
    int opened =
        control
            .listen(controlPort)
            .toCompletionStage()
            .toCompletableFuture()
            .get(START_SECONDS, TimeUnit.SECONDS);
    loop.call(() -> begin(store, control, loop))
        .get(START_SECONDS, TimeUnit.SECONDS)
        .toCompletionStage()
        .toCompletableFuture()
        .get(START_SECONDS, TimeUnit.SECONDS);
    console.line(
        "store: http://127.0.0.1:%d, %s, cold %.0f/s, warm %.0f/s, seed %d"
            .formatted(
                port,
                downFor.isZero() ? "up" : "down for " + downFor.toMillis() + " ms",
                settings.capacity(0),
                settings.capacity(1),
                seed));
    console.line("store: control http://127.0.0.1:%d (GET /stats)".formatted(opened));
  }

  private Future<?> begin(LiveStore store, StoreControl control, LoopScheduler loop) {
    long now = loop.nowNanos();
    control.quota(quota, now);
    if (downFor.isZero()) {
      control.up(now);
    } else {
      control.down(downFor.toNanos(), now);
    }
    if (warm) {
      store.model().warm();
    }
    return store.settled();
  }
}
