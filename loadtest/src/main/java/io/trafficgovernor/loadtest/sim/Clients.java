package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.loadtest.store.Zipf;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Open-loop clients: each system's requests arrive as a Poisson stream, time out, and are retried.
 */
final class Clients {
  /** Honoured waits beyond this end the request: nobody waits for ever. */
  private static final int USERS = 20_000;

  private final EventQueue events;
  private final Population population;
  private final Door door;
  private final RunLog log;
  private final Zipf keys;
  private final SplittableRandom arrivals;
  private final SplittableRandom habits;
  private boolean stopped;

  Clients(
      EventQueue events, Population population, Door door, RunLog log, SplittableRandom random) {
    this.events = events;
    this.population = population;
    this.door = door;
    this.log = log;
    this.keys = population.keys();
    this.arrivals = random.split();
    this.habits = random.split();
  }

  void start() {
    nextArrival();
  }

  void stop() {
    stopped = true;
  }

  private void nextArrival() {
    double gap = -Math.log(1 - arrivals.nextDouble()) / population.ratePerSecond();
    events.after((long) (gap * 1e9), this::arrive);
  }

  private void arrive(long nowNanos) {
    if (stopped) {
      return;
    }
    int system = pick(population.systems());
    long session = SessionKey.hash("user-" + arrivals.nextInt(USERS));
    attempt(new Request(system, session, keys.draw(arrivals)), 0, nowNanos);
    nextArrival();
  }

  private int pick(List<Population.Client> systems) {
    double at = arrivals.nextDouble();
    for (int i = 0; i < systems.size() - 1; i++) {
      at -= systems.get(i).share();
      if (at < 0) {
        return i;
      }
    }
    return systems.size() - 1;
  }

  private record Request(int system, long session, int key) {}

  private void attempt(Request request, int number, long nowNanos) {
    Population.Client client = population.systems().get(request.system());
    long timeout = (long) (client.timeoutSeconds() * 1e9);
    new Attempt(request, number, client, nowNanos).begin(timeout);
  }

  /** One try: ends with the first of answer and time-out. */
  private final class Attempt {
    private final Request request;
    private final int number;
    private final Population.Client client;
    private final long beganNanos;
    private boolean over;

    private Attempt(Request request, int number, Population.Client client, long beganNanos) {
      this.request = request;
      this.number = number;
      this.client = client;
      this.beganNanos = beganNanos;
    }

    private void begin(long timeoutNanos) {
      log.attempted(request.system(), number, beganNanos);
      events.after(timeoutNanos, now -> ended(false, 0, now));
      door.send(
          new Door.Call(
              client.rank(),
              request.session(),
              request.key(),
              number == 0,
              beganNanos + timeoutNanos,
              this::ended));
    }

    private void ended(boolean good, long retryAfterSeconds, long nowNanos) {
      if (over) {
        return;
      }
      over = true;
      log.ended(request.system(), number, beganNanos, good, nowNanos);
      if (!good && number < client.retries() && !stopped) {
        events.after(pause(retryAfterSeconds), now -> attempt(request, number + 1, now));
      }
    }

    private long pause(long retryAfterSeconds) {
      if (retryAfterSeconds > 0 && habits.nextDouble() < population.honouring()) {
        return retryAfterSeconds * 1_000_000_000L;
      }
      double back = client.backoffSeconds() * Math.pow(2, number);
      return (long) (back * (0.5 + habits.nextDouble()) * 1e9);
    }
  }
}
