package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import java.util.SplittableRandom;

/**
 * Open-loop clients: first attempts arrive as a Poisson stream, time out, and are retried after a
 * back-off or, by those who honour it, after Retry-After.
 */
final class Clients {
  private static final int USERS = 20_000;

  private final VirtualTime time;
  private final Population population;
  private final int[] ranks;
  private final Door door;
  private final AttemptLog log;
  private final SplittableRandom arrivals;
  private final SplittableRandom habits;

  Clients(
      VirtualTime time, Population population, Door door, AttemptLog log, SplittableRandom random) {
    this.time = time;
    this.population = population;
    this.door = door;
    this.log = log;
    this.arrivals = random.split();
    this.habits = random.split();
    this.ranks = new int[population.systems().size()];
    for (int system = 0; system < ranks.length; system++) {
      ranks[system] = population.rank(system);
    }
  }

  void start() {
    double gap = -Math.log(1 - arrivals.nextDouble()) / population.ratePerSecond();
    time.after((long) (gap * 1e9), this::arrive);
  }

  private void arrive(long nowNanos) {
    int system = pick();
    long session = SessionKey.hash("user-" + arrivals.nextInt(USERS));
    new Attempt(new Request(system, session, population.keys().draw(arrivals)), 0, nowNanos)
        .begin();
    start();
  }

  private int pick() {
    double at = arrivals.nextDouble();
    for (int system = 0; system < ranks.length - 1; system++) {
      at -= population.systems().get(system).share();
      if (at < 0) {
        return system;
      }
    }
    return ranks.length - 1;
  }

  private record Request(int system, long session, int key) {}

  /** One try: ends with the first of answer and time-out. */
  private final class Attempt {
    private final Request request;
    private final int number;
    private final SystemTraffic habit;
    private final long beganNanos;
    private boolean over;

    private Attempt(Request request, int number, long beganNanos) {
      this.request = request;
      this.number = number;
      this.habit = population.systems().get(request.system());
      this.beganNanos = beganNanos;
    }

    private void begin() {
      long timeout = habit.timeout().toNanos();
      time.after(timeout, now -> ended(Ending.TIMEOUT, 0, now));
      door.send(
          new Door.Call(
              ranks[request.system()],
              request.session(),
              request.key(),
              number == 0,
              beganNanos + timeout,
              this::ended));
    }

    private void ended(Ending ending, long retryAfterSeconds, long nowNanos) {
      if (over) {
        return;
      }
      over = true;
      log.add(request.system(), number, beganNanos, nowNanos, ending);
      if (!ending.good() && number < habit.retries()) {
        time.after(pause(retryAfterSeconds), now -> new Attempt(request, number + 1, now).begin());
      }
    }

    private long pause(long retryAfterSeconds) {
      if (retryAfterSeconds > 0 && habits.nextDouble() < population.honouring()) {
        return retryAfterSeconds * 1_000_000_000L;
      }
      double back = habit.backoff().toNanos() * Math.pow(2, number);
      return (long) (back * (0.5 + habits.nextDouble()));
    }
  }
}
