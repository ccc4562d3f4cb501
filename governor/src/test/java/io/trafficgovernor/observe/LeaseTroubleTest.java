package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often it is said that there is no lease, and that it is taken back. */
final class LeaseTroubleTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String FEW = "members in view: got 1, allowed 2 or more";

  private final LeaseTrouble trouble = new LeaseTrouble();

  /** Seconds at which a line came, if every tenth of a second a renewal is in vain. */
  private List<Long> told(String why, long fromSecond, long untilSecond) {
    List<Long> at = new ArrayList<>();
    for (long now = fromSecond * SECOND; now < untilSecond * SECOND; now += SECOND / 10) {
      if (trouble.came(why, 0, now).isPresent()) {
        at.add(now / SECOND);
      }
    }
    return at;
  }

  @Test
  void sameReason_isToldAgainMoreAndMoreSeldom() {
    assertThat(told(FEW, 0, 300)).containsExactly(0L, 10L, 30L, 70L, 130L, 190L, 250L);
  }

  @Test
  void newReason_isToldSooner() {
    assertThat(told(FEW, 0, 5)).containsExactly(0L);
    assertThat(told("replicas of the ledger: got 1, allowed 2", 5, 30)).containsExactly(5L, 25L);
  }

  @Test
  void reasonsThatTakeTurns_areNoFlood() {
    List<Long> at = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      long now = i * SECOND / 10;
      if (trouble.came(i % 2 == 0 ? FEW : "no answer", 0, now).isPresent()) {
        at.add(now / SECOND);
      }
    }
    assertThat(at).containsExactly(0L, 5L, 15L, 35L, 65L, 95L, 125L, 155L, 185L);
  }

  /** While a grid forms it is no news that it does not answer, nor that it does. */
  @Test
  void patience_keepsTheBeginningQuiet() {
    assertThat(trouble.came(FEW, 10 * SECOND, 0)).isEmpty();
    assertThat(trouble.came(FEW, 10 * SECOND, 9 * SECOND)).isEmpty();
    assertThat(trouble.present()).as("but the status has it").isPresent();
    assertThat(trouble.ended(9 * SECOND + 1)).isEmpty();
    assertThat(trouble.came(FEW, 10 * SECOND, 20 * SECOND)).isEmpty();
    assertThat(trouble.came(FEW, 10 * SECOND, 30 * SECOND))
        .contains("no lease for 10.0 s, 2 renewals in vain: " + FEW);
    assertThat(trouble.ended(31 * SECOND)).isPresent();
  }

  @Test
  void line_saysSinceWhenAndHowOften() {
    assertThat(trouble.came(FEW, 0, 0)).contains("no lease: " + FEW);
    assertThat(trouble.came(FEW, 0, 9 * SECOND)).isEmpty();
    assertThat(trouble.came(FEW, 0, 12 * SECOND))
        .contains("no lease for 12.0 s, 3 renewals in vain: " + FEW);
  }

  @Test
  void present_isThereUntilThereIsALease() {
    assertThat(trouble.present()).isEmpty();
    told(FEW, 7, 9);
    assertThat(trouble.present()).contains(new LeaseTrouble.Present(FEW, 7 * SECOND, 20));
    assertThat(trouble.ended(9 * SECOND))
        .contains("a lease again after 2.0 s, 20 renewals in vain");
    assertThat(trouble.present()).isEmpty();
    assertThat(trouble.ended(10 * SECOND)).as("said once").isEmpty();
    assertThat(trouble.came(FEW, 0, 11 * SECOND)).as("begins anew").contains("no lease: " + FEW);
  }
}
