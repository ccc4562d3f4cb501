package io.trafficgovernor.cluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every order of events within a small scope: with all rules no surge, and without any one of them
 * a surge is found.
 */
final class LeaseModelTest {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseModelTest.class);
  private static final String PROTOCOL = "LeaseProtocol";
  private static final String SPLIT = "SplitBrain";
  private static final long SECONDS = 180;
  private static final long NIGHT_SECONDS = 4 * 3600;

  @TempDir private Path work = Path.of("");

  private static Map<String, Object> scope(int horizon, int grants) {
    Map<String, Object> scope = new TreeMap<>();
    scope.putAll(Map.of("Cap", 1, "Length", 1, "Drift", 1, "Horizon", horizon, "Grants", grants));
    return scope;
  }

  private static Map<String, Object> protocol(int horizon, int grants) {
    Map<String, Object> scope = scope(horizon, grants);
    scope.putAll(Map.of("Share", 1, "InFlight", 1));
    for (String rule :
        List.of(
            "ReplyAfterBackup",
            "CountFromSend",
            "BlackoutAfterLoss",
            "KeepUntilAcknowledged",
            "CarryShares",
            "ReserveShares")) {
      scope.put(rule, "TRUE");
    }
    return scope;
  }

  private static Map<String, Object> split(int horizon, int grants) {
    Map<String, Object> scope = scope(horizon, grants);
    scope.put("Drift", 0);
    scope.put("CutOff", "{1}");
    for (String rule : List.of("MajorityInView", "NewerOnly", "FailOnLoss", "BlackoutAfterMeet")) {
      scope.put(rule, "TRUE");
    }
    return scope;
  }

  private void sound(String module, Map<String, Object> scope, long seconds) throws Exception {
    ModelChecker.Outcome outcome = ModelChecker.check(module, scope, work, seconds);
    assertThat(outcome.sound()).as(outcome.output()).isTrue();
    assertThat(outcome.states()).isGreaterThan(1_000);
    LOG.info("{} {}: {} states, no surge", module, scope, outcome.states());
  }

  private void caught(String module, Map<String, Object> scope, String rule) throws Exception {
    assertThat(scope).containsKey(rule);
    scope.put(rule, "FALSE");
    ModelChecker.Outcome outcome = ModelChecker.check(module, scope, work, SECONDS);
    assertThat(outcome.surge()).as("without %s: %s", rule, outcome.output()).isTrue();
    LOG.info("{} without {}: surge after {} states", module, rule, outcome.states());
  }

  @Test
  void protocol_isSound() throws Exception {
    sound(PROTOCOL, protocol(3, 2), SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReplyAfterBackup", "CountFromSend", "BlackoutAfterLoss"})
  void protocol_withoutARuleItSurges(String rule) throws Exception {
    Map<String, Object> scope = protocol(3, 2);
    scope.put("Share", 0);
    caught(PROTOCOL, scope, rule);
  }

  @Test
  void protocol_withoutAcknowledgementItSurges() throws Exception {
    Map<String, Object> scope = protocol(3, 3);
    scope.put("Share", 0);
    caught(PROTOCOL, scope, "KeepUntilAcknowledged");
  }

  @Test
  void protocol_withoutTheSharesItIsToldOfItSurges() throws Exception {
    Map<String, Object> scope = protocol(1, 3);
    scope.put("Drift", 0);
    caught(PROTOCOL, scope, "CarryShares");
  }

  @Test
  void protocol_withoutReservedSharesItSurges() throws Exception {
    caught(PROTOCOL, protocol(3, 2), "ReserveShares");
  }

  @Test
  void splitBrain_isSound() throws Exception {
    Map<String, Object> scope = split(2, 2);
    scope.put("CutOff", "{1, 2}");
    sound(SPLIT, scope, SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MajorityInView", "FailOnLoss"})
  void splitBrain_withoutARuleItSurges(String rule) throws Exception {
    caught(SPLIT, split(1, 2), rule);
  }

  @Test
  void splitBrain_whenAnOlderCopyOverwritesItSurges() throws Exception {
    caught(SPLIT, split(1, 3), "NewerOnly");
  }

  @Test
  void splitBrain_withoutCareWhenTheyMeetItSurges() throws Exception {
    caught(SPLIT, split(1, 3), "BlackoutAfterMeet");
  }

  /** What a surge looks like is read from TLC's words: they must not change unnoticed. */
  @Test
  void check_tellsAModelThatIsNoModel() throws Exception {
    Map<String, Object> scope = protocol(1, 1);
    scope.remove("Cap");
    ModelChecker.Outcome outcome = ModelChecker.check(PROTOCOL, scope, work, SECONDS);
    assertThat(outcome.sound()).isFalse();
    assertThat(outcome.surge()).isFalse();
    assertThat(outcome.output().toLowerCase(Locale.ROOT)).contains("cap");
  }

  @Tag("night")
  @Test
  void protocol_isSoundInALargerScope() throws Exception {
    sound(PROTOCOL, protocol(4, 3), NIGHT_SECONDS);
  }

  @Tag("night")
  @Test
  void protocol_isSoundWithMoreTokensAndTwoInFlight() throws Exception {
    Map<String, Object> scope = protocol(4, 2);
    scope.putAll(Map.of("Cap", 2, "InFlight", 2));
    sound(PROTOCOL, scope, NIGHT_SECONDS);
  }

  @Tag("night")
  @Test
  void splitBrain_isSoundInALargerScope() throws Exception {
    Map<String, Object> scope = split(3, 3);
    scope.putAll(Map.of("Drift", 1, "CutOff", "{1, 2, 3}"));
    sound(SPLIT, scope, NIGHT_SECONDS);
  }
}
