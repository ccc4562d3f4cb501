package io.trafficgovernor.loadtest.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.testing.RunSketch;
import org.junit.jupiter.api.Test;

final class RestorationTest {
  private static Restoration restoration(RunSketch sketch) {
    return Judgement.restoration(sketch.record());
  }

  private static double inversion(RunSketch sketch) {
    return restoration(sketch).worstInversionSeconds(RunSketch.population()).orElseThrow();
  }

  @Test
  void classesAndSystems_areBackWhenTheirAttemptsAre() {
    Restoration restoration = restoration(new RunSketch());
    assertThat(restoration.of("config").seconds().orElseThrow()).isCloseTo(1, within(0.05));
    assertThat(restoration.of("auth").seconds().orElseThrow()).isCloseTo(2, within(0.05));
    assertThat(restoration.systems().get(2).seconds().orElseThrow()).isCloseTo(10, within(0.05));
    assertThat(restoration.allClassesSeconds().orElseThrow()).isCloseTo(10, within(0.05));
    assertThat(restoration.classesWithin(3)).isEqualTo(2);
    assertThat(restoration.systemsNeverBack()).isZero();
    assertThat(restoration.complete()).isTrue();
  }

  @Test
  void classes_keepTheOrderOfImportance() {
    assertThat(restoration(new RunSketch()).classes().keySet())
        .containsExactly("config", "auth", "read");
  }

  @Test
  void oneNeverBack_isNotComplete() {
    Restoration restoration = restoration(new RunSketch().back(2, 1_000));
    assertThat(restoration.allClassesSeconds()).isEmpty();
    assertThat(restoration.systemsNeverBack()).isEqualTo(1);
    assertThat(restoration.complete()).isFalse();
    assertThat(restoration.worstInversionSeconds(RunSketch.population())).isEmpty();
  }

  @Test
  void childBeforeItsParent_isAnInversion() {
    assertThat(inversion(new RunSketch())).isCloseTo(-1, within(0.05));
    assertThat(inversion(new RunSketch().back(1, 6).back(2, 3))).isCloseTo(3, within(0.05));
    assertThat(inversion(new RunSketch().back(0, 9).back(1, 2))).isCloseTo(7, within(0.05));
  }

  @Test
  void unknownClass_saysWhichThereAre() {
    assertThatThrownBy(() -> restoration(new RunSketch()).of("batch"))
        .hasMessage("class: got batch, allowed [config, auth, read]");
  }
}
