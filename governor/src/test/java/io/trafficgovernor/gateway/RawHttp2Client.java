package io.trafficgovernor.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that writes frames as they are given, wrong ones too. Source: RFC 9113 section 4.1. */
final class RawHttp2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;

  private static final int ACK = 0x1;
  private static final int MAX_STREAMS = 3;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder((name, value) -> false, true);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private int stream = -1;
  private int dataBytes;
  private int maxStreams = -1;

  RawHttp2Client(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
    write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").frame(SETTINGS, 0, 0, new byte[0]);
  }

  private RawHttp2Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    socket.setTcpNoDelay(true);
    out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
  }

  /** A client that has said nothing yet. */
  static RawHttp2Client silent(int port) throws IOException {
    return new RawHttp2Client(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  RawHttp2Client write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** Four bytes. */
  static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /** One setting. */
  static byte[] setting(int id, int value) {
    return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
  }

  /** Headers as they are given, without any check; pairs of name and value. */
  static Http2Headers headers(String... pairs) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }

  /** Opens a stream with that head; the body follows if there is one. */
  void request(Http2Headers headers, String body) throws Exception {
    int next = stream + 2;
    head(next, body.isEmpty() ? END_STREAM | END_HEADERS : END_HEADERS, headers);
    if (!body.isEmpty()) {
      frame(DATA, END_STREAM, next, body.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** A frame of headers; outcomes are told of that stream from now on. */
  RawHttp2Client head(int id, int flags, Http2Headers headers) throws Exception {
    stream = id;
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(id, headers, block);
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    return frame(HEADERS, flags, id, bytes);
  }

  /** A frame of headers in that very order, which the encoder would put right. RFC 7541 6.2.2. */
  RawHttp2Client literally(int id, String... pairs) throws IOException {
    stream = id;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < pairs.length; i++) {
      if (i % 2 == 0) {
        block.write(0);
      }
      block.write(pairs[i].length());
      block.writeBytes(pairs[i].getBytes(StandardCharsets.US_ASCII));
    }
    return frame(HEADERS, END_HEADERS | END_STREAM, id, block.toByteArray());
  }

  /** Opens the next stream and gives it up. */
  void resetAtOnce(Http2Headers headers) throws Exception {
    head(stream + 2, END_STREAM | END_HEADERS, headers);
    frame(RST_STREAM, 0, stream, number(8));
  }

  RawHttp2Client ping() throws IOException {
    return frame(PING, 0, 0, new byte[8]);
  }

  /** How many streams the gateway allows at a time, from its first frame. */
  int maxStreams() throws Exception {
    ping();
    String unused = outcome();
    return maxStreams;
  }

  /** Bytes of bodies that came before the latest outcome. */
  int dataBytes() {
    return dataBytes;
  }

  /** Bytes of bodies by the time that so many have come; fewer if an end comes first. */
  int dataBytes(int atLeast) throws Exception {
    while (dataBytes < atLeast && ping().outcome().equals("ping")) {
      // the answer to a ping may overtake a body
      Thread.onSpinWait();
    }
    return dataBytes;
  }

  RawHttp2Client frame(int type, int flags, int id, byte[] payload) throws IOException {
    byte[] all = new byte[9 + payload.length];
    all[0] = (byte) (payload.length >> 16);
    all[1] = (byte) (payload.length >> 8);
    all[2] = (byte) payload.length;
    all[3] = (byte) type;
    all[4] = (byte) flags;
    for (int i = 0; i < 4; i++) {
      all[5 + i] = (byte) (id >> (24 - 8 * i));
    }
    System.arraycopy(payload, 0, all, 9, payload.length);
    out.write(all);
    return this;
  }

  /**
   * What came next: the status of the latest stream, {@code reset 1} of it, {@code goaway 1}, the
   * answer to a {@code ping}, or closed.
   */
  String outcome() throws Exception {
    try {
      out.flush();
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        String told = told(type, flags, id, in.readNBytes(length));
        if (!told.isEmpty()) {
          return told;
        }
      }
    } catch (EOFException | SocketException closed) {
      return "closed";
    }
  }

  /** The end that was made of the stream or the connection; else its status, or a ping's answer. */
  String verdict() throws Exception {
    try {
      ping();
    } catch (SocketException closed) {
      // what was said before can still be read
    }
    String status = "";
    while (true) {
      String next = outcome();
      if (next.equals("ping")) {
        return status.isEmpty() ? next : status;
      }
      if (!next.matches("\\d{3}")) {
        return next;
      }
      status = next;
    }
  }

  private String told(int type, int flags, int id, byte[] payload) throws Exception {
    if (type == GOAWAY) {
      return "goaway " + payload[7];
    }
    if (type == RST_STREAM && id == stream) {
      return "reset " + payload[3];
    }
    if (type == PING && (flags & ACK) != 0) {
      return "ping";
    }
    if (type == DATA) {
      dataBytes += payload.length;
    }
    if (type == SETTINGS) {
      ByteBuffer settings = ByteBuffer.wrap(payload);
      while (settings.hasRemaining()) {
        boolean streams = settings.getShort() == MAX_STREAMS;
        int value = settings.getInt();
        maxStreams = streams ? value : maxStreams;
      }
    }
    if (type == HEADERS && id == stream && (flags & END_HEADERS) != 0) {
      int from = (flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES;
      ByteBuf block = Unpooled.wrappedBuffer(payload, from, payload.length - from);
      return String.valueOf(decoder.decodeHeaders(id, block).status());
    }
    return "";
  }

  /** Hands over what was written; fails if the gateway has closed the connection. */
  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
