package io.trafficgovernor.loadtest.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.forecast.Forecast;
import io.trafficgovernor.admission.forecast.Outlook;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.loadtest.rival.Control;
import io.trafficgovernor.loadtest.rival.Governed;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.Scenarios;
import io.trafficgovernor.loadtest.witness.Witness;
import io.trafficgovernor.loadtest.world.Breakage;
import io.trafficgovernor.loadtest.world.Door;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * What is foretold while a cold store warms, against what comes. {@code -Dforecast.scenario=S5
 * -Dforecast.seeds=6 -Dforecast.seconds=400} looks at another one, with more seeds.
 */
final class ForecastAgainstRunTest {
  private static final String NAME = System.getProperty("forecast.scenario", "S1");
  private static final int SEEDS = Integer.getInteger("forecast.seeds", 2);
  private static final int SECONDS = Integer.getInteger("forecast.seconds", 80);
  private static final long FIRST_SEED = 301;
  private static final int NODES = 8;
  private static final int[] LOOKS = {3, 5, 8, 12, 16, 20, 25, 30};
  private static final List<Course> COURSES = new ArrayList<>();

  /** The ledger as it was at the end of each second after the store's return. */
  private static final class Course implements Witness {
    private final List<LedgerState> seconds = new ArrayList<>();
    private final List<Double> ceilings = new ArrayList<>();
    private long returnNanos;
    private double sum;
    private int steps;

    @Override
    public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
      if (nowNanos < returnNanos) {
        return;
      }
      sum += ceiling(after);
      steps++;
      if ((nowNanos - returnNanos) / 1_000_000_000L >= seconds.size() + 1) {
        seconds.add(after);
        ceilings.add(sum / steps);
        sum = 0;
        steps = 0;
      }
    }

    /** Mean of the seven seconds around it: single rounds are noise. */
    private double smooth(int second) {
      return ceilings.subList(second - 3, second + 4).stream()
          .mapToDouble(Double::doubleValue)
          .average()
          .orElseThrow();
    }

