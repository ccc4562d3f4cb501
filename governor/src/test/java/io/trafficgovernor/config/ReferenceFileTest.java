package io.trafficgovernor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ConfigLoader.Faulty;
import io.trafficgovernor.config.ConfigLoader.Loaded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The reference file and the loader must not drift apart. */
class ReferenceFileTest {
  private static String reference() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            ConfigLoader.class.getResourceAsStream("/reference.yaml"), "reference.yaml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static ConfigLoader.Result parse(String yaml) {
    return new ConfigLoader(Map.of(), 2).parse(yaml);
  }

  private static List<String> faults(String yaml) {
    return parse(yaml) instanceof Faulty faulty
        ? faulty.faults().stream().map(Fault::text).toList()
        : List.of();
  }

  @Test
  void file_passes() throws IOException {
    assertThat(faults(reference())).isEmpty();
    assertThat(parse(reference())).isInstanceOf(Loaded.class);
  }

  /** The message on an unknown key names all that are known: each must stand in the file. */
  @Test
  void file_holdsEveryKey() throws IOException {
    String reference = reference();
    List<String> known = new ArrayList<>();
    String everywhere =
        reference
            .replaceAll(
                "(?m)^(node|listen|operator|cluster|ramp|retries|cache|journal|tenants):",
                "$1:\n  zz: 1\n ")
            .replace("# inherit:", "inherit:\n  secret: 0123456789abcdef\n  zz: 1")
            .replace("name: kv", "name: kv\n    zz: 1")
            .replace("  probe:", "  probe:\n      zz: 1")
            .replace("{ name: oncall", "{ zz: 1, name: oncall")
            .replace("- name: config", "- name: config\n    zz: 1")
            .replace("{ path: /login", "{ zz: 1, path: /login")
            .replace("open-answer:", "open-answer:\n      zz: 1")
            .replace("{ tenant: acme", "{ zz: 1, tenant: acme")
            .replace("one-time: {", "one-time: { zz: 1,")
            .replace("linear: {", "linear: { zz: 1,")
            .replace("exponential: {", "exponential: { zz: 1,")
            .replace("{ rate: 200/s", "{ zz: 1, rate: 200/s")
            .replace("{ cookie: sid }", "{ zz: 1, cookie: sid }");
    for (String text : faults(everywhere + "\nzz: 1\n")) {
      assertThat(text).contains("no such key here");
      known.addAll(Arrays.asList(text.substring(text.indexOf("allowed: ") + 9).split(", ")));
    }

    assertThat(known).hasSizeGreaterThan(50).contains("sha256", "dwell", "cookie", "expect");
    assertThat(known).allSatisfy(key -> assertThat(reference).containsPattern("\\b" + key + ":"));
  }
}
