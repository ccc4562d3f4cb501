package io.trafficgovernor.operator.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.RampWish;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ProspectTest {
  private static Prospect prospect(String ramp) {
    String yaml =
        """
        node: { name: gw-1 }
        backends:
          - { name: kv, origins: [ "http://127.0.0.1:9000" ], reference-rate: 1000/s }
        classes:
          - { name: config, match: [ { path: "/config/**" } ] }
          - { name: rest, default: true }
        ramp: %s
        cluster: { members: [ "127.0.0.1:5701" ], expected-nodes: 3 }
        """
            .formatted(ramp);
    GovernorConfig config =
        ((ConfigLoader.Loaded) new ConfigLoader(Map.of(), 2).parse(yaml)).config();
    return new Prospect(config);
  }

  private static Moment moment(Phase phase, double ceiling, double growth) {
    Grant.ClusterView view =
        new Grant.ClusterView(
            7,
            phase,
            ceiling,
            50,
            1000,
            0,
            1,
            List.of(0, 1),
            "",
            growth,
            List.of(100.0, 900.0),
            List.of(),
            false);
    return new Moment(phase, Optional.of(view), Optional.empty());
  }

  @Test
  void rising_saysWhenAllIsOpen() {
    Prospect.Ahead told = prospect("{}").goingOn(moment(Phase.RAMPING, 100, 0.5));
    assertThat(told.blockedBy()).isEmpty();
    assertThat(told.fullInSeconds()).as("100 + 500 ln(1 + t/10) = 1100").hasValue(64);
    assertThat(told.opensInSeconds())
        .as("1.25 C covers 100 and 1000")
        .containsExactly(OptionalDouble.of(0), OptionalDouble.of(31));
    assertThat(told.json().getDouble("full_in_s")).isEqualTo(64);
    assertThat(told.opensIn(1)).isEqualTo(31);
  }

  @Test
  void open_isFull() {
    Prospect.Ahead told = prospect("{}").goingOn(moment(Phase.OPEN, 1500, 0));
    assertThat(told.fullInSeconds()).hasValue(0);
    assertThat(told.opensIn(1)).isZero();
  }

  @Test
  void whatIsInTheWay_isSaid() {
    Prospect free = prospect("{}");
    assertThat(free.goingOn(moment(Phase.OUTAGE, 0, 0)).blockedBy()).isEqualTo("outage");
    assertThat(free.goingOn(moment(Phase.FROZEN, 50, 0)).blockedBy()).isEqualTo("frozen");
    assertThat(free.goingOn(moment(Phase.ISOLATED, 50, 1)).blockedBy()).isEqualTo("isolated");
    assertThat(free.goingOn(moment(Phase.HOLD, 50, 0)).blockedBy()).isEqualTo("evidence");
    assertThat(free.goingOn(moment(Phase.RAMPING, 50, -0.2)).blockedBy()).isEqualTo("evidence");
    Prospect slow =
        prospect("{ plan: linear, linear: { start: 10/s, target: 20/s, duration: 24h } }");
    assertThat(slow.goingOn(moment(Phase.RAMPING, 50, 0.9)).blockedBy()).isEqualTo("plan");
    Prospect manual = prospect("{ mode: manual }");
    assertThat(manual.goingOn(moment(Phase.PROBING, 50, 0.1)).blockedBy()).isEqualTo("operator");
    Prospect.Ahead told = free.goingOn(moment(Phase.OUTAGE, 0, 0));
    assertThat(told.json().getValue("full_in_s")).isNull();
    assertThat(told.opensIn(0)).isNull();
  }

  @Test
  void dryRun_fromWhereItStands() {
    JsonObject run = prospect("{}").dryRun(moment(Phase.RAMPING, 100, 0.5), RampWish.NONE);
    assertThat(run.getString("basis")).isEqualTo("lease");
    assertThat(run.getString("begins")).isEqualTo("now");
    assertThat(run.getDouble("from_rps")).isEqualTo(100);
    assertThat(run.getDouble("growth_per_s")).isEqualTo(0.5);
    assertThat(run.getDouble("full_in_s")).isEqualTo(64);
    assertThat(run.getInteger("nodes")).as("as configured").isEqualTo(3);
    assertThat(run.getJsonObject("demand_rps").getDouble("rest")).isEqualTo(900);
    assertThat(run.getJsonArray("ceiling")).hasSize(65);
  }

  /** Whoever asks in good times wants to know what the next incident will be like. */
  @Test
  void dryRun_beginsAnewWhereNoRampIsOn() {
    for (Phase phase : List.of(Phase.OPEN, Phase.OUTAGE, Phase.ISOLATED)) {
      JsonObject run = prospect("{}").dryRun(moment(phase, 1500, 0), RampWish.NONE);
      assertThat(run.getString("begins")).isEqualTo("anew");
      assertThat(run.getDouble("from_rps")).as("a fifth of the reference").isEqualTo(200);
      assertThat(run.getDouble("growth_per_s")).isEqualTo(0.7);
    }
    Moment nothing = new Moment(Phase.ISOLATED, Optional.empty(), Optional.empty());
    JsonObject run = prospect("{}").dryRun(nothing, RampWish.NONE);
    assertThat(run.getString("basis")).isEqualTo("configuration");
    assertThat(run.getJsonObject("demand_rps").getDouble("rest")).isZero();
  }

  @Test
  void dryRun_takesWhatIsWishedFor() {
    RampWish wish =
        new RampWish(
            Optional.of(new RampPlan.Linear(50, 2000, 195_000_000_000L)),
            Optional.of(400.0),
            Optional.of(1.0),
            Map.of("rest", 1900.0),
            Optional.of(8));
    JsonObject run = prospect("{}").dryRun(moment(Phase.RAMPING, 100, 0.05), wish);
    assertThat(run.getString("plan")).isEqualTo("linear");
    assertThat(run.getDouble("from_rps")).as("the plan is lower").isEqualTo(50);
    assertThat(run.getInteger("nodes")).isEqualTo(8);
    assertThat(run.getDouble("full_in_s")).as("the plan ends, and bounds no more").isEqualTo(195);
    assertThat(run.getDouble("worst_excess_tokens")).isGreaterThan(8 * 5);
  }

  @Test
  void longRamps_areShownInLongerSteps() {
    RampWish slow =
        new RampWish(
            Optional.empty(), Optional.empty(), Optional.of(0.0), Map.of(), Optional.empty());
    JsonArray points =
        prospect("{}").dryRun(moment(Phase.RAMPING, 100, 0.05), slow).getJsonArray("ceiling");
    assertThat(points.size()).isLessThanOrEqualTo(121);
    assertThat(points.getJsonObject(points.size() - 1).getDouble("at_s"))
        .isCloseTo(3600, within(1e-9));
  }
}
