package io.trafficgovernor.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JavaCommandTest {
  @Test
  void command_runsOnThisJdk() {
    List<String> command = JavaCommand.ofJar(Path.of("a.jar"), List.of("run", "--config=b c"));
    assertThat(Files.isExecutable(Path.of(command.get(0)))).isTrue();
    assertThat(command.get(0)).startsWith(System.getProperty("java.home"));
    assertThat(command).containsSubsequence("-jar", "a.jar", "run", "--config=b c");
  }

  @Test
  void classCommand_hasThisClassPath() {
    List<String> command = JavaCommand.ofClass(JavaCommandTest.class, List.of("x"));
    assertThat(command)
        .containsSubsequence(
            "-cp", System.getProperty("java.class.path"), JavaCommandTest.class.getName(), "x");
  }
}
