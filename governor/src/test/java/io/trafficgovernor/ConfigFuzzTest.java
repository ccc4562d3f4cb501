package io.trafficgovernor;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Whatever stands in a configuration file: it is sound, or all that is wrong is named, with where,
 * what was got and what is allowed; never an exception, never no answer. {@code -Dseed} repeats a
 * run, {@code -Dseeds} says how many.
 */
final class ConfigFuzzTest {
  private static final int RUNS = 400;
  private static final int MAX_CHANGES = 4;

  /** What a fault says beside its path: see the class comment of the loader. */
  private static final Pattern SAYS =
      Pattern.compile(
          "(?s)(got .*|is missing; allowed.*|is missing|no such key here.*|is empty|is not YAML: .+"
              + "|item \\d+: allowed.*|.* allowed.*|is for voters; .*|is never reached: .*)");

  private static final List<String> VALUES =
      List.of(
          "",
          "~",
          "null",
          "-1",
          "0",
          "1e999",
          ".nan",
          "99999999999999999999",
          "0x10",
          "1_000",
          "010",
          "true",
          "no",
          "\"\"",
          "\" \"",
          "[]",
          "{}",
          "[ [] ]",
          "{ a: { b: [ {} ] } }",
          "*a",
          "&a 1",
          "!!java.net.URL [ x ]",
          "!!binary aGk=",
          "|",
          ">-",
          "\"\\u0000\"",
          "\"\\ud83d\"",
          "5s",
          "-5s",
          "1h30",
          "999999999999h",
          "10%",
          "1/s",
          "-1/s",
          "1KiB",
          "99999999TiB",
          "http://",
          "http://a/b",
          "127.0.0.1:0",
          "127.0.0.1:99999",
          "[::1",
          "/**/**",
          "/a/../b",
          "/%zz",
          "2026-01-01",
          "\u00e9",
          "a: b: c",
          "- - -",
          "'",
          "\"",
          "#",
          "%",
          "@",
          "`",
          "? x",
          "x".repeat(5_000));

  @TempDir private Path folder;

  private static String text(String resource) throws IOException {
    try (InputStream in = ConfigFuzzTest.class.getResourceAsStream(resource)) {
      byte[] bytes = Objects.requireNonNull(in, resource).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static String changed(String yaml, Random random) {
    List<String> lines = new ArrayList<>(yaml.lines().filter(each -> !each.isBlank()).toList());
    for (int i = 1 + random.nextInt(MAX_CHANGES); i > 0 && !lines.isEmpty(); i--) {
      int at = random.nextInt(lines.size());
      String line = lines.get(at);
      int colon = line.indexOf(':');
      int within = random.nextInt(line.length() + 1);
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(9)) {
        case 0 -> lines.remove(at);
        case 1 -> lines.add(at, line);
        case 2 -> lines.set(at, "  " + line);
        case 3 -> lines.set(at, line.stripLeading());
        case 4 -> lines.set(at, line.substring(0, within));
        case 5 -> lines.set(at, line.substring(0, within) + value + line.substring(within));
        case 6 -> lines.add(at, lines.remove(random.nextInt(lines.size())));
        case 7 ->
            lines.set(
                at,
                line.substring(0, within) + (char) random.nextInt(256) + line.substring(within));
        default -> lines.set(at, colon < 0 ? value : line.substring(0, colon + 1) + " " + value);
      }
    }
    return String.join("\n", lines);
  }

  /** How many of the changed files were sound. */
  private static int fuzz(long seed, int runs) throws IOException {
    Random random = new Random(seed);
    String whole =
        text("/reference.yaml")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.joining("\n"));
    int sound = 0;
    for (int i = 0; i < runs; i++) {
      String yaml = changed(whole, random);
      String run = "-Dseed=" + seed + ", run " + i + ":\n" + yaml;
      ConfigLoader.Result result;
      try {
        result = new ConfigLoader(Map.of(), 2).parse(yaml);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError(run, e);
      }
      if (result instanceof ConfigLoader.Faulty faulty) {
        assertThat(faulty.faults()).as(run).isNotEmpty();
        faulty.faults().forEach(fault -> assertSays(fault, run));
      } else {
        sound++;
      }
    }
    return sound;
  }

  private static void assertSays(Fault fault, String run) {
    boolean somewhere = !fault.path().isEmpty() || fault.line().isPresent();
    boolean nothing = fault.message().equals("is empty");
    if (!SAYS.matcher(fault.message()).matches() || !(somewhere || nothing)) {
      throw new AssertionError("says too little: " + fault.text() + "\nin " + run);
    }
  }

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void file_ofWhateverKind() throws Exception {
    int sound = fuzz(Long.getLong("seed", 20_260_612), RUNS);
    assertThat(sound).as("some changes do no harm, most do").isBetween(RUNS / 100, RUNS * 9 / 10);
  }

  @Test
  @Tag("night")
  void file_ofWhateverKind_throughTheNight() throws Exception {
    for (int seed = 0; seed < Integer.getInteger("seeds", 200); seed++) {
      int unused = fuzz(seed, RUNS);
    }
  }

  /** What a reader of YAML is attacked with: depth, aliases of aliases, length. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void file_madeToHurt() {
    StringBuilder bomb = new StringBuilder("a: &a [ x, x ]\n");
    for (char c = 'b'; c < 'z'; c++) {
      bomb.append("%c: &%c [ *%c, *%c, *%c ]\n".formatted(c, c, c - 1, c - 1, c - 1));
    }
    for (String yaml :
        List.of(
            "[".repeat(5_000),
            "a: ".repeat(2_000),
            "{ a: ".repeat(2_000),
            bomb.toString(),
            "- ".repeat(5_000),
            "a: \"" + "x".repeat(5_000_000) + "\"",
            "&a [ *a ]")) {
      ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(yaml);
      assertThat(result).isInstanceOf(ConfigLoader.Faulty.class);
      assertThat(((ConfigLoader.Faulty) result).faults()).isNotEmpty();
    }
  }

  /** The command line says the same of bytes that are no text at all, and ends with 2. */
  @Test
  void check_endsWithTwo() throws IOException {
    Random random = new Random(Long.getLong("seed", 7));
    Path file = folder.resolve("governor.yaml");
    for (int i = 0; i < 50; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      Files.write(file, bytes);
      StringWriter err = new StringWriter();
      CommandLine line = Main.commandLine().setErr(new PrintWriter(err));
      assertThat(line.execute("check", "--config", file.toString())).isEqualTo(2);
      assertThat(err.toString()).contains("governor.yaml: ").doesNotContain("Exception", "\tat ");
    }
  }
}
