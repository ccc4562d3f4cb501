package io.trafficgovernor.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.PathPattern;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClassifierTest {
  private static final MultiMap NONE = MultiMap.caseInsensitiveMultiMap();

  private final Classifier classifier =
      new Classifier(
          List.of(
              named("config", rule("/config/**", Set.of(), Map.of())),
              named(
                  "login",
                  rule("/login", Set.of("POST"), Map.of()),
                  rule("/users/*/login", Set.of(), Map.of())),
              named("bulk", rule("", Set.of(), Map.of("x-priority", "low"))),
              new ClassConfig("rest", List.of(), true, Set.of(), second(), second()),
              named("read", rule("", Set.of("GET"), Map.of()))));

  private static Duration second() {
    return Duration.ofSeconds(1);
  }

  private static ClassConfig named(String name, MatchRule... rules) {
    return new ClassConfig(name, List.of(rules), false, Set.of(), second(), second());
  }

  private static MatchRule rule(String path, Set<String> methods, Map<String, String> headers) {
    Optional<PathPattern> pattern = path.isEmpty() ? Optional.empty() : PathPattern.parse(path);
    return new MatchRule(pattern, methods, headers, path.equals("/login") ? 7 : 1);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /config,            0",
    "PUT,  /config/a/b?c=/x,   0",
    "GET,  /x/../config/a,     0",
    "GET,  //config///a,       0",
    "GET,  /%63onfig/a,        0",
    "GET,  /config%2Fa,        4",
    "GET,  /configs,           4",
    "GET,  /Config/a,          4",
    "POST, /login,             1",
    "POST, /login/,            1",
    "GET,  /login,             4",
    "PUT,  /login,             3",
    "PUT,  /users/7/login,     1",
    "PUT,  /users/7/8/login,   3",
    "PUT,  /users//login,      3",
    "PUT,  *,                  3",
    "PUT,  /,                  3",
  })
  void rank_byPathAndMethod(String method, String target, int rank) {
    assertThat(classifier.rank(method, target, NONE)).isEqualTo(rank);
  }

  @Test
  void rank_byHeader() {
    MultiMap low = MultiMap.caseInsensitiveMultiMap().add("X-Priority", "low");
    assertThat(classifier.rank("PUT", "/x", low)).isEqualTo(2);
    assertThat(classifier.rank("PUT", "/config/x", low)).isEqualTo(0);
    MultiMap lower = MultiMap.caseInsensitiveMultiMap().add("X-Priority", "lower");
    assertThat(classifier.rank("PUT", "/x", lower)).isEqualTo(3);
  }

  /** Whatever the target, the same class for it and for its normal form, and no exception. */
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void rank_ofNonsense(long seed) {
    Random random = new Random(seed);
    String alphabet = "/.%*?#ab2eEfF \u00e9config";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder target = new StringBuilder("/");
      for (int length = random.nextInt(30); length > 0; length--) {
        target.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      int rank = classifier.rank("PUT", target.toString(), NONE);
      String normal = io.trafficgovernor.config.pattern.NormalPath.of(target.toString());
      assertThat(classifier.rank("PUT", normal, NONE))
          .as("seed %d: %s", seed, target)
          .isEqualTo(rank);
    }
  }

  @Test
  void kind_costsWhatItsRuleSays() {
    assertThat(classifier.kind("POST", "/login", NONE)).isEqualTo(new Classifier.Kind(1, 7));
    assertThat(classifier.kind("GET", "/config", NONE)).isEqualTo(new Classifier.Kind(0, 1));
    assertThat(classifier.kind("GET", "/nothing", NONE).cost()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Retry-Attempt, 0, true",
    "X-Retry-Attempt, 1, false",
    "grpc-previous-rpc-attempts, 2, false",
    "amz-sdk-request, attempt=1; max=3, true",
    "amz-sdk-request, attempt=2; max=3, false",
    "amz-sdk-request, attempt=10; max=30, false",
    "x-envoy-attempt-count, 1, true",
    "x-envoy-attempt-count, 2, false",
    "X-Envoy-Attempt-Count, 11, false",
    "amz-sdk-request, max=3, true",
    "X-Other, 3, true",
  })
  void firstAttempt_byWhatTheClientSays(String name, String value, boolean first) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(name, value);
    assertThat(Classifier.firstAttempt(headers)).isEqualTo(first);
  }
}
