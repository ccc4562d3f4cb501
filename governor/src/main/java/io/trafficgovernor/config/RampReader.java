package io.trafficgovernor.config;

import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads how the ceiling rises. */
final class RampReader {
  private static final Form<String> NAME =
      Form.text(
          "adaptive|linear|exponential|steps|500-50-5",
          "adaptive, linear, exponential, steps, 500-50-5");
  private static final Form<Double> RATE = Form.rate();
  private static final Form<Duration> TIME =
      Form.duration(Duration.ofMillis(100), Duration.ofHours(24));
  private static final double STAND_IN_RATE = 1;
  private static final Duration STAND_IN_TIME = Duration.ofSeconds(1);

  private final Section section;

  private RampReader(Section section) {
    this.section = section;
  }

  static GovernorConfig.Ramp read(Section section) {
    return new RampReader(section).ramp();
  }

  /** The plan alone, named or not, out of a section that holds other things as well. */
  static Optional<RampPlan> plan(Section section) {
    return new RampReader(section).plan();
  }

  private GovernorConfig.Ramp ramp() {
    RampMode mode = section.optional("mode", Form.oneOf(RampMode.class), RampMode.AUTO);
    boolean shadow = section.optional("shadow", Form.flag(), false);
    RampPlan plan = plan().orElseGet(RampPlan.Adaptive::new);
    section.end();
    return new GovernorConfig.Ramp(mode, plan, shadow);
  }

  private Optional<RampPlan> plan() {
    Optional<String> name = section.present("plan", NAME, "adaptive");
    Optional<RampPlan> linear = given("linear", this::linear);
    Optional<RampPlan> exponential = given("exponential", this::exponential);
    Optional<RampPlan> steps = given("steps", this::steps);
    return name.map(
        word ->
            switch (word) {
              case "linear" -> needed("linear", linear);
              case "exponential" -> needed("exponential", exponential);
              case "steps" -> needed("steps", steps);
              case "500-50-5" -> new RampPlan.FiveHundredFiftyFive();
              default -> new RampPlan.Adaptive();
            });
  }

  private RampPlan needed(String key, Optional<RampPlan> plan) {
    if (plan.isEmpty() && !section.has(key)) {
      section.fault(key, "is missing; allowed: the parameters of plan " + key);
    }
    return plan.orElseGet(RampPlan.Adaptive::new);
  }

  /** The plan's own checks speak of what was got and what is allowed. */
  private Optional<RampPlan> given(String key, Supplier<RampPlan> reader) {
    try {
      RampPlan plan = reader.get();
      return section.has(key) ? Optional.of(plan) : Optional.empty();
    } catch (IllegalArgumentException e) {
      section.fault(key, e.getMessage() == null ? "is malformed" : e.getMessage());
      return Optional.empty();
    }
  }

  private RampPlan linear() {
    Parameters of = parameters("linear");
    double start = of.rate("start");
    double target = of.rate("target");
    Duration duration = of.time("duration");
    of.section().end();
    return new RampPlan.Linear(start, target, duration.toNanos());
  }

  private RampPlan exponential() {
    Parameters of = parameters("exponential");
    double start = of.rate("start");
    double factor = of.given() ? of.section().required("factor", Form.factor(), 2.0) : 2.0;
    Duration period = of.time("period");
    of.section().end();
    return new RampPlan.Exponential(start, factor, period.toNanos());
  }

  private RampPlan steps() {
    List<RampPlan.Steps.Step> steps =
        section.sections("steps").stream().map(RampReader::step).toList();
    boolean absent = !section.has("steps");
    return absent ? new RampPlan.Adaptive() : new RampPlan.Steps(steps);
  }

  private static RampPlan.Steps.Step step(Section each) {
    double rate = each.required("rate", RATE, STAND_IN_RATE);
    Duration dwell = each.required("dwell", TIME, STAND_IN_TIME);
    each.end();
    return new RampPlan.Steps.Step(rate, dwell.toNanos());
  }

  private Parameters parameters(String key) {
    return new Parameters(section.section(key), section.has(key));
  }

  /** A plan's parameters; all of them are required once the plan is given. */
  private record Parameters(Section section, boolean given) {
    double rate(String key) {
      return given ? section.required(key, RATE, STAND_IN_RATE) : STAND_IN_RATE;
    }

    Duration time(String key) {
      return given ? section.required(key, TIME, STAND_IN_TIME) : STAND_IN_TIME;
    }
  }
}
