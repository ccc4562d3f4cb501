package io.trafficgovernor.gateway.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.config.GovernorConfig.Probe;
import io.trafficgovernor.config.GovernorConfig.Wire;
import io.trafficgovernor.config.Origin;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When reads may go to the second store: never on a guess. */
final class DiversionTest {
  private static final int READ = 0;
  private static final int OTHER = 1;
  private static final Backend REPLICA =
      new Backend(
          "replica",
          List.of(new Origin("127.0.0.1", 1)),
          Duration.ofSeconds(1),
          new Probe("/", 200, Duration.ofMillis(100)),
          100,
          1,
          0,
          Duration.ofSeconds(60),
          false,
          Wire.usual(),
          Optional.empty(),
          200);

  private final VirtualTime time = new VirtualTime();
  private final AdmissionController first = new AdmissionController(Classes.chain(2), time, false);
  private final AdmissionController second = new AdmissionController(Classes.chain(2), time, false);
  private final Diversion diversion =
      Diversion.to(
          new Diversion.Second(REPLICA, second, new ConnectRamp(200, now -> 1)), Set.of(READ));
  private long leases = 1;

  @BeforeEach
  void begin() {
    time.advanceMillis(1000);
    lease(second, Phase.RAMPING, 0);
  }

  private void lease(AdmissionController of, Phase phase, long incident) {
    leases++;
    Lease lease = Leases.ample().phase(phase).counter(leases).sent(time.nanos());
    Grant.ClusterView of0 = lease.grant().cluster();
    Grant.ClusterView view =
        new Grant.ClusterView(
            of0.epoch(),
            of0.phase(),
            of0.ceilingPerSecond(),
            of0.window(),
            of0.referencePerSecond(),
            of0.cutoffKey(),
            incident,
            of0.topRanks(),
            of0.why(),
            of0.growthPerSecond(),
            of0.demandPerSecond(),
            of0.blockedBy(),
            false);
    Grant grant = lease.grant();
    of.adopt(
        new Lease(
            new Grant(
                grant.id(),
                view,
                grant.ratePerSecond(),
                grant.slots(),
                grant.failSafePerSecond(),
                grant.lengthNanos(),
                grant.renewEveryNanos(),
                grant.probe(),
                grant.topSlots()),
            time.nanos()),
        time.nanos());
  }

  private void look() {
    diversion.look(first.snapshot(time.nanos()), OptionalLong.of(time.nanos()), time.nanos());
  }

  private boolean takes() {
    return diversion.takes(READ, HttpMethod.GET, ShedReason.OUTAGE, time.nanos());
  }

  private void outage() {
    lease(first, Phase.OUTAGE, 7);
    look();
    assertThat(takes()).isTrue();
  }

  @Test
  void reads_goInAnOutage_andNothingElse() {
    outage();
    long now = time.nanos();
    assertThat(diversion.takes(READ, HttpMethod.HEAD, ShedReason.OUTAGE, now)).isTrue();
    for (HttpMethod method :
        List.of(
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS,
            HttpMethod.TRACE,
            HttpMethod.valueOf("PURGE"))) {
      assertThat(diversion.takes(READ, method, ShedReason.OUTAGE, now)).as("%s", method).isFalse();
    }
    assertThat(diversion.takes(OTHER, HttpMethod.GET, ShedReason.OUTAGE, now)).isFalse();
  }

  /** What an operator, this node or the client has done is no reason. */
  @Test
  void refusals_thatSayNothingOfTheStore_stand() {
    outage();
    EnumSet<ShedReason> gone = EnumSet.noneOf(ShedReason.class);
    for (ShedReason reason : ShedReason.values()) {
      if (diversion.takes(READ, HttpMethod.GET, reason, time.nanos())) {
        gone.add(reason);
      }
    }
    assertThat(gone)
        .containsExactlyInAnyOrder(
            ShedReason.OUTAGE,
            ShedReason.CUTOFF,
            ShedReason.GATE,
            ShedReason.TOKENS,
            ShedReason.SLOTS,
            ShedReason.ROOM_FULL);
  }

