package io.trafficgovernor.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that writes frames as they are given, wrong ones too. Source: RFC 9113 section 4.1. */
final class RawHttp2Client implements AutoCloseable {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder((name, value) -> false, true);
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
  private int stream = -1;

  RawHttp2Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
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
    stream += 2;
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(stream, headers, block);
    byte[] bytes = new byte[block.readableBytes()];
    block.readBytes(bytes);
    frame(HEADERS, body.isEmpty() ? END_STREAM | END_HEADERS : END_HEADERS, stream, bytes);
    if (!body.isEmpty()) {
      frame(DATA, END_STREAM, stream, body.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void frame(int type, int flags, int id, byte[] payload) throws IOException {
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
    out.flush();
  }

  /** What became of the latest stream: its status, {@code reset 1}, {@code goaway 1} or closed. */
  String outcome() throws Exception {
    try {
      while (true) {
        int length = in.read() << 16 | in.read() << 8 | in.read();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == GOAWAY) {
          return "goaway " + payload[7];
        }
        if (type == RST_STREAM && id == stream) {
          return "reset " + payload[3];
        }
        if (type == HEADERS && id == stream && (flags & END_HEADERS) != 0) {
          int from = (flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES;
          ByteBuf block = Unpooled.wrappedBuffer(payload, from, payload.length - from);
          Http2Headers head = decoder.decodeHeaders(id, block);
          return String.valueOf(head.status());
        }
      }
    } catch (EOFException closed) {
      return "closed";
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
