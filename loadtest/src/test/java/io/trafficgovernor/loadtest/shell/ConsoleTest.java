package io.trafficgovernor.loadtest.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConsoleTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Console console(boolean redraws) {
    return new Console(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        redraws);
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void status_isRedrawnInPlaceOnATerminal() {
    Console console = console(true);
    console.status(List.of("a", "b"));
    console.status(List.of("c", "d"));
    assertThat(written()).isEqualTo("a\nb\n\033[2A\033[Jc\nd\n");
  }

  @Test
  void status_isPrintedAnewElsewhere() {
    Console console = console(false);
    console.status(List.of("a"));
    console.status(List.of("b"));
    assertThat(written()).isEqualTo("a\nb\n");
  }

  @Test
  void line_staysAboveTheNextStatus() {
    Console console = console(true);
    console.status(List.of("a"));
    console.line("stays");
    console.status(List.of("b"));
    assertThat(written()).isEqualTo("a\nstays\nb\n");
  }

  @Test
  void error_goesToTheOtherStream() {
    Console console = console(true);
    console.error("wrong");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("wrong\n");
    assertThat(written()).isEmpty();
  }
}