  /** An overload that is no outage is not spread to the second store. */
  @ParameterizedTest
  @EnumSource(value = Phase.class, mode = EnumSource.Mode.EXCLUDE, names = "OUTAGE")
  void withoutAnOutage_nothingGoes(Phase phase) {
    lease(first, phase, 7);
    look();
    assertThat(diversion.takes(READ, HttpMethod.GET, ShedReason.TOKENS, time.nanos())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"PROBING", "RAMPING", "HOLD", "ROLLBACK"})
  void theWayBack_belongsToTheIncident(Phase phase) {
    outage();
    lease(first, phase, 7);
    look();
    assertThat(diversion.takes(READ, HttpMethod.GET, ShedReason.CUTOFF, time.nanos())).isTrue();
    lease(first, phase, 8);
    look();
    assertThat(diversion.takes(READ, HttpMethod.GET, ShedReason.CUTOFF, time.nanos()))
        .as("another incident, in which it was not away")
        .isFalse();
  }

  @Test
  void full_endsIt() {
    outage();
    lease(first, Phase.OPEN, 7);
    look();
    lease(first, Phase.RAMPING, 7);
    look();
    assertThat(takes()).isFalse();
  }

  @Test
  void withoutALease_nothingGoes_andTheIncidentIsRemembered() {
    outage();
    first.surrender(time.nanos());
    look();
    assertThat(takes()).isFalse();
    assertThat(diversion.serving(READ, time.nanos())).as("the second alone").isEqualTo(1);
    lease(first, Phase.RAMPING, 7);
    look();
    assertThat(takes()).isTrue();
  }

  @Test
  void anOldLook_isNone() {
    outage();
    time.advanceMillis(500);
    assertThat(takes()).isTrue();
    time.advanceMillis(1);
    assertThat(takes()).isFalse();
    assertThat(diversion.serving(READ, time.nanos())).isZero();
  }

  @Test
  void aSecondStore_thatIsNotKnownToLive_getsNothing() {
    lease(first, Phase.OUTAGE, 7);
    long now = time.nanos();
    diversion.look(first.snapshot(now), OptionalLong.empty(), now);
    assertThat(takes()).isFalse();
    assertThat(diversion.serving(READ, now)).isZero();
    long alive = now - Diversion.ALIVE_NANOS;
    diversion.look(first.snapshot(now), OptionalLong.of(alive), now);
    assertThat(takes()).isTrue();
    diversion.look(first.snapshot(now), OptionalLong.of(alive - 1), now);
    assertThat(takes()).isFalse();
  }

  @Test
  void serving_countsWhatIsKnown() {
    assertThat(diversion.serving(READ, time.nanos())).as("nothing seen yet").isZero();
    lease(first, Phase.OPEN, 7);
    look();
    assertThat(diversion.serving(READ, time.nanos())).isEqualTo(2);
    assertThat(diversion.serving(OTHER, time.nanos())).as("not for that class").isEqualTo(1);
    lease(second, Phase.OUTAGE, 0);
    look();
    assertThat(diversion.serving(READ, time.nanos())).isEqualTo(1);
    lease(first, Phase.PROBING, 8);
    look();
    assertThat(diversion.serving(READ, time.nanos())).isZero();
  }

  @Test
  void serving_doesNotCountAClassThatIsNotBackYet() {
    leases++;
    first.adopt(
        Leases.ample().blockedBy(List.of("", "class-0")).counter(leases).sent(time.nanos()),
        time.nanos());
    look();
    assertThat(diversion.serving(OTHER, time.nanos())).isZero();
    assertThat(diversion.serving(READ, time.nanos())).isEqualTo(2);
  }

  @Test
  void withOneStore_nothingGoesAnywhere() {
    Diversion none = Diversion.none();
    lease(first, Phase.OUTAGE, 7);
    none.look(first.snapshot(time.nanos()), OptionalLong.of(time.nanos()), time.nanos());
    assertThat(none.takes(READ, HttpMethod.GET, ShedReason.OUTAGE, time.nanos())).isFalse();
    assertThat(none.serving(READ, time.nanos())).isZero();
    lease(first, Phase.OPEN, 7);
    none.look(first.snapshot(time.nanos()), OptionalLong.empty(), time.nanos());
    assertThat(none.serving(READ, time.nanos())).isEqualTo(1);
  }
}
