package io.trafficgovernor.admission.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ServedTest {
  private static Served rounds(Served from, int count, double answers, double ended) {
    Served served = from;
    for (int i = 0; i < count; i++) {
      served = served.after(answers, ended, 0.25);
    }
    return served;
  }

  @Test
  void nothingToJudge_isMet() {
    assertThat(Served.NOTHING.met()).isTrue();
    assertThat(rounds(Served.NOTHING, 100, 0, 0).share()).isEqualTo(1);
  }

  @Test
  void share_isThatOfTheLastSeconds() {
    Served served = rounds(Served.NOTHING, 40, 60, 100);
    assertThat(served.share()).isCloseTo(0.6, within(1e-9));
    assertThat(served.met()).isFalse();
    assertThat(rounds(served, 20, 100, 100).share()).as("5 s later").isBetween(0.80, 0.90);
    assertThat(rounds(served, 80, 100, 100).met()).isTrue();
  }

  @Test
  void chanceOfArrivals_doesNotShow() {
    SplittableRandom random = new SplittableRandom(1);
    Served served = Served.NOTHING;
    int unmet = 0;
    for (int i = 0; i < 1000; i++) {
      int came = random.nextInt(6);
      served = served.after(came, came, 0.25);
      unmet += served.met() ? 0 : 1;
    }
    assertThat(unmet).isZero();
  }

  @Test
  void demand_isMetFromNineteenOfTwentyOn() {
    assertThat(new Served(95, 100).met()).isTrue();
    assertThat(new Served(94.9, 100).met()).isFalse();
    assertThat(Served.bar()).isEqualTo(0.95);
  }

  @Test
  void rates_arePerSecondAndFadeOverFive() {
    Served served = Served.NOTHING.after(50, 100, 0.5);
    double weight = 1 - Math.exp(-0.1);
    assertThat(served.answered()).isCloseTo(weight * 100, within(1e-9));
    assertThat(served.ended()).isCloseTo(weight * 200, within(1e-9));
    Served twice = served.after(50, 100, 0.5);
    assertThat(twice.ended()).isCloseTo(weight * 200 * (2 - weight), within(1e-9));
  }

  @Test
  void aRequestInAHundredSeconds_isJudged() {
    assertThat(new Served(0, 0.01).share()).isZero();
    assertThat(new Served(0, 0.009).share()).as("less is nothing").isEqualTo(1);
  }
}