    /** When the ceiling first covers that many times the demand, in seconds after the return. */
    private int covered(double times) {
      for (int second = 3; second < ceilings.size() - 4; second++) {
        if (smooth(second) >= times * demand(seconds.get(second))) {
          return second + 1;
        }
      }
      return Integer.MAX_VALUE;
    }
  }

  private static double ceiling(LedgerState state) {
    return state.control().controller().level().ceiling();
  }

  private static double demand(LedgerState state) {
    return state.demand().stream().mapToDouble(Double::doubleValue).sum();
  }

  private static Course course(Scenario scenario, long seed) {
    Course course = new Course();
    Governed governed = new Governed(Breakage.NONE);
    Control watched =
        new Control() {
          @Override
          public String name() {
            return governed.name();
          }

          @Override
          public Door door(Setting of) {
            course.returnNanos = of.returnNanos();
            List<Witness> witnesses = new ArrayList<>(of.witnesses());
            witnesses.add(course);
            return governed.door(
                new Setting(
                    of.scenario(),
                    of.nodes(),
                    of.truth(),
                    of.backends(),
                    of.prober(),
                    witnesses,
                    of.random(),
                    of.returnNanos()));
          }
        };
    new Simulation(scenario, seed).run(watched, NODES);
    return course;
  }

  @BeforeAll
  static void run() {
    String yaml = "like: %s\ncourse: { measured: %ds }\n".formatted(NAME, SECONDS);
    Scenario scenario = Scenarios.read("watched", yaml).scenario().orElseThrow();
    for (int i = 0; i < SEEDS; i++) {
      COURSES.add(course(scenario, FIRST_SEED + i));
    }
  }

  private static Forecast forecast(LedgerState state) {
    Trend trend = state.control().trend();
    return Forecast.of(
        new Outlook(
            new RampPlan.Adaptive(),
            0,
            ceiling(state),
            trend.growthPerSecond(ceiling(state)),
            trend.age(),
            state.demand(),
            NODES,
            1));
  }

  /** The ceiling of a forecast, or the one at its end: it ends where all fits. */
  private static double foretold(Forecast forecast, int ahead) {
    List<Forecast.Point> points = forecast.points();
    return points.get(Math.min(ahead, points.size() - 1)).ceilingPerSecond();
  }

  private static List<Double> looks(ToDoubleBiFunction<Course, Integer> look) {
    List<Double> found = new ArrayList<>();
    for (Course course : COURSES) {
      for (int at : LOOKS) {
        double value = look.applyAsDouble(course, at);
        if (!Double.isNaN(value)) {
          found.add(value);
        }
      }
    }
    return found.stream().sorted().toList();
  }

  private static double median(List<Double> sorted) {
    return sorted.get(sorted.size() / 2);
  }

  private static String words(List<Double> sorted) {
    int last = sorted.size() - 1;
    return "median %.2f, from %.2f to %.2f, %d looks"
        .formatted(median(sorted), sorted.get(0), sorted.get(last), sorted.size());
  }

  /** ln of what is foretold over what came. */
  private static List<Double> errors(int ahead) {
    return looks(
        (course, at) -> {
          LedgerState now = course.seconds.get(at - 1);
          boolean full = ceiling(now) >= Forecast.OPEN_HEADROOM * demand(now);
          double came = course.smooth(at - 1 + ahead);
          double most = Forecast.OPEN_HEADROOM * demand(now);
          return full
              ? Double.NaN
              : Math.log(foretold(forecast(now), ahead) / Math.min(came, most));
        });
  }

  @Test
  void ceilingAhead_isWhatComes(TestReporter reporter) {
    for (int ahead : new int[] {5, 10, 20, 40}) {
      List<Double> errors = errors(ahead);
      List<Double> sizes = errors.stream().map(Math::abs).sorted().toList();
      String all = "%s, %d s ahead: %s".formatted(NAME, ahead, errors);
      reporter.publishEntry(
          "%s: ln(foretold / came) %d s ahead".formatted(NAME, ahead),
          "%.2f, size %.2f".formatted(median(errors), median(sizes)));
      assertThat(median(errors)).as(all).isBetween(-0.12, 0.12);
      assertThat(median(sizes)).as(all).isLessThan(0.15);
      assertThat(sizes.get(sizes.size() - 1)).as("the worst: %s", all).isLessThan(0.4);
    }
  }

  @Test
  void timeToFull_isOfTheRightOrder(TestReporter reporter) {
    List<Double> ratios =
        looks(
            (course, at) -> {
              int full = course.covered(Forecast.OPEN_HEADROOM);
              OptionalDouble foretold = forecast(course.seconds.get(at - 1)).fullInSeconds();
              return full - at < 5 || full == Integer.MAX_VALUE
                  ? Double.NaN
                  : foretold.orElse(Forecast.MAX_SECONDS) / (full - at);
            });
    reporter.publishEntry("%s: time to full, foretold over true".formatted(NAME), words(ratios));
    assertThat(median(ratios)).as("%s, foretold over true: %s", NAME, ratios).isBetween(0.5, 2.0);
  }

  @Test
  void lastClass_opensAboutWhenForetold(TestReporter reporter) {
    List<Double> late =
        looks(
            (course, at) -> {
              List<OptionalDouble> opens = forecast(course.seconds.get(at - 1)).opensInSeconds();
              double foretold = opens.get(opens.size() - 1).orElse(Forecast.MAX_SECONDS);
              int open = course.covered(1 / 1.25);
              return at >= open || open == Integer.MAX_VALUE ? Double.NaN : open - at - foretold;
            });
    assertThat(late).as("%s, seconds later than foretold", NAME).isNotEmpty();
    reporter.publishEntry("%s: last class opens, s later".formatted(NAME), words(late));
    assertThat(median(late)).as("%s: %s", NAME, late).isBetween(-8.0, 8.0);
  }
}
