package io.trafficgovernor.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that answers with bytes as they are given. Each connection has its own thread, which
 * reads one request after the other and hands it to the script.
 */
final class RawOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final Script script;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** What to do with a request whose head has been read. */
  interface Script {
    void answer(Request request, Peer peer) throws Exception;
  }

  /** A request's head as it came, and how much of a body it told. */
  record Request(String head, int number) {
    String line() {
      return head.substring(0, head.indexOf("\r\n"));
    }

    /** The values of that header, joined by a bar; empty if there is none. */
    String header(String name) {
      StringBuilder out = new StringBuilder();
      for (String line : head.split("\r\n", -1)) {
        if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
          out.append(out.isEmpty() ? "" : "|").append(line.substring(name.length() + 1).trim());
        }
      }
      return out.toString();
    }
  }

  /** The other end of a connection. */
  static final class Peer {
    private final Socket socket;
    private final InputStream in;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** Writes it, a line end for each bar. */
    void send(String text) throws IOException {
      write(text.replace("|", "\r\n"));
    }

    void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    void ok(String body) throws IOException {
      send("HTTP/1.1 200 OK|Content-Length: " + body.length() + "||");
      write(body);
    }

    String body(int length) throws IOException {
      return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
        if (c != '\r') {
          line.write(c);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads until the gateway closes; how many bytes came before. */
    int untilClosed() throws IOException {
      return in.readAllBytes().length;
    }

    void close() throws IOException {
      socket.close();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  RawOrigin(Script script) throws IOException {
    this(0, script);
  }

  RawOrigin(int port, Script script) throws IOException {
    this(new ServerSocket(port, 200, InetAddress.getLoopbackAddress()), script);
  }

  RawOrigin(ServerSocket server, Script script) {
    this.script = script;
    this.server = server;
    start("origin-accept", this::accept);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        start("origin", () -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Peer peer = new Peer(socket);
      for (String head = head(peer.in); !head.isEmpty(); head = head(peer.in)) {
        Request request = new Request(head, requests.size());
        requests.add(request);
        script.answer(request, peer);
      }
    } catch (Exception over) {
      // the script or the gateway has ended the connection
    } finally {
      sockets.remove(socket);
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.write(c);
      if (c == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  int port() {
    return server.getLocalPort();
  }

  /** Every request whose head came, in order. */
  List<Request> requests() {
    return requests;
  }

  Request last() {
    return requests.get(requests.size() - 1);
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
