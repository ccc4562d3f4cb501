package io.trafficgovernor.config.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {
  private static PathPattern pattern(String text) {
    return PathPattern.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "/config/**, /config, true",
    "/config/**, /config/a, true",
    "/config/**, /config/a/b, true",
    "/config/**, /configs, false",
    "/config/**, /, false",
    "/a/*/b, /a/x/b, true",
    "/a/*/b, /a/b, false",
    "/a/*/b, /a/x/y/b, false",
    "/a/*/b, /a/x/b/c, false",
    "/a, /a, true",
    "/a, /a/b, false",
    "/a, /b, false",
    "/, /, true",
    "/, /a, false",
    "/**, /, true",
    "/**, /a/b/c, true",
    "/*, /a, true",
    "/*, /, false",
    "/*, *, false",
    "/a%2Fb, /a%2Fb, true",
  })
  void matches_bySegments(String pattern, String path, boolean expected) {
    assertThat(pattern(pattern).matches(path)).isEqualTo(expected);
    assertThat(pattern(pattern).text()).isEqualTo(pattern);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "/a*", "/*a", "/**/a", "/a//b", "/a/", "/a/../b", "/%61", "/a?b", "/a/**b"
      })
  void parse_malformed_isEmpty(String text) {
    assertThat(PathPattern.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/**, /a/*, true",
    "/a/**, /a, true",
    "/a/**, /a/**, true",
    "/a/**, /**, false",
    "/a/*, /a/b, true",
    "/a/*, /a/**, false",
    "/a/b, /a/*, false",
    "/a, /a/b, false",
    "/*/b, /a/b, true",
  })
  void covers_ifAllThatFitOneFitTheOther(String wide, String narrow, boolean expected) {
    assertThat(pattern(wide).covers(pattern(narrow))).isEqualTo(expected);
  }

  /** {@code covers} promises something about {@code matches}: check it against many paths. */
  @Test
  void covers_neverContradictsMatches() {
    Random random = new Random(20260612);
    int covered = 0;
    for (int i = 0; i < 20_000; i++) {
      PathPattern wide = pattern(random(random, true));
      PathPattern narrow = pattern(random(random, true));
      String path = random(random, false);
      if (wide.covers(narrow)) {
        covered++;
        assertThat(!narrow.matches(path) || wide.matches(path))
            .as("%s covers %s, path %s", wide.text(), narrow.text(), path)
            .isTrue();
      }
    }
    assertThat(covered).isGreaterThan(1000);
  }

  private static String random(Random random, boolean stars) {
    List<String> alphabet = stars ? List.of("a", "b", "*") : List.of("a", "b", "c");
    StringBuilder path = new StringBuilder();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      path.append('/').append(alphabet.get(random.nextInt(alphabet.size())));
    }
    if (stars && random.nextBoolean()) {
      path.append("/**");
    }
    return path.length() == 0 ? "/" : path.toString();
  }
}
