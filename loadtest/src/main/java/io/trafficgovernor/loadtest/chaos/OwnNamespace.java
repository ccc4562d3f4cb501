package io.trafficgovernor.loadtest.chaos;

import io.trafficgovernor.loadtest.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** This program once more, in a network namespace of its own, with the same words. */
public final class OwnNamespace {
  /** The word by which the program knows that it is in there. */
  public static final String WORD = "--in-namespace";

  private OwnNamespace() {}

  /** Whether this machine lets us have one. */
  public static boolean permitted() {
    return Separation.permitted();
  }

  /** Makes the namespace that this process is in fit for the run. */
  public static void prepare() {
    Separation.prepare();
  }

  /**
   * Runs it there and waits for its end; what it writes goes where this process writes. It ends
   * with this process at the latest.
   *
   * @return its exit code
   */
  public static int run(Class<?> main, List<String> words) {
    List<String> command = new ArrayList<>(Separation.OWN_NAMESPACE);
    List<String> arguments = new ArrayList<>(List.of("--end-with-parent"));
    arguments.addAll(words);
    arguments.add(WORD);
    command.addAll(JavaCommand.ofClass(main, arguments));
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }
}
