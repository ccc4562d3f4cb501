package io.trafficgovernor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ramp.RampPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RampWishTest {
  private static final List<String> CLASSES = List.of("config", "rest");

  private static RampWish understood(String json) {
    RampWish.Result result = RampWish.read(json, CLASSES);
    assertThat(result).isInstanceOf(RampWish.Understood.class);
    return ((RampWish.Understood) result).wish();
  }

  private static List<String> faults(String json) {
    RampWish.Result result = RampWish.read(json, CLASSES);
    assertThat(result).as(json).isInstanceOf(RampWish.Faulty.class);
    return ((RampWish.Faulty) result)
        .faults().stream().map(fault -> fault.path() + ": " + fault.message()).toList();
  }

  @Test
  void nothing_isAWishForWhatIs() {
    assertThat(understood("")).isEqualTo(RampWish.NONE);
    assertThat(understood("{}")).isEqualTo(RampWish.NONE);
  }

  @Test
  void everything_isRead() {
    RampWish wish =
        understood(
            """
            {
            \t"plan": "linear", "linear": {"start": "50/s", "target": "2000/s", "duration": "2m"},
            \t"from_rps": 80, "growth_per_s": 0.05, "demand_rps": {"rest": 1500.5}, "nodes": 8
            }
            """);
    assertThat(wish.plan()).contains(new RampPlan.Linear(50, 2000, 120_000_000_000L));
    assertThat(wish.fromPerSecond()).contains(80.0);
    assertThat(wish.growthPerSecond()).contains(0.05);
    assertThat(wish.demandPerSecond()).hasSize(1).containsEntry("rest", 1500.5);
    assertThat(wish.nodes()).contains(8);
  }

  @Test
  void allFaultsComeOutTogether() {
    assertThat(
            faults(
                """
                {"plan": "quick", "from_rps": 0, "growth_per_s": -1, "nodes": 1.5,
                 "demand_rps": {"rest": "many", "batch": 1}, "speed": 9}
                """))
        .hasSize(7)
        .anyMatch(fault -> fault.startsWith("plan: got \"quick\", allowed: adaptive, linear"))
        .anyMatch(fault -> fault.startsWith("from_rps: got \"0\", allowed: a number from 0.001"))
        .anyMatch(fault -> fault.startsWith("growth_per_s: got \"-1\""))
        .anyMatch(fault -> fault.startsWith("nodes: got \"1.5\", allowed: a whole number"))
        .anyMatch(fault -> fault.startsWith("demand_rps.rest: got \"many\""))
        .anyMatch(fault -> fault.startsWith("demand_rps.batch: no such key here"))
        .anyMatch(fault -> fault.startsWith("speed: no such key here"));
  }

  @Test
  void parameters_needTheirPlanAndThePlanItsParameters() {
    assertThat(faults("{\"plan\": \"linear\"}"))
        .containsExactly("linear: is missing; allowed: the parameters of plan linear");
    assertThat(faults("{\"steps\": [{\"rate\": \"5/s\", \"dwell\": \"10s\"}]}"))
        .containsExactly(
            "plan: is missing; allowed: the name of the plan whose parameters are given");
  }

  @Test
  void notJson_isOneFault() {
    assertThat(faults("{\"plan\": ")).hasSize(1).allMatch(f -> f.contains("is not JSON"));
    assertThat(faults("plan: adaptive")).hasSize(1);
    assertThat(faults("[1]")).containsExactly(": got a list, allowed keys and values");
    assertThat(faults("{\"nodes\": 1, \"nodes\": 2}"))
        .containsExactly("nodes: got it twice, allowed once");
    assertThat(faults("{} {}")).hasSize(1);
  }
}
