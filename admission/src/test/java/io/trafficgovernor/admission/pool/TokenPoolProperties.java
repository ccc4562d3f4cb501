package io.trafficgovernor.admission.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A node's part of the envelope (I2): whatever the rates, no window takes more than its share. */
final class TokenPoolProperties {
  private static final int STEPS = 400;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  private record Taken(long tokensBefore, int tokens, double integral, double burst) {}

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void take_staysWithinRateTimesTimePlusBurst(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TokenPool pool = new TokenPool();
    List<Taken> taken = new ArrayList<>();
    double integral = 0;
    double highestBurst = TokenPool.MIN_BURST_TOKENS;
    long now = 0;
    long total = 0;
    int most = 1 + random.nextInt(10);
    for (int step = 0; step < STEPS; step++) {
      long pause = random.nextLong(50_000_000L);
      integral += pool.ratePerSecond() * pause / 1e9;
      now += pause;
      if (random.nextInt(4) == 0) {
        pool.rerate(random.nextInt(10) == 0 ? 0 : random.nextDouble() * 2000, now);
        highestBurst = Math.max(highestBurst, pool.burst());
      }
      int tokens = 1 + random.nextInt(most);
      while (random.nextInt(3) > 0 && pool.take(tokens, 0, now)) {
        taken.add(new Taken(total, tokens, integral, highestBurst));
        total += tokens;
      }
    }
    for (int from = 0; from < taken.size(); from++) {
      for (int to = from; to < taken.size(); to++) {
        double allowed =
            taken.get(to).integral() - taken.get(from).integral() + taken.get(to).burst();
        long spent =
            taken.get(to).tokensBefore() + taken.get(to).tokens() - taken.get(from).tokensBefore();
        assertThat((double) spent).isLessThanOrEqualTo(allowed + most - 1 + 0.01);
      }
    }
  }
}
