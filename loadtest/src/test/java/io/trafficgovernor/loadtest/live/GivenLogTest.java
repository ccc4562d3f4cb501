package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.record.Given;
import java.util.BitSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class GivenLogTest {
  private final GivenLog log = new GivenLog(2);

  private Given account(int... done) {
    BitSet all = new BitSet();
    for (int each : done) {
      all.set(each);
    }
    return log.account(all, 3, new GivenLog.Journals(1, 2));
  }

  @Test
  void acknowledgedWrite_isLostUnlessTheStoreHasDoneIt() {
    log.journaled(0, 4);
    log.journaled(0, 4);
    log.journaled(1, 5);
    assertThat(account(4, 9).writes()).isEqualTo(new Given.Writes(2, 1, 3, 1, 2));
    assertThat(account(4, 9).systems()).extracting(Given.OfSystem::lost).containsExactly(0L, 1L);
    assertThat(account(4, 5).writes().lost()).isZero();
  }

  @Test
  void age_isHeldAgainstTheClock() {
    log.stale(0, OptionalLong.of(10), 10.9);
    log.stale(1, OptionalLong.of(31), 30);
    assertThat(account().ages().wrong() + account().ages().untold()).isZero();
    log.stale(1, OptionalLong.empty(), 3);
    log.stale(1, OptionalLong.of(0), 12);
    Given.Ages ages = account().ages();
    assertThat(ages.answers()).isEqualTo(4);
    assertThat(ages.untold()).isEqualTo(1);
    assertThat(ages.wrong()).isEqualTo(1);
    assertThat(ages.worstErrorSeconds()).isEqualTo(12);
    assertThat(account().systems().get(1).oldestSeconds()).isEqualTo(31);
  }

  /** Whoever accepts it: the store and a governor are two as well. */
  @Test
  void token_isAcceptedOnceOrTwice() {
    log.accepted(0, 1, false);
    log.accepted(0, 2, true);
    log.shownAgain();
    log.used(0);
    assertThat(account().tokens()).isEqualTo(new Given.Tokens(2, 1, 1, 0, 0));
    log.accepted(1, 1, true);
    log.accepted(1, 1, true);
    assertThat(account().tokens()).isEqualTo(new Given.Tokens(2, 3, 1, 1, 1));
    assertThat(account().systems().get(0).used()).isEqualTo(1);
  }
}
