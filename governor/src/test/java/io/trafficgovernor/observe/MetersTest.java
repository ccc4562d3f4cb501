package io.trafficgovernor.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.open.TokenMemory;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class MetersTest {
  private final VirtualTime time = new VirtualTime();
  private final AdmissionController admission =
      new AdmissionController(Classes.chain(2), time, false);
  private final Meters meters = new Meters(Classes.chain(2), admission, time, new Members()::count);

  private static final class Members {
    int count() {
      return 3;
    }
  }

  /** Names are a contract: whoever changes this list changes everybody's dashboards. */
  @Test
  void names_arePinned() {
    TreeSet<String> names = new TreeSet<>();
    Pattern.compile("^# TYPE (\\S+)", Pattern.MULTILINE)
        .matcher(meters.scrape())
        .results()
        .forEach(match -> names.add(match.group(1)));
    assertThat(names)
        .containsExactly(
            "governor_admitted_tokens_total",
            "governor_amplification",
            "governor_backend_requests_total",
            "governor_cache_total",
            "governor_ceiling",
            "governor_class_claims_total",
            "governor_cluster_members",
            "governor_cluster_owner",
            "governor_cluster_refused_orders_total",
            "governor_degraded_total",
            "governor_granted_tokens_total",
            "governor_in_flight",
            "governor_latency_seconds",
            "governor_latency_seconds_max",
            "governor_lease_age",
            "governor_lease_rate",
            "governor_permit_defects",
            "governor_phase",
            "governor_replays_total",
            "governor_requests_total",
            "governor_resends_total",
            "governor_retry_share",
            "governor_shed_total",
            "governor_sockets",
            "governor_surge_bound",
            "governor_surge_excess",
            "governor_turned_away_total",
            "governor_window");
  }

  /** A gauge that nobody else keeps alive must not turn into NaN. */
  @Test
  void members_areToldAfterACollection() {
    System.gc();
    assertThat(meters.scrape()).contains("governor_cluster_members 3.0\n");
  }

  /** An alarm on an old lease must go off where there never was one. */
  @Test
  void leaseAge_withoutALease_isBeyondAllBounds() {
    assertThat(meters.scrape()).contains("governor_lease_age +Inf\n");
  }

  @Test
  void counts_areThoseOfTheNode() {
    admission.adopt(Leases.ample().rate(50).sent(0), 0);
    time.advanceMillis(1000);
    for (int i = 0; i < 5; i++) {
      Decision decision =
          admission.decide(new Arrival(1, i, time.nanos(), true, (d, n) -> {}), time.nanos());
      if (decision instanceof Decision.Admitted admitted) {
        admitted.permit().send(time.nanos());
        admitted.permit().end(Outcome.SUCCESS, 1_000_000, time.nanos());
      }
    }
    String scrape = meters.scrape();
    assertThat(scrape)
        .contains("governor_backend_requests_total{class=\"class-1\"} 4.0")
        .contains("governor_requests_total{class=\"class-1\",outcome=\"success\"} 4.0")
        .contains("governor_admitted_tokens_total 4.0")
        .contains("governor_granted_tokens_total 50.0")
        .contains("governor_ceiling 50.0")
        .contains("governor_lease_rate 50.0")
        .contains("governor_lease_age 1.0")
        .contains("governor_cluster_members 3.0")
        .contains("governor_phase{phase=\"ramping\"} 1.0")
        .contains("governor_phase{phase=\"open\"} 0.0");
  }

  @Test
  void amplification_isOfTheLastSeconds() {
    for (int i = 0; i < 12; i++) {
      admission.decide(new Arrival(1, i, 0, i % 3 == 0, (d, n) -> {}), 0);
    }
    assertThat(meters.scrape())
        .contains("governor_amplification{class=\"class-0\"} 1.0")
        .contains("governor_amplification{class=\"class-1\"} 3.0");
    time.advanceMillis(20_000);
    assertThat(meters.scrape()).contains("governor_amplification{class=\"class-1\"} 1.0");
  }

  @Test
  void tokens_areToldByClass() {
    AtomicLong wall = new AtomicLong(1_000_000);
    TokenMemory memory = new TokenMemory(Duration.ofMinutes(1), new NoGrid(), wall::get, () -> {});
    meters.ofTokens("verify", memory);
    assertThat(meters.scrape()).contains("governor_one_time_whole{class=\"verify\"} 0.0");
    memory.lost();
    wall.addAndGet(60_000);
    assertThat(meters.scrape())
        .contains("governor_one_time_whole{class=\"verify\"} 1.0")
        .contains("governor_one_time_losses_total{class=\"verify\"} 1.0");
  }

  private static final class NoGrid implements TokenMemory.Mark {
    @Override
    public CompletionStage<Optional<Long>> read() {
      return CompletableFuture.failedFuture(new IllegalStateException("away"));
    }

    @Override
    public CompletionStage<Boolean> replace(Optional<Long> seen, long millis) {
      return CompletableFuture.failedFuture(new IllegalStateException("away"));
    }
  }

  @Test
  void grid_isAskedAtEachScrape() {
    assertThat(meters.scrape())
        .contains("governor_cluster_refused_orders_total 0.0")
        .contains("governor_cluster_owner 0.0");
    meters.grid(
        new Meters.GridFacts() {
          @Override
          public long refusedOrders() {
            return 7;
          }

          @Override
          public boolean ownsLedger() {
            return true;
          }
        });
    System.gc();
    assertThat(meters.scrape())
        .contains("governor_cluster_refused_orders_total 7.0")
        .contains("governor_cluster_owner 1.0");
  }

  @Test
  void shed_isCountedByReason() {
    admission.decide(new Arrival(0, 1, 0, true, (d, n) -> {}), 0);
    assertThat(meters.scrape())
        .contains("governor_shed_total{class=\"class-0\",reason=\"isolated\"} 1.0");
  }

  @Test
  void degraded_isCountedByHow_andAsARate() {
    for (int i = 0; i < 10; i++) {
      meters.degraded(1, Degraded.STALE);
    }
    assertThat(meters.degradedPerSecond(1)).as("the second is not over").isZero();
    time.advanceMillis(1000);
    assertThat(meters.degradedPerSecond(1)).isEqualTo(2.0);
    assertThat(meters.degradedPerSecond(0)).isZero();
    time.advanceMillis(5000);
    assertThat(meters.degradedPerSecond(1)).isZero();
    meters.degraded(1, Degraded.STALE);
    time.advanceMillis(1000);
    assertThat(meters.degradedPerSecond(1)).isEqualTo(0.2);
    assertThat(meters.scrape())
        .contains("governor_degraded_total{class=\"class-1\",how=\"stale\"} 11.0");
  }

  @Test
  void latency_hasQuantiles() {
    for (int i = 1; i <= 100; i++) {
      meters.answered(0, i * 1_000_000L);
    }
    assertThat(meters.millis(0, 0.5)).isCloseTo(50, within(3.0));
    assertThat(meters.millis(0, 0.99)).isCloseTo(99, within(5.0));
    assertThat(meters.millis(1, 0.5)).isZero();
  }
}
