package io.trafficgovernor.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WaitingLineTest {
  private static final int CLASSES = 4;

  /** One that only waits; compared by identity. */
  private static final class Waits implements OriginPool.Waiter {
    private final int rank;
    private final int number;
    private boolean wants = true;

    Waits(int rank, int number) {
      this.rank = rank;
      this.number = number;
    }

    int number() {
      return number;
    }

    @Override
    public boolean wants() {
      return wants;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public long patienceEndsNanos() {
      return 0;
    }

    @Override
    public void connected(OriginConnection connection) {}

    @Override
    public void unreachable(Throwable cause) {}

    @Override
    public void noConnection(boolean slowly) {}

    @Override
    public String toString() {
      return rank + "/" + number;
    }
  }

  @Test
  void higherClassFirst_withinAClassInTheOrderOfComing() {
    WaitingLine line = new WaitingLine(10);
    Waits lowOld = new Waits(2, 0);
    Waits lowNew = new Waits(2, 1);
    Waits top = new Waits(0, 2);
    Waits middle = new Waits(1, 3);
    for (Waits each : List.of(lowOld, lowNew, top, middle)) {
      assertThat(line.add(each)).isNull();
    }
    assertThat(line).containsExactly(top, middle, lowOld, lowNew);
    assertThat(drained(line)).containsExactly(top, middle, lowOld, lowNew);
    assertThat(line.size()).isZero();
  }

  @Test
  void full_displacesTheNewestOfTheLowest_butNeverItsEqual() {
    WaitingLine line = new WaitingLine(3);
    Waits top = new Waits(0, 0);
    Waits older = new Waits(1, 1);
    Waits newer = new Waits(1, 2);
    List.of(top, older, newer).forEach(line::add);
    Waits equal = new Waits(1, 3);
    assertThat(line.add(equal)).isSameAs(equal);
    Waits lower = new Waits(2, 4);
    assertThat(line.add(lower)).isSameAs(lower);
    Waits second = new Waits(0, 5);
    assertThat(line.add(second)).isSameAs(newer);
    assertThat(line).containsExactly(top, second, older);
  }

  /** Whoever has left takes no place from anybody. */
  @Test
  void full_thoseWhoHaveLeftGoFirst() {
    WaitingLine line = new WaitingLine(2);
    Waits gone = new Waits(0, 0);
    Waits low = new Waits(2, 1);
    line.add(gone);
    line.add(low);
    gone.wants = false;
    Waits newcomer = new Waits(1, 2);
    assertThat(line.add(newcomer)).isNull();
    assertThat(drained(line)).containsExactly(newcomer, low);
  }

  @Test
  void poll_skipsThoseWhoHaveLeft() {
    WaitingLine line = new WaitingLine(2);
    Waits gone = new Waits(0, 0);
    line.add(gone);
    gone.wants = false;
    assertThat(line.poll()).isNull();
    assertThat(line.size()).isZero();
  }

  /** Who pays for a connection that could not be made. */
  @Test
  void pollLowest_takesTheOldestOfTheLowestThatIsStillThere() {
    WaitingLine line = new WaitingLine(10);
    Waits top = new Waits(0, 0);
    Waits gone = new Waits(2, 1);
    Waits older = new Waits(2, 2);
    Waits newer = new Waits(2, 3);
    List.of(top, gone, older, newer).forEach(line::add);
    gone.wants = false;
    assertThat(line.pollLowest()).isSameAs(older);
    assertThat(line.pollLowest()).isSameAs(newer);
    assertThat(line.pollLowest()).isSameAs(top);
    assertThat(line.pollLowest()).isNull();
    assertThat(line.size()).isZero();
  }

  /** Whatever comes in whatever order: the best of all who came are served, in their order. */
  @Test
  void random_keepsTheBest() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      int most = 1 + random.nextInt(8);
      WaitingLine line = new WaitingLine(most);
      List<Waits> came = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        Waits newcomer = new Waits(random.nextInt(CLASSES), i);
        came.add(newcomer);
        line.add(newcomer);
        assertThat(line.size()).as("seed %d", seed).isEqualTo(Math.min(most, i + 1));
      }
      List<Waits> best =
          came.stream()
              .sorted(Comparator.comparingInt(Waits::rank).thenComparingInt(Waits::number))
              .limit(most)
              .toList();
      assertThat(drained(line)).as("seed %d", seed).isEqualTo(best);
    }
  }

  private static List<OriginPool.Waiter> drained(WaitingLine line) {
    List<OriginPool.Waiter> out = new ArrayList<>();
    for (OriginPool.@Nullable Waiter each = line.poll(); each != null; each = line.poll()) {
      out.add(each);
    }
    return out;
  }
}
