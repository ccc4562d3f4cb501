package io.trafficgovernor.config.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/b, /a/b",
    "/a/b?c=/../d, /a/b",
    "/a#b, /a",
    "/a/, /a",
    "/a//b, /a/b",
    "//a, /a",
    "//, /",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/../../a, /a",
    "/a/.., /",
    "/a/%2e%2E/b, /b",
    "/%63onfig/x, /config/x",
    "/a%2fb, /a%2Fb",
    "/a%2Fb, /a%2Fb",
    "/a%5cb, /a%5Cb",
    "/a%, /a%25",
    "/a%4, /a%254",
    "/a%zz, /a%25zz",
    "/a/%%32%65%%32%65/b, /a/%252e%252e/b",
    "/a.b/.c, /a.b/.c",
    "/a/.../b, /a/.../b",
    "/caf%c3%a9, /caf%C3%A9",
    "*, *",
  })
  void of_bringsIntoOneForm(String target, String normal) {
    assertThat(NormalPath.of(target)).isEqualTo(normal);
  }

  @Test
  void of_twice_changesNothing() {
    Random random = new Random(612);
    String alphabet = "ab./%2eEfF5c?";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder target = new StringBuilder("/");
      int length = random.nextInt(12);
      for (int j = 0; j < length; j++) {
        target.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String once = NormalPath.of(target.toString());
      assertThat(NormalPath.of(once)).as("target %s", target).isEqualTo(once);
      assertThat(once).startsWith("/").doesNotContain("//").doesNotContain("/../");
    }
  }
}
