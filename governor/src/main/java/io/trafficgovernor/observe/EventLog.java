package io.trafficgovernor.observe;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What happened on this node lately: the last {@value #KEPT} changes of phase, of effective mode
 * and of the grid, and the audit lines written here. Numbers rise, across restarts too, so that a
 * reader can go on where it was. Thread-safe; never blocks.
 */
public final class EventLog {
  private static final int KEPT = 1_000;

  /** Room between two starts: a process never has that many events in a millisecond. */
  private static final long NUMBERS_PER_MILLI = 1_000;

  private final SystemTicker clock;
  private final Deque<Event> kept = new ArrayDeque<>();
  private long last;

  /** A log that is empty; its numbers begin at the time of day. */
  public EventLog(SystemTicker clock) {
    this.clock = clock;
    this.last = clock.wallTime().toEpochMilli() * NUMBERS_PER_MILLI;
  }

  /** What an event is about; the name in lower case is its type on the wire. */
  public enum Kind {
    PHASE,
    MODE,
    GRID,
    JOURNAL,
    AUDIT
  }

  /**
   * One event.
   *
   * @param number higher than that of all before it
   */
  public record Event(long number, Kind kind, JsonObject data) {}

  /**
   * Events after a number.
   *
   * @param gap whether some between the number and the first of them are gone
   */
  public record Later(boolean gap, List<Event> events) {}

  /** Adds one; the time is put to it. */
  public synchronized void add(Kind kind, JsonObject data) {
    last++;
    kept.addLast(
        new Event(
            last, kind, new JsonObject().put("at", clock.wallTime().toString()).mergeIn(data)));
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
  }

  /** The number of the last one. */
  public synchronized long last() {
    return last;
  }

  /** Those after that number, oldest first, at most so many; 0 asks for all there are. */
  public synchronized Later after(long number, int limit) {
    List<Event> later =
        kept.stream().filter(event -> event.number() > number).limit(limit).toList();
    boolean gap =
        number > 0 && number < last && (later.isEmpty() || number < kept.getFirst().number() - 1);
    return new Later(gap, later);
  }
}
