package io.trafficgovernor.loadtest.bench.contestant;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** One request on a connection of its own. Blocks, for some seconds at most. */
public final class Knock {
  private static final int PATIENCE_MILLIS = 2000;

  private Knock() {}

  /**
   * Asks that port of the loopback address for /x.
   *
   * @param tls what believes the server's certificate, for TLS 1.3 and nothing older; empty for
   *     clear text
   * @return on which terms it was answered with 200, for people; empty if it was not
   */
  public static Optional<String> at(int port, Optional<SSLContext> tls) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (Socket plain = new Socket()) {
      plain.connect(address, PATIENCE_MILLIS);
      plain.setSoTimeout(PATIENCE_MILLIS);
      if (tls.isEmpty()) {
        return served(plain) ? Optional.of("clear text") : Optional.empty();
      }
      try (SSLSocket secure = secured(tls.get(), plain, port)) {
        SSLSession session = secure.getSession();
        return served(secure)
            ? Optional.of(session.getProtocol() + " " + session.getCipherSuite())
            : Optional.empty();
      }
    } catch (IOException notYet) {
      return Optional.empty();
    }
  }

  private static SSLSocket secured(SSLContext tls, Socket plain, int port) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    secure.setEnabledProtocols(new String[] {"TLSv1.3"});
    secure.startHandshake();
    return secure;
  }

  private static boolean served(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write("GET /x HTTP/1.1\r\nHost: bench\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    return new String(head, StandardCharsets.US_ASCII).endsWith(" 200");
  }
}
