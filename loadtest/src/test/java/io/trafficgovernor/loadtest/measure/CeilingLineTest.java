package io.trafficgovernor.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.loadtest.measure.RunLog.LevelAt;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CeilingLineTest {
  private static final long MILLI = 1_000_000L;
  private static final long HOLD = 100 * MILLI;
  private static final long SEED = 11;

  private static LevelAt level(long millis, double ceiling, Phase phase) {
    return new LevelAt(millis * MILLI, ceiling, 8, phase, "", phase.boundByRate());
  }

  @Test
  void beforeTheFirstStep_nothingIsAllowed() {
    assertThat(new CeilingLine(List.of(), HOLD).tokens(0, 1000 * MILLI)).isZero();
    CeilingLine line = new CeilingLine(List.of(level(500, 100, Phase.RAMPING)), HOLD);
    assertThat(line.tokens(0, 1000 * MILLI)).isCloseTo(50, within(1e-9));
  }

  @Test
  void open_allowsPracticallyAnything() {
    CeilingLine line = new CeilingLine(List.of(level(0, 100, Phase.OPEN)), HOLD);
    assertThat(line.tokens(0, 1000 * MILLI)).isEqualTo(CeilingLine.UNBOUND_PER_SECOND);
  }

  /** Against the definition, millisecond by millisecond. */
  @Test
  void tokens_areTheIntegralOfTheHighestCeilingOfTheHold() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int run = 0; run < 50; run++) {
      List<LevelAt> levels = new ArrayList<>();
      long at = 0;
      for (int i = 0; i < 20; i++) {
        at += 1 + random.nextInt(150);
        levels.add(level(at, random.nextInt(100), Phase.RAMPING));
      }
      CeilingLine line = new CeilingLine(levels, HOLD);
      long from = random.nextInt(1000);
      long to = from + random.nextInt(1000);
      assertThat(line.tokens(from * MILLI, to * MILLI))
          .as("seed %d, run %d, %d to %d ms", SEED, run, from, to)
          .isCloseTo(defined(levels, from, to), within(1e-6));
    }
  }

  private static double defined(List<LevelAt> levels, long from, long to) {
    double tokens = 0;
    for (long milli = from; milli < to; milli++) {
      double highest = 0;
      for (int i = 0; i < levels.size(); i++) {
        long begins = levels.get(i).atNanos() / MILLI;
        long ends =
            i + 1 < levels.size()
                ? levels.get(i + 1).atNanos() / MILLI + HOLD / MILLI
                : Long.MAX_VALUE;
        if (begins <= milli && milli < ends) {
          highest = Math.max(highest, levels.get(i).ceiling());
        }
      }
      tokens += highest / 1e3;
    }
    return tokens;
  }
}
