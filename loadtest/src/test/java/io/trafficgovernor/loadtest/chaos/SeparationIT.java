package io.trafficgovernor.loadtest.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.trafficgovernor.loadtest.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sockets of two addresses, cut off from each other and joined again. */
final class SeparationIT {
  private static final List<String> ONE = List.of("127.0.1.1");
  private static final List<String> OTHER = List.of("127.0.1.2");
  private static final int LOOK_MILLIS = 500;
  private static final int BOUND_MILLIS = 20_000;

  /** Runs in a namespace of its own: the rules of this one stay as they are. */
  @Test
  void cut_isSilenceAndHealBringsItBack() throws Exception {
    assumeTrue(Separation.permitted(), "no network namespace on this machine");
    List<String> command = new ArrayList<>(Separation.OWN_NAMESPACE);
    command.addAll(JavaCommand.ofClass(SeparationIT.class, List.of()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines())
        .containsExactly("before: x", "cut: silent", "anew: refused", "healed: y");
  }

  /** What happens in the namespace, told line by line. */
  public static void main(String[] none) throws IOException {
    Separation.prepare();
    Separation separation = new Separation();
    try (ServerSocket listening = new ServerSocket(0, 8, InetAddress.getByName(OTHER.get(0)));
        Socket near = new Socket()) {
      near.bind(new InetSocketAddress(ONE.get(0), 0));
      near.connect(listening.getLocalSocketAddress());
      try (Socket far = listening.accept()) {
        near.getOutputStream().write('x');
        tell("before", heard(far, BOUND_MILLIS));
        separation.cut(ONE, OTHER);
        near.getOutputStream().write('y');
        tell("cut", heard(far, LOOK_MILLIS));
        tell("anew", connected(listening));
        separation.heal();
        tell("healed", heard(far, BOUND_MILLIS));
      }
    }
  }

  private static void tell(String when, String what) {
    System.out.println(when + ": " + what);
  }

  private static String heard(Socket at, int millis) throws IOException {
    at.setSoTimeout(millis);
    try {
      return String.valueOf((char) at.getInputStream().read());
    } catch (SocketTimeoutException e) {
      return "silent";
    }
  }

  private static String connected(ServerSocket to) throws IOException {
    try (Socket anew = new Socket()) {
      anew.bind(new InetSocketAddress(ONE.get(0), 0));
      anew.connect(to.getLocalSocketAddress(), LOOK_MILLIS);
      return "connected";
    } catch (IOException e) {
      return "refused";
    }
  }
}
