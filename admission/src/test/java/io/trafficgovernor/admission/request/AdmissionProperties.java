package io.trafficgovernor.admission.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.admission.testing.Leases;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a node: I5 and I8 on one node, and everybody who waits is told once. */
final class AdmissionProperties {
  private static final int CLASSES = 4;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 200);
  }

  /** A client that counts what it is told, and plays the backend for what is admitted. */
  private static final class Client {
    private final VirtualTime time;
    private final SplittableRandom random;
    private final List<Permit> permits = new ArrayList<>();
    private int told;
    private int expected;

    private Client(VirtualTime time, SplittableRandom random) {
      this.time = time;
      this.random = random;
    }

    private void request(AdmissionController controller) {
      Arrival arrival =
          new Arrival(
              random.nextInt(CLASSES),
              random.nextLong(),
              time.nanos(),
              random.nextBoolean(),
              (decision, now) -> {
                told++;
                hear(decision);
              });
      Decision now = controller.decide(arrival, time.nanos());
      expected += now instanceof Decision.Waiting ? 1 : 0;
      hear(now);
    }

    private void hear(Decision decision) {
      if (decision instanceof Decision.Admitted admitted && admitted.permit().send(time.nanos())) {
        permits.add(admitted.permit());
      }
    }

    private void finishOne() {
      if (permits.isEmpty()) {
        return;
      }
      Permit permit = permits.remove(random.nextInt(permits.size()));
      if (random.nextInt(4) == 0) {
        permit.abandon(Outcome.TIMEOUT, time.nanos());
        permit.release(time.nanos());
      } else {
        permit.end(Outcome.SUCCESS, 1, time.nanos());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void life_countsEverythingOnce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    VirtualTime time = new VirtualTime();
    AdmissionController controller = new AdmissionController(Classes.chain(CLASSES), time, false);
    Client client = new Client(time, random.split());
    int mostSlots = 0;
    for (int step = 0; step < 1500; step++) {
      int what = random.nextInt(10);
      if (what == 0) {
        Leases lease = lease(random, step + 1L);
        mostSlots = Math.max(mostSlots, lease.slots());
        controller.adopt(lease.sent(time.nanos()), time.nanos());
      } else if (what < 6) {
        client.request(controller);
      } else {
        client.finishOne();
      }
      NodeSnapshot now = controller.snapshot(time.nanos());
      assertThat(now.inFlight()).isEqualTo(client.permits.size());
      assertThat(now.inFlight()).as("I5 on one node").isLessThanOrEqualTo(mostSlots + 1);
      time.advanceMillis(random.nextInt(20));
    }
    while (!client.permits.isEmpty()) {
      client.finishOne();
    }
    time.advanceMillis(1000);
    while (!client.permits.isEmpty()) {
      client.finishOne();
    }
    assertThat(client.told).isEqualTo(client.expected);
    NodeSnapshot end = controller.snapshot(time.nanos());
    assertThat(end.defects()).isZero();
    assertThat(end.inFlight()).isZero();
    for (NodeSnapshot.ClassCounts counts : end.classes()) {
      long ended = counts.outcomes().values().stream().mapToLong(n -> n).sum();
      assertThat(counts.sent()).isEqualTo(ended);
      assertThat(counts.firstAttempts() + counts.retries())
          .isEqualTo(counts.admitted() + counts.shedTotal());
    }
  }

  private static Leases lease(SplittableRandom random, long counter) {
    Phase phase =
        List.of(Phase.RAMPING, Phase.RAMPING, Phase.OPEN, Phase.OUTAGE).get(random.nextInt(4));
    return Leases.ample()
        .phase(phase)
        .rate(random.nextDouble() * 200)
        .slots(phase == Phase.OUTAGE ? 0 : random.nextInt(12))
        .cutoff(random.nextLong(CLASSES * 65_536L + 1))
        .failSafe(random.nextInt(5))
        .lasting(100 + random.nextInt(1500))
        .counter(counter);
  }
}
