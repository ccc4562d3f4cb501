package io.trafficgovernor.admission.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Outcomes count in tokens, evidence in requests. */
final class TallyTest {
  private static final Tally SMALL = new Tally(1, 2, 3, 4, 5, 6, 5);
  private static final Tally LARGE = new Tally(11, 22, 33, 44, 55, 66, 30);

  @Test
  void difference_andSum_areTakenPartByPart() {
    assertThat(LARGE.minus(SMALL)).isEqualTo(new Tally(10, 20, 30, 40, 50, 60, 25));
    assertThat(LARGE.plus(SMALL)).isEqualTo(new Tally(12, 24, 36, 48, 60, 72, 35));
  }

  @Test
  void answers_areWhatCameInTime() {
    assertThat(SMALL.answers()).isEqualTo(4);
    assertThat(SMALL.completions()).isEqualTo(15);
  }

  @Test
  void dearRequests_areNoMoreEvidenceThanTheirNumber() {
    Tally dear = new Tally(50, 0, 50, 0, 0, 0, 20);
    assertThat(dear.ended()).isEqualTo(20);
    assertThat(dear.inRequests(50)).as("5 tokens each").isEqualTo(10);
  }

  @Test
  void nodeThatDoesNotTellItsRequests_hasOneForEachToken() {
    Tally silent = new Tally(30, 0, 10, 0, 0, 0);
    assertThat(silent.ended()).isEqualTo(40);
    assertThat(silent.inRequests(7)).isEqualTo(7);
    assertThat(silent.plus(new Tally(100, 0, 0, 0, 0, 0, 20)).ended()).isEqualTo(60);
  }

  /** A node is upgraded: its first telling covers what was not told before. */
  @Test
  void differenceToATimeWhenRequestsWereNotTold_countsTokens() {
    Tally before = new Tally(30, 0, 0, 0, 0, 0);
    Tally after = new Tally(40, 0, 0, 0, 0, 0, 8);
    assertThat(after.minus(before).ended()).isEqualTo(10);
    assertThat(after.minus(Tally.NONE).ended()).isEqualTo(8);
  }
}
