package io.trafficgovernor.answers.open;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Two nodes and the mark between them. */
final class TokenMemoryTest {
  private static final Duration REMEMBER = Duration.ofMinutes(10);
  private static final long MINUTE = 60_000;

  private final Grid grid = new Grid();
  private long now = 1_000_000_000_000L;
  private int told;
  private final TokenMemory one = memory();
  private final TokenMemory two = memory();

  private TokenMemory memory() {
    return new TokenMemory(REMEMBER, grid, () -> now, () -> told++);
  }

  /** One entry; nothing can be asked while it is away. */
  private static final class Grid implements TokenMemory.Mark {
    private Optional<Long> mark = Optional.empty();
    private boolean away;
    private final Deque<CompletableFuture<Optional<Long>>> held = new ArrayDeque<>();
    private boolean slow;

    @Override
    public CompletionStage<Optional<Long>> read() {
      if (away) {
        return CompletableFuture.failedFuture(new IllegalStateException("no majority"));
      }
      if (slow) {
        held.add(new CompletableFuture<>());
        return held.getLast();
      }
      return CompletableFuture.completedStage(mark);
    }

    @Override
    public CompletionStage<Boolean> replace(Optional<Long> seen, long millis) {
      boolean same = mark.equals(seen);
      mark = same ? Optional.of(millis) : mark;
      return CompletableFuture.completedStage(same);
    }
  }

  @Test
  void newGrid_remembersFromNowOn_andNobodyIsAlarmed() {
    long begin = now;
    assertThat(one.sinceMillis()).isEmpty();
    assertThat(one.whole()).as("not known").isFalse();
    one.look();
    now += MINUTE;
    two.look();
    assertThat(one.sinceMillis()).hasValue(begin);
    assertThat(two.sinceMillis()).hasValue(begin);
    assertThat(two.whole()).isFalse();
    assertThat(two.wholeAtMillis()).hasValue(begin + REMEMBER.toMillis());
    now = begin + REMEMBER.toMillis();
    assertThat(two.whole()).isTrue();
    assertThat(told).isZero();
  }

  /** The mark has outlived the tokens: whoever heard of it puts it forward once it can. */
  @Test
  void loss_whileTheGridIsAway_isWrittenLater() {
    one.look();
    now += 20 * MINUTE;
    assertThat(one.whole()).isTrue();
    grid.away = true;
    long lost = now;
    one.lost();
    one.lost();
    one.look();
    assertThat(one.sinceMillis()).as("told at once").hasValue(lost);
    assertThat(one.whole()).isFalse();
    now += MINUTE;
    grid.away = false;
    one.look();
    assertThat(grid.mark).hasValue(lost);
    two.look();
    assertThat(two.sinceMillis()).as("of a node that came later").hasValue(lost);
    assertThat(one.losses()).isEqualTo(1);
    assertThat(told).isEqualTo(1);
  }

  /** Each survivor hears of it, some milliseconds apart; it is one loss for each of them. */
  @Test
  void loss_heardByAll_isToldOnceByEach() {
    one.look();
    two.look();
    now += MINUTE;
    one.lost();
    now += 30;
    two.lost();
    one.look();
    two.look();
    one.look();
    assertThat(grid.mark).hasValue(now);
    assertThat(one.sinceMillis()).hasValue(now);
    assertThat(one.losses()).isEqualTo(1);
    assertThat(two.losses()).isEqualTo(1);
  }

  /** All that heard of it have gone, and the mark with them: that it is gone tells enough. */
  @Test
  void markThatIsGone_isALoss() {
    one.look();
    now += MINUTE;
    grid.mark = Optional.empty();
    one.look();
    assertThat(grid.mark).hasValue(now);
    assertThat(one.sinceMillis()).hasValue(now);
    assertThat(told).isEqualTo(1);
  }

  /** A node that knows of no mark yet is told of a loss all the same. */
  @Test
  void loss_beforeTheFirstLook() {
    grid.mark = Optional.of(now);
    now += MINUTE;
    one.lost();
    assertThat(told).isEqualTo(1);
    one.look();
    assertThat(grid.mark).hasValue(now);
    assertThat(told).isEqualTo(1);
  }

  /** A clock that is behind puts no mark back. */
  @Test
  void mark_neverGoesBack() {
    long ahead = now + 5 * MINUTE;
    grid.mark = Optional.of(ahead);
    one.look();
    one.lost();
    one.look();
    assertThat(grid.mark).hasValue(ahead);
    assertThat(one.sinceMillis()).hasValue(ahead);
  }

  /** Another node was faster: what it put is seen the next time. */
  @Test
  void replacedMeanwhile_isLookedAtAgain() {
    grid.slow = true;
    one.look();
    one.look();
    assertThat(grid.held).as("one question at a time").hasSize(1);
    grid.mark = Optional.of(now + 1);
    grid.held.remove().complete(Optional.empty());
    assertThat(one.sinceMillis()).isEmpty();
    grid.slow = false;
    one.look();
    assertThat(one.sinceMillis()).hasValue(now + 1);
  }
}
