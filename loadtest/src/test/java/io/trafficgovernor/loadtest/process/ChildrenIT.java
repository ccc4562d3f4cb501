package io.trafficgovernor.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.process.Children.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends exactly what it started, also what does not want to end, also when it is told to stop. */
final class ChildrenIT {
  private static final List<String> SLEEP = List.of("sleep", "600");

  @TempDir private Path logs;

  @Test
  void close_endsItsOwnAndNobodyElse() throws Exception {
    Process stranger = new ProcessBuilder(SLEEP).start();
    try (Children other = new Children()) {
      Child others = other.start("other", logs, SLEEP);
      Children children = new Children();
      Child one = children.start("one", logs, SLEEP);
      Child two = children.start("two", logs, SLEEP);
      children.close();
      assertThat(one.alive()).isFalse();
      assertThat(two.alive()).isFalse();
      assertThat(others.alive()).isTrue();
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void stop_endsOneAndLeavesTheOthers() {
    try (Children children = new Children()) {
      Child one = children.start("one", logs, SLEEP);
      Child two = children.start("two", logs, SLEEP);
      children.stop(one);
      assertThat(one.alive()).isFalse();
      assertThat(two.alive()).isTrue();
    }
  }

  @Test
  void childThatIgnoresTheSignal_isKilled() throws Exception {
    Children children = new Children();
    Child deaf =
        children.start(
            "deaf",
            logs,
            List.of("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> Files.readString(deaf.log()).contains("ready"));
    children.close();
    assertThat(deaf.alive()).isFalse();
  }

  @Test
  void output_isInTheLog() throws Exception {
    try (Children children = new Children()) {
      Child echo = children.start("echo", logs, List.of("sh", "-c", "echo out; echo err >&2"));
      assertThat(echo.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(echo.log())).isEqualTo("out\nerr\n");
    }
  }

  @Test
  void nothing_isStartedAfterTheClose() {
    Children children = new Children();
    children.close();
    assertThatThrownBy(() -> children.start("late", logs, SLEEP))
        .hasMessage("late is not started: we are closing");
  }

  @Test
  void programThatIsNotThere_isAFault() {
    try (Children children = new Children()) {
      assertThatThrownBy(() -> children.start("ghost", logs, List.of("/no/such/program")))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot start ghost");
    }
  }

  /** What a Ctrl-C does: the process is told to stop, and its children go with it. */
  @Test
  void processThatIsToldToStop_takesItsChildrenAlong() throws Exception {
    Path pids = logs.resolve("pids");
    try (Children children = new Children()) {
      Child parent =
          children.start(
              "parent",
              logs,
              JavaCommand.ofClass(Parent.class, List.of(logs.toString(), pids.toString())));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> Files.exists(pids) && Files.readString(pids).endsWith("\n"));
      long child = Long.parseLong(Files.readString(pids).trim());
      assertThat(ProcessHandle.of(child)).isPresent();
      parent.process().destroy();
      assertThat(parent.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  /** A program that starts a child, writes down its id and waits to be stopped. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
      Child child = new Children().start("child", Path.of(arguments[0]), SLEEP);
      Files.writeString(Path.of(arguments[1]), child.process().pid() + "\n");
      child.process().waitFor();
    }
  }
}
