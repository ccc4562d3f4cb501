package io.trafficgovernor.cluster.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs TLC on one of the modules of {@code src/test/tla} in a process of its own. */
final class ModelChecker {
  private static final Path MODULES = Path.of("src/test/tla");
  private static final Pattern STATES = Pattern.compile("([\\d,]+) distinct states found");
  private static final String SOUND = "No error has been found";
  private static final String SURGE = "Invariant NoSurge is violated";

  private ModelChecker() {}

  /**
   * What came out.
   *
   * @param states distinct ones that were looked at
   * @param output everything TLC wrote
   */
  record Outcome(boolean sound, boolean surge, long states, String output) {}

  /** Two nodes, one ceiling, and that module with those constants. */
  static Outcome check(String module, Map<String, Object> constants, Path work, long seconds)
      throws IOException, InterruptedException {
    Files.copy(MODULES.resolve(module + ".tla"), work.resolve(module + ".tla"));
    Files.writeString(work.resolve(module + ".cfg"), configuration(constants));
    Path output = work.resolve("tlc.txt");
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseParallelGC",
                "-Xmx1g",
                "-Djava.io.tmpdir=" + work,
                "-cp",
                System.getProperty("java.class.path"),
                "tlc2.TLC",
                "-workers",
                "auto",
                "-deadlock",
                "-metadir",
                work.resolve("states").toString(),
                module)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    process.destroyForcibly();
    String text = Files.readString(output);
    if (!ended) {
      throw new AssertionError(module + " took more than " + seconds + " s:\n" + text);
    }
    return new Outcome(text.contains(SOUND), text.contains(SURGE), states(text), text);
  }

  private static String configuration(Map<String, Object> constants) {
    Map<String, Object> all = new LinkedHashMap<>(constants);
    all.put("n1", "n1");
    all.put("n2", "n2");
    all.put("Node", "{n1, n2}");
    StringBuilder text = new StringBuilder("CONSTANTS\n");
    all.forEach((name, value) -> text.append(" " + name + " = " + value + "\n"));
    return text
        + "SYMMETRY Symmetry\nINIT Init\nNEXT Next\nINVARIANT NoSurge\nCHECK_DEADLOCK FALSE\n";
  }

  private static long states(String text) {
    Matcher matcher = STATES.matcher(text);
    long states = 0;
    while (matcher.find()) {
      states = Long.parseLong(matcher.group(1).replace(",", ""));
    }
    return states;
  }
}
