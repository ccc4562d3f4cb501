package io.trafficgovernor.loadtest.bench.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.LoadTest;
import io.trafficgovernor.loadtest.process.Children;
import io.trafficgovernor.loadtest.process.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contestants that need nothing but a JVM, started as the bench starts them, in TLS. */
final class ContestantIT {
  private static final Path GOVERNOR = Path.of("../governor/target/governor.jar").toAbsolutePath();
  private static final Contestant.Jvm JVM =
      new Contestant.Jvm(LoadTest.class, Path.of("../governor/src/deploy/jvm.options"));

  private final FreePorts ports = new FreePorts(new SplittableRandom(7));

  @TempDir private Path folder;

  @Test
  void forwarderAndGovernor_serveOnTheSameTerms() throws Exception {
    Optional<ShownCertificate> shown = Optional.of(ShownCertificate.make(folder));
    int origin = ports.next();
    Contestant forwarder = Contestant.forwarder(JVM, ports.next(), origin, shown);
    Contestant governor =
        Contestant.governor(
            "governor",
            folder,
            JVM.flags(),
            GOVERNOR,
            new Contestant.Ports(ports.next(), ports.next(), ports.next()),
            origin,
            shown);
    try (Children children = new Children()) {
      children.start("origin", folder, Contestant.own(JVM, List.of("origin", "--port=" + origin)));
      children.start("forwarder", folder, forwarder.command());
      children.start("governor", folder, governor.command());
      String terms = terms(forwarder);
      assertThat(terms).startsWith("TLSv1.3 ");
      assertThat(terms(governor)).isEqualTo(terms);
      assertThat(governor.steer().orElseThrow().phase()).isNotEqualTo("none");
    }
  }

  private static String terms(Contestant who) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(who::served, Optional::isPresent)
        .orElseThrow();
  }
}
