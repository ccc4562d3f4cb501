package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/events}: server-sent events. A reader names the last number it has seen and goes
 * on from there; what it missed and is gone is told as one {@code gap}. Nothing is kept for a
 * reader that is slow: it is simply told later, from the log, which has its own bound. At most
 * {@value #MAX_READERS} readers. Used on the operator's event loop only.
 */
final class EventStream {
  private static final int MAX_READERS = 32;
  private static final long LOOK_MILLIS = 200;
  private static final int LOOKS_PER_HEARTBEAT = 50;

  /** A reader whose socket takes nothing for so long is gone: two minutes. */
  private static final int MAX_FULL_LOOKS = 600;

  private static final int EVENTS_PER_LOOK = 100;

  private final EventLog log;
  private final List<Reader> readers = new ArrayList<>();

  EventStream(Vertx vertx, EventLog log) {
    this.log = requireNonNull(log, "log");
    vertx.setPeriodic(LOOK_MILLIS, timer -> List.copyOf(readers).forEach(this::look));
  }

  /** One open answer. */
  private static final class Reader {
    private final HttpServerResponse response;
    private long seen;
    private int looks;
    private int fullLooks;

    Reader(HttpServerResponse response, long seen) {
      this.response = response;
      this.seen = seen;
    }
  }

  void open(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (readers.size() >= MAX_READERS) {
      new Problem(
              503,
              "too many readers",
              "readers of events: got " + (MAX_READERS + 1) + ", allowed " + MAX_READERS)
          .answer(response);
      return;
    }
    Long seen = seen(context.request().getHeader("Last-Event-ID"));
    if (seen == null) {
      new Problem(400, "Last-Event-ID is malformed", "Last-Event-ID: allowed a whole number")
          .answer(response);
      return;
    }
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    Reader reader = new Reader(response, seen);
    response.exceptionHandler(gone -> readers.remove(reader));
    response.closeHandler(gone -> readers.remove(reader));
    readers.add(reader);
    var unused = response.write("retry: 2000\n: here is what happens on this node\n\n");
    look(reader);
  }

  /**
   * The number in the header; that of the last event without one; null if it is none. A number that
   * is not reached yet is of a node whose clock was ahead: all there is is told.
   */
  private @Nullable Long seen(@Nullable String header) {
    if (header == null || header.isBlank()) {
      return log.last();
    }
    if (!header.strip().matches("\\d{1,18}")) {
      return null;
    }
    long number = Long.parseLong(header.strip());
    return number > log.last() ? 0L : number;
  }

  private void look(Reader reader) {
    if (reader.response.writeQueueFull()) {
      reader.fullLooks++;
      if (reader.fullLooks > MAX_FULL_LOOKS) {
        readers.remove(reader);
        reader.response.reset();
      }
      return;
    }
    reader.fullLooks = 0;
    reader.looks++;
    EventLog.Later later = log.after(reader.seen, EVENTS_PER_LOOK);
    StringBuilder text = new StringBuilder();
    if (later.gap()) {
      text.append("event: gap\ndata: {\"what\":\"events before this one are gone\"}\n\n");
      reader.seen = log.last();
    }
    for (EventLog.Event event : later.events()) {
      text.append("id: ").append(event.number()).append('\n');
      text.append("event: ").append(event.kind().name().toLowerCase(Locale.ROOT)).append('\n');
      text.append("data: ").append(event.data().encode()).append("\n\n");
      reader.seen = event.number();
    }
    if (text.isEmpty() && reader.looks % LOOKS_PER_HEARTBEAT == 0) {
      text.append(": still here\n\n");
    }
    if (!text.isEmpty()) {
      var unused = reader.response.write(text.toString());
    }
  }
}
