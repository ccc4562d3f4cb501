package io.trafficgovernor.answers.stale;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Identical requests on their way to the backend: one asks, the others wait for its answer. There
 * are at most as many flights as requests that lead one, and each has a bound on who waits.
 * Thread-safe. Source: RFC 9111 section 4, "collapse requests".
 */
public final class Flights {
  static final int MAX_WAITING = 1024;

  private final ConcurrentHashMap<String, Flight> underWay = new ConcurrentHashMap<>();

  Flights() {}

  /** What a request is to do. */
  public sealed interface Place {
    /** It asks, and owes the others a {@link Flight#land}. */
    record Leads(Flight flight) implements Place {}

    /** It will be told once the flight has landed. */
    record Waits(Flight flight) implements Place {}

    /** Too many wait already: it asks for itself. */
    record Alone() implements Place {}
  }

  /** One request to the backend that others wait for. */
  public final class Flight {
    private final String key;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean landed;

    private Flight(String key) {
      this.key = key;
    }

    private synchronized boolean join(Runnable told) {
      boolean fits = !landed && waiting.size() < MAX_WAITING;
      if (fits) {
        waiting.add(told);
      }
      return fits;
    }

    /** Does not want to be told any more. */
    public synchronized void leave(Runnable told) {
      waiting.remove(told);
    }

    /** It is over, however it went; those who wait are told on this thread. Idempotent. */
    public void land() {
      underWay.remove(key, this);
      List<Runnable> told;
      synchronized (this) {
        landed = true;
        told = List.copyOf(waiting);
        waiting.clear();
      }
      told.forEach(Runnable::run);
    }
  }

  /**
   * Takes part in the flight for that key, or begins one.
   *
   * @param told once, on the thread on which the flight lands; must not block
   */
  public Place join(String key, Runnable told) {
    Flight mine = new Flight(key);
    Flight there = underWay.putIfAbsent(key, mine);
    if (there == null) {
      return new Place.Leads(mine);
    }
    return there.join(told) ? new Place.Waits(there) : new Place.Alone();
  }

  boolean underWay(String key) {
    return underWay.containsKey(key);
  }
}
