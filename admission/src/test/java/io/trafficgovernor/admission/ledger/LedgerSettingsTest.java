package io.trafficgovernor.admission.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.testing.Classes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that are configured differently cannot share a ledger, and are told so. */
final class LedgerSettingsTest extends HandMadeCluster {
  private static final RampPlan ADAPTIVE = new RampPlan.Adaptive();

  private static SettingsPrint print(int classes, double rate, RampMode mode, RampPlan plan) {
    return new LedgerSettings(Classes.chain(classes), rate, 3, mode, plan).print();
  }

  private static SettingsPrint own() {
    return print(CLASSES, 500, RampMode.AUTO, ADAPTIVE);
  }

  private GrantReply renew(String name, SettingsPrint settings) {
    Renewal plain = renewal(name);
    return send(
        new Renewal(
            plain.node(),
            plain.incarnation(),
            plain.sequence(),
            plain.sentNanos(),
            plain.held(),
            plain.heldEpoch(),
            plain.heldRate(),
            plain.heldSlots(),
            plain.report(),
            plain.probe(),
            settings,
            0,
            0));
  }

  @Test
  void print_isTheSameForTheSameSettings() {
    assertThat(own()).isEqualTo(own());
    assertThat(SettingsPrint.of("a")).as("FNV-1a, published").isEqualTo(0xaf63dc4c8601ec8cL);
  }

  @Test
  void print_namesWhatDiffers() {
    assertThat(own().differences(own())).isEmpty();
    assertThat(own().differences(print(2, 500, RampMode.AUTO, ADAPTIVE)))
        .containsExactly("classes");
    assertThat(own().differences(print(CLASSES, 501, RampMode.AUTO, ADAPTIVE)))
        .containsExactly("reference-rate");
    assertThat(own().differences(print(CLASSES, 500, RampMode.MANUAL, ADAPTIVE)))
        .containsExactly("ramp.mode");
    RampPlan linear = new RampPlan.Linear(10, 500, 1_000_000_000L);
    assertThat(own().differences(print(CLASSES, 500, RampMode.ASSISTED, linear)))
        .containsExactly("ramp.mode", "ramp.plan");
    assertThat(own().differences(SettingsPrint.UNKNOWN)).as("an older version").isEmpty();
  }

  @Test
  void renew_ofANodeWithTheSameSettings() {
    open();
    assertThat(renew("a", own())).isInstanceOf(GrantReply.Granted.class);
    assertThat(state().excluded()).isEmpty();
  }

  @Test
  void renew_ofANodeWithOtherSettingsIsRefusedAndShown() {
    open();
    GrantReply reply = renew("odd", print(CLASSES, 900, RampMode.AUTO, ADAPTIVE));
    GrantReply.Refused refused = (GrantReply.Refused) reply;
    assertThat(refused.lasting()).isTrue();
    assertThat(refused.why())
        .isEqualTo(
            "settings: reference-rate of odd differ from the ledger's, allowed the same on every"
                + " node");
    assertThat(state().nodes()).doesNotContainKey("odd");
    assertThat(state().excluded()).hasSize(1);
    assertThat(state().excluded().get(0).node()).isEqualTo("odd");
    assertThat(state().excluded().get(0).why()).isEqualTo(refused.why());
  }

  @Test
  void excluded_isForgottenOnceItAsksNoMore() {
    open();
    renew("odd", print(CLASSES, 900, RampMode.AUTO, ADAPTIVE));
    nodes.remove("odd");
    pass(9000, 4, good(12));
    assertThat(state().excluded()).hasSize(1);
    pass(2000, 4, good(12));
    assertThat(state().excluded()).isEmpty();
  }

  @Test
  void excluded_isBoundedAndKeepsTheLatest() {
    open();
    for (int i = 0; i < 40; i++) {
      renew("odd-" + i, print(2, 500, RampMode.AUTO, ADAPTIVE));
      nodes.remove("odd-" + i);
    }
    List<String> names = state().excluded().stream().map(LedgerState.Excluded::node).toList();
    assertThat(names).hasSize(16).contains("odd-39").doesNotContain("odd-0");
  }

  @Test
  void oneNode_isEnough() {
    assertThat(
            new LedgerSettings(Classes.chain(CLASSES), 500, 1, RampMode.AUTO, ADAPTIVE)
                .expectedNodes())
        .isEqualTo(1);
  }
}
