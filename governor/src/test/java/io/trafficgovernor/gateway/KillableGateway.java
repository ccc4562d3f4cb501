package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.testing.Leases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A gateway with a journal as a process of its own, so that it can be killed: without a grid, so
 * that it starts in a second. Words: folder of the journal, port of the backend, phase of the
 * lease. Prints the port it listens on; lives until its input ends.
 */
final class KillableGateway {
  private KillableGateway() {}

  public static void main(String[] words) throws Exception {
    GatewayFixture.Setup setup =
        GatewayFixture.Setup.usual().config("on-shed: journal").folder(Path.of(words[0]));
    try (GatewayFixture gateway = new GatewayFixture(setup, Integer.parseInt(words[1]))) {
      gateway.lease(Leases.ample().phase(Phase.valueOf(words[2])));
      var unused = gateway.replay();
      byte[] line = ("port " + gateway.port() + "\n").getBytes(StandardCharsets.UTF_8);
      System.out.write(line, 0, line.length);
      System.out.flush();
      while (System.in.read() >= 0) {}
    }
  }
}
