package io.trafficgovernor.gateway.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Watches one HTTP/1.1 connection for bytes that belong to no request, as a backend sends them that
 * gives a body to a 304 or to the answer to a HEAD. Left where they are they would be the next
 * request's answer, or the beginning of its head; so the connection carries no other call. Source:
 * RFC 9112 section 9.2.
 *
 * <p>It stands on both sides of the codec: what comes while nobody has asked is seen before it, a
 * second answer behind it. What the codec keeps of an answer that is not complete is brought to
 * light with an empty line, which it skips where an answer may begin.
 *
 * <p>What comes when the next request is under way cannot be told from its answer. Confined to the
 * connection's event loop.
 */
final class UnaskedBytes {
  private static final String CODEC = "codec";

  /** Ends a line, and a head. */
  private static final ByteBuf BLANK =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", StandardCharsets.ISO_8859_1))
          .asReadOnly();

  private final Runnable seen;
  private final ChannelHandlerContext beforeCodec;
  private State state = State.NOBODY_ASKED;
  private boolean found;
  private boolean reading;
  private boolean interim;
  private @Nullable Runnable whenRead;

  private enum State {
    NOBODY_ASKED,
    ASKED,
    ANSWERING,
    /** It speaks another protocol now, which has no answers. */
    TUNNEL
  }

  /**
   * Watches that connection from now on.
   *
   * @param seen told once, as the first of such bytes come
   * @throws IllegalStateException if it has no HTTP/1.1 codec
   */
  UnaskedBytes(HttpClientConnection wire, Runnable seen) {
    this.seen = seen;
    if (!(wire instanceof UnpooledHttpClientConnection known)) {
      throw new IllegalStateException("connection: got " + wire + ", must be one without a pool");
    }
    var pipeline = known.unwrap().channelHandlerContext().pipeline();
    var codec = pipeline.context(CODEC);
    if (codec == null) {
      throw new IllegalStateException("pipeline: got " + pipeline.names() + ", must have " + CODEC);
    }
    Bytes bytes = new Bytes();
    pipeline.addBefore(CODEC, "unasked-bytes", bytes);
    pipeline.addAfter(CODEC, "unasked-answers", new Answers());
    this.beforeCodec = pipeline.context(bytes);
  }

  /** A request will be sent: one answer may come. */
  void asked() {
    state = State.ASKED;
  }

  /**
   * Calls back when all that came together with the last answer has been looked at: at once, or at
   * the end of the read that is under way. After that {@link #found} tells of it.
   */
  void answered(Runnable then) {
    if (reading) {
      whenRead = then;
    } else {
      clear();
      then.run();
    }
  }

  /** Whether there were such bytes, or what comes is not HTTP any more: it takes no other call. */
  boolean found() {
    return found;
  }

  private void clear() {
    if (state == State.TUNNEL) {
      found = true;
    } else {
      state = State.NOBODY_ASKED;
    }
    if (!found && beforeCodec.channel().isActive()) {
      beforeCodec.fireChannelRead(BLANK.duplicate());
    }
  }

  private void drop(Object message) {
    ReferenceCountUtil.release(message);
    if (!found) {
      found = true;
      seen.run();
    }
  }

  private final class Bytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (found || state == State.NOBODY_ASKED) {
        drop(message);
        return;
      }
      reading = true;
      context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.fireChannelReadComplete();
      reading = false;
      Runnable then = whenRead;
      whenRead = null;
      if (then != null) {
        answered(then);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      reading = false;
      Runnable then = whenRead;
      whenRead = null;
      context.fireChannelInactive();
      if (then != null) {
        then.run();
      }
    }
  }

  private final class Answers extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpObject part && !belongs(part)) {
        drop(message);
      } else {
        context.fireChannelRead(message);
      }
    }
  }

  /** Whether that part is of the answer that was asked for. */
  private boolean belongs(HttpObject part) {
    if (found) {
      return false;
    }
    if (part instanceof HttpResponse head && state == State.ASKED) {
      int status = head.status().code();
      interim = status < 200 && status != 101;
      if (!interim) {
        state = status == 101 ? State.TUNNEL : State.ANSWERING;
      }
      return true;
    }
    boolean last = part instanceof LastHttpContent;
    return switch (state) {
      case TUNNEL -> true;
      case ANSWERING -> {
        if (last) {
          state = State.NOBODY_ASKED;
        }
        yield true;
      }
      case ASKED -> interim && last;
      case NOBODY_ASKED -> false;
    };
  }
}
