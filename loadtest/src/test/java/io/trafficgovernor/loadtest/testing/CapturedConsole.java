package io.trafficgovernor.loadtest.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.trafficgovernor.loadtest.shell.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** A console that redraws nothing, and what was written to it. */
public final class CapturedConsole {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console =
      new Console(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false);

  public Console console() {
    return console;
  }

  /** What went to the standard output. */
  public String out() {
    return out.toString(UTF_8);
  }

  /** What went to the standard error. */
  public String err() {
    return err.toString(UTF_8);
  }
}
