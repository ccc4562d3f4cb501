package io.trafficgovernor.loadtest.shell;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a command writes for people: lines that stay, and a status block that is redrawn in place
 * on a terminal and printed anew elsewhere. Thread-safe.
 */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean redraws;
  private int drawn;

  /**
   * A console on these streams.
   *
   * @param redraws whether {@code out} understands ANSI escapes
   */
  public Console(PrintStream out, PrintStream err, boolean redraws) {
    this.out = requireNonNull(out, "out");
    this.err = requireNonNull(err, "err");
    this.redraws = redraws;
  }

  /** The console of this process; it redraws if a person sits in front of it. */
  public static Console ofProcess() {
    String terminal = System.getenv("TERM");
    boolean redraws = outIsTerminal() && terminal != null && !terminal.equals("dumb");
    return new Console(System.out, System.err, redraws);
  }

  /** Asked of the system: the JDK's own answer changed its meaning with release 22. */
  private static boolean outIsTerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException notThisSystem) {
      return false;
    }
  }

  /** Writes a line that stays. */
  public synchronized void line(String text) {
    drawn = 0;
    out.println(text);
    out.flush();
  }

  /** Writes a line about what went wrong. */
  public synchronized void error(String text) {
    drawn = 0;
    err.println(text);
    err.flush();
  }

  /** Shows these lines in place of the last status. */
  public synchronized void status(List<String> lines) {
    if (redraws && drawn > 0) {
      out.print("\033[" + drawn + "A\033[J");
    }
    lines.forEach(out::println);
    out.flush();
    drawn = lines.size();
  }
}
