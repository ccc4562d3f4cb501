package io.trafficgovernor.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A shell starts a store and is killed. */
final class ParentIT {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void child_endsWithItsParentIfAsked(boolean asked) throws Exception {
    Process shell = shell(asked ? Stream.of("--end-with-parent") : Stream.of());
    String greeting = shell.inputReader().readLine();
    ProcessHandle store = shell.children().findFirst().orElseThrow();
    try {
      assertThat(greeting).contains("store");

      shell.destroyForcibly();

      assertThat(endsWithin(store, asked ? 20 : 2)).isEqualTo(asked);
    } finally {
      store.destroyForcibly();
    }
  }

  private static Process shell(Stream<String> option) throws IOException {
    List<String> arguments =
        Stream.concat(option, Stream.of("store", "--port", "0", "--control-port", "0")).toList();
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" & wait", "sh"));
    command.addAll(JavaCommand.ofClass(LoadTest.class, arguments));
    return new ProcessBuilder(command)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectErrorStream(true)
        .start();
  }

  private static boolean endsWithin(ProcessHandle process, long seconds) throws Exception {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
