package io.trafficgovernor.process;

import io.trafficgovernor.config.GovernorConfig;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops of a node, in two houses that share nothing: requests of clients in one, operator
 * and probe in the other, so that a flood of the first never keeps the second from answering.
 * Blocking; to be used from the main thread and the shutdown hook.
 */
final class Loops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loops.class);
  private static final int CONTROL_LOOPS = 2;
  private static final int CONTROL_WORKERS = 2;
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Vertx control = Vertx.vertx(options(CONTROL_LOOPS, CONTROL_WORKERS));
  private final Vertx data;

  Loops(GovernorConfig.Listen listen) {
    this.data = Vertx.vertx(options(listen.eventLoops(), 1));
  }

  /** Nothing of ours is read through Vert.x: no cache directory is left behind. */
  private static VertxOptions options(int loops, int workers) {
    return new VertxOptions()
        .setEventLoopPoolSize(loops)
        .setWorkerPoolSize(workers)
        .setInternalBlockingPoolSize(workers)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  Vertx control() {
    return control;
  }

  /** Lets an operator's door listen. */
  void open(GovernorConfig.Operator where, Supplier<? extends Deployable> door)
      throws StartFailedException {
    String place = "operator: " + where.host() + ":" + where.port();
    String unused = result(control.deployVerticle(door, new DeploymentOptions()), place);
  }

  /**
   * Lets the clients' doors listen, one on each loop; the result is what {@link #shut} asks for.
   */
  String open(GovernorConfig.Listen where, Supplier<? extends Deployable> door)
      throws StartFailedException {
    DeploymentOptions each = new DeploymentOptions().setInstances(where.eventLoops());
    return result(data.deployVerticle(door, each), "listen: " + where.host() + ":" + where.port());
  }

  /** Lets something of our own work on one of the clients' loops. */
  void add(Deployable work) throws StartFailedException {
    String unused = result(data.deployVerticle(work), "journal");
  }

  private static <T> T result(Future<T> future, String place) throws StartFailedException {
    try {
      return future.toCompletionStage().toCompletableFuture().get(BOUND.toMillis(), MILLIS);
    } catch (ExecutionException | CompletionException | TimeoutException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartFailedException(place + " cannot be listened on: " + cause.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailedException(place + ": interrupted", e);
    }
  }

  private static final TimeUnit MILLIS = TimeUnit.MILLISECONDS;

  /** Closes the clients' doors and waits for the requests in flight. */
  void shut(String deployment, Duration bound) {
    quietly(data.undeploy(deployment), bound, "requests in flight");
  }

  @Override
  public void close() {
    quietly(data.close(), BOUND, "event loops of the clients");
    quietly(control.close(), BOUND, "event loops of the operator");
  }

  private static void quietly(Future<?> future, Duration bound, String what) {
    try {
      var unused = future.toCompletionStage().toCompletableFuture().get(bound.toMillis(), MILLIS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} did not end in {} ms: {}", what, bound.toMillis(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
