package io.trafficgovernor.loadtest.process;

/** The process that started this one. */
public final class Parent {
  /** What a shell reports of a program that was told to terminate. */
  private static final int TERMINATED = 143;

  private Parent() {}

  /**
   * Ends this process, hooks included, as soon as its parent is gone. Without it a killed build
   * tool would leave a replay and its children behind.
   */
  public static void endWith() {
    ProcessHandle.current()
        .parent()
        .ifPresent(
            parent -> {
              var unused = parent.onExit().thenRun(() -> System.exit(TERMINATED));
            });
  }
}
