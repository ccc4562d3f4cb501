package io.trafficgovernor.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that reads a request head, writes fixed bytes, and then does nothing at all. */
final class RawOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final byte[] answer;
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final List<String> heads = new CopyOnWriteArrayList<>();

  RawOrigin(String answer) throws IOException {
    this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    this.answer = answer.getBytes(StandardCharsets.ISO_8859_1);
    Thread thread = new Thread(this::accept, "raw-origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        accepted.add(socket);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        List<String> head = new ArrayList<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          head.add(line);
        }
        heads.add(String.join("\n", head));
        OutputStream out = socket.getOutputStream();
        out.write(answer);
        out.flush();
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** The request heads so far, one a connection. */
  List<String> heads() {
    return heads;
  }

  /** Whether the prober has closed all its connections. */
  boolean left() throws IOException {
    for (Socket socket : accepted) {
      socket.setSoTimeout(2_000);
      try {
        if (socket.getInputStream().read() >= 0) {
          return false;
        }
      } catch (java.net.SocketTimeoutException stillThere) {
        return false;
      } catch (java.net.SocketException reset) {
        // gone as well
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : accepted) {
      socket.close();
    }
  }
}
