package io.trafficgovernor.loadtest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes this one started. {@link #close} ends exactly these, by their handles, first
 * politely and then for good; it also runs when this process is told to stop. Thread-safe.
 */
public final class Children implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Children.class);
  private static final long POLITE_SECONDS = 5;
  private static final long FORCED_SECONDS = 5;

  /** More children than this are a defect. */
  private static final int LIMIT = 64;

  private final List<Child> started = new ArrayList<>();
  private final Thread hook = new Thread(this::stopAll, "children-end");
  private boolean closed;

  /** No children yet; whatever comes is ended with this process at the latest. */
  public Children() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * A process that was started here.
   *
   * @param name for people
   * @param log file that holds all it wrote
   */
  public record Child(String name, Process process, Path log) {
    /** Whether it still runs. */
    public boolean alive() {
      return process.isAlive();
    }

    /**
     * Sends it a signal by its name, such as STOP.
     *
     * @throws UncheckedIOException if this system has no {@code kill}
     */
    public void signal(String name) {
      try {
        Process kill =
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (kill.waitFor() != 0) {
          LOG.warn("{} could not be sent the signal {}", this.name, name);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Ends it at once, without a chance to tidy up. */
    public void kill() {
      process.destroyForcibly();
    }
  }

  /**
   * Starts a process whose output is added to a file in {@code logs}.
   *
   * @throws UncheckedIOException if it cannot be started
   * @throws IllegalStateException after {@link #close}
   */
  public synchronized Child start(String name, Path logs, List<String> command) {
    if (closed || started.size() == LIMIT) {
      throw new IllegalStateException(
          "%s is not started: %s".formatted(name, closed ? "we are closing" : "too many children"));
    }
    try {
      Files.createDirectories(logs);
      Path log = logs.resolve(name + ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Child child = new Child(name, process, log);
      started.add(child);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name + " by " + command, e);
    }
  }

  /** Ends one of them and waits until it is gone. */
  public void stop(Child child) {
    stop(List.of(child));
  }

  /** Ends some of them at the same time and waits until they are gone. */
  public void stop(List<Child> children) {
    end(children);
    synchronized (this) {
      started.removeAll(children);
    }
  }

  /** Ends all of them and waits until they are gone. No other can be started afterwards. */
  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyStopping) {
      LOG.debug("the hook runs already");
    }
  }

  private void stopAll() {
    List<Child> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(started);
      started.clear();
    }
    end(all);
  }

  private static void end(List<Child> children) {
    children.forEach(child -> child.process().destroy());
    // One that was told to stand still cannot hear that it is to end.
    children.stream().filter(Child::alive).forEach(child -> child.signal("CONT"));
    for (Child child : children) {
      if (!ended(child, POLITE_SECONDS)) {
        LOG.warn("{} does not stop and is killed", child.name());
        child.process().destroyForcibly();
        if (!ended(child, FORCED_SECONDS)) {
          LOG.error("{}, process {}, is still there", child.name(), child.process().pid());
        }
      }
    }
  }

  private static boolean ended(Child child, long seconds) {
    try {
      var unused = child.process().onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !child.alive();
    }
  }
}
