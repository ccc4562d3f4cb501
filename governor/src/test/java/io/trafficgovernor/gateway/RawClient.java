package io.trafficgovernor.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that writes bytes as they are given and reads answers without any library. */
final class RawClient implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 10_000;

  private final Socket socket;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** An answer as it was read; headers by lower-case name, repeated ones joined by a bar. */
  record Reply(int status, Map<String, String> headers, String body, Map<String, String> trailers) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /** Writes it; a line end is written for each bar, so that heads stay readable in tests. */
  RawClient send(String text) throws IOException {
    return write(text.replace("|", "\r\n"));
  }

  RawClient write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads the next answer, interim ones included. */
  Reply read() throws IOException {
    return read(false);
  }

  /** Reads the next answer, whose body is left out because the request was a HEAD. */
  Reply readHead() throws IOException {
    return read(true);
  }

  private Reply read(boolean headOnly) throws IOException {
    String first = line();
    int status = Integer.parseInt(first.split(" ", 3)[1]);
    Map<String, String> headers = fields();
    boolean bodyless = headOnly || status < 200 || status == 204 || status == 304;
    if (bodyless) {
      return new Reply(status, headers, "", Map.of());
    }
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      String body = chunked();
      return new Reply(status, headers, body, fields());
    }
    String length = headers.get("content-length");
    byte[] body = length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    return new Reply(status, headers, new String(body, StandardCharsets.ISO_8859_1), Map.of());
  }

  private String chunked() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(); size > 0; size = size()) {
      body.writeBytes(exactly(size));
      line();
    }
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  private int size() throws IOException {
    return Integer.parseInt(line().trim(), 16);
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).trim(), (a, b) -> a + "|" + b);
    }
    return fields;
  }

  /** One line, without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after: " + line);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  /** Whether the gateway closes the connection without another byte. */
  boolean closedByPeer() throws IOException {
    return in.read() < 0;
  }

  /** Whether the gateway has closed the connection by now. */
  boolean closedByNow() throws IOException {
    socket.setSoTimeout(1);
    try {
      return in.read() < 0;
    } catch (SocketTimeoutException still) {
      return false;
    } finally {
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    }
  }

  /** Closes with a reset instead of an orderly end. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
