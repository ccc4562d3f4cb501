package io.trafficgovernor.cluster.hazelcast.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may write, of how many in view; every split of every number of members. */
final class QuorumTest {
  private static final int BACKUPS = 1;

  private static boolean writes(Quorum of, int members) {
    return of.lacking(members).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "3,2", "5,3", "7,4", "13,7"})
  void majorityOfTheVoters_isNeededAndEnough(int voters, int majority) {
    for (int members = 1; members <= voters; members++) {
      assertThat(writes(new Quorum(voters, BACKUPS), members)).isEqualTo(members >= majority);
    }
  }

  /**
   * However many there were at once, and however they fall apart: at most one part goes on. Heads
   * counted against the configuration alone would let both halves of four go on with a count of 3.
   */
  @Test
  void ofAnySplit_onePartGoesOnAtMost() {
    for (int voters = 1; voters <= 13; voters += 2) {
      for (int all = voters; all <= 2 * voters + 3; all++) {
        for (int part = 1; part < all; part++) {
          List<Quorum> members = new ArrayList<>();
          for (int each = 0; each < all; each++) {
            Quorum quorum = new Quorum(voters, BACKUPS);
            quorum.saw(all);
            members.add(quorum);
          }
          int rest = all - part;
          boolean one = writes(members.get(0), part);
          boolean other = writes(members.get(all - 1), rest);
          assertThat(one && other).as("%d of %d, voters %d", part, all, voters).isFalse();
        }
      }
    }
  }

  /** The negative control: who has seen three only would go on, on either side. */
  @Test
  void membersThatNeverSawTheFourth_wouldBothGoOn() {
    assertThat(writes(new Quorum(3, BACKUPS), 2)).isTrue();
    Quorum knowing = new Quorum(3, BACKUPS);
    assertThat(knowing.lacking(4).orElseThrow()).startsWith("members in view: got 4, allowed 3,");
    assertThat(knowing.lacking(2).orElseThrow())
        .isEqualTo(
            "members in view: got 2, allowed 3 or more: there were 4 at once since this node"
                + " started, of 3");
    assertThat(knowing.lacking(3)).as("the one too many has left").isEmpty();
  }
}
