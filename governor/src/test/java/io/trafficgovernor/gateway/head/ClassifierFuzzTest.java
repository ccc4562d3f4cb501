package io.trafficgovernor.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.pattern.NormalPath;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the target: a class and no exception, in time that grows as its length does; and targets
 * that a backend may take for one and the same have one and the same class. {@code -Dseed} repeats
 * a run, {@code -Dseeds} says how many.
 */
final class ClassifierFuzzTest {
  private static final int RUNS = 50_000;
  private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();
  private static final List<String> METHODS = List.of("GET", "PUT", "POST", "", "G\0T");
  private static final List<String> PIECES =
      List.of(
          "/", "//", "/.", "/..", "/../", "/./", "%2e", "%2E%2e", "%2f", "%2F", "%", "%%", "%2",
          "%32", "%65", "%zz", "%00", "%63", "config", "users", "login", "7", "a", ";v=1", "?", "#",
          "\\", "%5c", "*", "**", "\u00e9", "\u0000", "\ud83d", " ", "~", "-", "_", "+", ":", "@");

  private final Classifier classifier = new Classifier(classes());

  private static List<ClassConfig> classes() {
    String yaml =
        """
        node: { name: gw-1 }
        backends: [ { name: kv, origins: [ "http://a" ], reference-rate: 1/s } ]
        classes:
          - { name: config, match: [ { path: "/config/**" } ] }
          - { name: login, match: [ { path: "/login", method: [ POST ] }, { path: "/users/*/login" } ] }
          - { name: deep, match: [ { path: "/a/*/*/**" } ] }
          - { name: rest, default: true }
        cluster: { members: [ "127.0.0.1:5701" ] }
        """;
    ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(yaml);
    assertThat(result).isInstanceOf(ConfigLoader.Loaded.class);
    GovernorConfig config = ((ConfigLoader.Loaded) result).config();
    return config.classes();
  }

  private static String target(Random random) {
    StringBuilder target = new StringBuilder(random.nextInt(20) == 0 ? "" : "/");
    for (int i = random.nextInt(12); i > 0; i--) {
      target.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return target.toString();
  }

  /** The same path in another spelling. RFC 3986 section 6.2.2. */
  private static String respelled(String path, Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean inEscape =
          (i > 0 && path.charAt(i - 1) == '%') || (i > 1 && path.charAt(i - 2) == '%');
      if (c == '/' && random.nextInt(4) == 0) {
        out.append(List.of("//", "/./", "/x/../", "/%2e/", "/y/%2E%2e/").get(random.nextInt(5)));
      } else if (letter && !inEscape && random.nextInt(4) == 0) {
        out.append(String.format("%%%02" + (random.nextBoolean() ? "x" : "X"), (int) c));
      } else {
        out.append(c);
      }
    }
    return out + List.of("", "?", "?a=/config", "#x").get(random.nextInt(4));
  }

  private void fuzz(long seed, int runs) {
    Random random = new Random(seed);
    for (int i = 0; i < runs; i++) {
      String target = target(random);
      String method = METHODS.get(random.nextInt(METHODS.size()));
      String run = "-Dseed=" + seed + ", run " + i + ": " + method + " <" + target + ">";
      Classifier.Kind kind = classifier.kind(method, target, NONE);
      assertThat(kind.rank()).as(run).isBetween(0, 3);
      assertThat(classifier.kind(method, target, NONE)).as(run).isEqualTo(kind);
      String normal = NormalPath.of(target);
      assertThat(NormalPath.of(normal)).as(run).isEqualTo(normal);
      assertThat(classifier.kind(method, normal, NONE)).as(run).isEqualTo(kind);
      if (normal.startsWith("/")) {
        String other = respelled(normal, random);
        assertThat(classifier.kind(method, other, NONE)).as(run + " as " + other).isEqualTo(kind);
      }
    }
  }

  @Test
  void target_ofWhateverKind() {
    fuzz(Long.getLong("seed", 20_260_612), RUNS);
  }

  @Test
  @Tag("night")
  void target_ofWhateverKind_throughTheNight() {
    for (int seed = 0; seed < Integer.getInteger("seeds", 200); seed++) {
      fuzz(seed, RUNS);
    }
  }

  /** Two million characters: what grows with the square of the length does not come back. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "/..", "/../", "/a", "%2e", "%", "/%2e%2e", "?", ";", "/a/*/", "."})
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void target_ofWhateverLength(String piece) {
    String target = "/a" + piece.repeat(2_000_000 / piece.length()) + "/config";
    assertThat(classifier.kind("GET", target, NONE).rank()).isBetween(0, 3);
  }
}
