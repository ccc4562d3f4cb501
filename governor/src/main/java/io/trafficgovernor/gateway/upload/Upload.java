package io.trafficgovernor.gateway.upload;

import io.trafficgovernor.admission.Ticker;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;

/**
 * Streams a request's body to the backend, no faster than it takes it. Confined to its event loop.
 *
 * <p>An upload has a slot of the window as long as it lasts, so only {@link Uploads} so many may go
 * on at a time, and it must get on: it has the class's time-out, and a second more for each {@value
 * #MIN_BYTES_PER_SECOND} bytes. The time-out for the answer begins anew with the last byte.
 */
public final class Upload {
  private static final long MIN_BYTES_PER_SECOND = 32 * 1024;
  private static final double NANOS_PER_SECOND = 1e9;

  private final HttpServerRequest from;
  private final HttpClientRequest to;
  private final Ticker ticker;
  private final Runnable ended;
  private long bytes;
  private long endedNanos;
  private boolean complete;
  private boolean stopped;
  private boolean held;

  /**
   * From a paused request to one whose head has been written.
   *
   * @param ended told once, before the last byte is handed over
   */
  public Upload(HttpServerRequest from, HttpClientRequest to, Ticker ticker, Runnable ended) {
    this.from = from;
    this.to = to;
    this.ticker = ticker;
    this.ended = ended;
  }

  /** Takes the body from the client from now on. */
  public void begin() {
    from.handler(this::chunk);
    from.endHandler(ignored -> end());
    from.resume();
  }

  private void chunk(Buffer chunk) {
    if (stopped) {
      return;
    }
    bytes += chunk.length();
    var unused = to.write(chunk);
    if (to.writeQueueFull()) {
      held = true;
      from.pause();
      to.drainHandler(
          ignored -> {
            held = false;
            from.resume();
          });
    }
  }

  private void end() {
    if (!stopped) {
      complete = true;
      endedNanos = ticker.nanos();
      ended.run();
      var unused = to.end();
    }
  }

  /** Whether the next byte is owed by the client, and not by a backend that takes none. */
  public boolean clientOwes() {
    return !complete && !held;
  }

  /** Nanoseconds that it adds to the deadline of a request which arrived at that instant. */
  public long graceNanos(long arrivedNanos) {
    return complete ? endedNanos - arrivedNanos : allowedNanos(bytes);
  }

  /** The time that a client may take for so many bytes. Pure. */
  public static long allowedNanos(long bytes) {
    return (long) (bytes * NANOS_PER_SECOND / MIN_BYTES_PER_SECOND);
  }

  /** What still comes is not sent. */
  public void stop() {
    stopped = true;
  }
}
