package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.loadtest.measure.RunLog;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.scenario.StoreEvent;
import io.trafficgovernor.loadtest.world.Door;
import io.trafficgovernor.loadtest.world.EventQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Open-loop clients: sessions begin as a Poisson stream whose rate may change, each sends its
 * requests one after the other; attempts time out, and are retried after a back-off or, by those
 * who honour it, after Retry-After.
 */
final class Clients {
  /** The stream's rate is looked at anew at least that often. */
  private static final double LOOK_SECONDS = 0.1;

  /** Attempts that were planned longer before the return are not kept. */
  private static final long KEPT_NANOS = 60_000_000_000L;

  /** Nobody backs off for longer than that many times the first pause. */
  private static final double LONGEST_BACKOFF = 32;

  /** One of a herd tries that often before it gives up. */
  private static final int HERD_RETRIES = 100;

  private final EventQueue time;
  private final Scenario scenario;
  private final Population population;
  private final int[] ranks;
  private final double[] factors;
  private final Door door;
  private final RunLog log;
  private final SplittableRandom arrivals;
  private final SplittableRandom habits;
  private final long returnNanos;
  private final List<Long> users = new ArrayList<>();

  Clients(
      EventQueue time,
      Scenario scenario,
      Door door,
      RunLog log,
      SplittableRandom random,
      long returnNanos) {
    this.time = time;
    this.scenario = scenario;
    this.population = scenario.population();
    this.door = door;
    this.log = log;
    this.arrivals = random.split();
    this.habits = random.split();
    this.returnNanos = returnNanos;
    this.ranks = new int[population.systems().size()];
    this.factors = new double[ranks.length];
    for (int system = 0; system < ranks.length; system++) {
      ranks[system] = population.rank(system);
      factors[system] = 1;
    }
    for (int user = 0; user < scenario.habits().users(); user++) {
      users.add(SessionKey.hash("user-" + user));
    }
  }

  void start() {
    double rate = rate();
    double gap = -Math.log1p(-arrivals.nextDouble()) / Math.max(rate, 1e-9);
    if (gap > LOOK_SECONDS) {
      time.after((long) (LOOK_SECONDS * 1e9), now -> start());
    } else {
      time.after((long) (gap * 1e9), this::arrive);
    }
  }

  /** Sessions that begin per second, now. */
  private double rate() {
    double sum = 0;
    for (int system = 0; system < factors.length; system++) {
      sum += factors[system] * population.systems().get(system).share();
    }
    Scenario.Habits of = scenario.habits();
    double since = (time.nanos() - returnNanos) / 1e9;
    double course =
        since < 0
            ? scenario.course().leadFactor()
            : 1 + (of.pentUp() - 1) * Math.exp(-since / of.pentUpSeconds());
    return population.ratePerSecond() * sum * course / of.sessionRequests();
  }

  /** Some clients ask more or less than usual for a while. */
  void happen(StoreEvent.Demand demand) {
    change(demand, demand.factor());
    time.after((long) (demand.forSeconds() * 1e9), now -> change(demand, 1));
  }

  /** A herd: all within a moment, each from an address of its own. */
  void happen(StoreEvent.Herd herd, long nowNanos) {
    log.herdCame(herd.users(), nowNanos);
    for (int user = 0; user < herd.users(); user++) {
      int system = pick();
      long address = SessionKey.hash("herd-" + user);
      long after = (long) (arrivals.nextDouble() * herd.withinSeconds() * 1e9);
      time.after(after, now -> new Session(system, address, 1, HERD_RETRIES, true).next(now));
    }
  }

  private void change(StoreEvent.Demand demand, double factor) {
    for (int system = 0; system < factors.length; system++) {
      if (demand.rank() == StoreEvent.ALL || demand.rank() == ranks[system]) {
        factors[system] = factor;
      }
    }
  }

  private void arrive(long nowNanos) {
    int system = pick();
    long session = users.get(arrivals.nextInt(users.size()));
    int retries = population.systems().get(system).retries();
    new Session(system, session, scenario.habits().sessionRequests(), retries, false)
        .next(nowNanos);
    start();
  }

  private int pick() {
    double sum = 0;
    for (int system = 0; system < factors.length; system++) {
      sum += factors[system] * population.systems().get(system).share();
    }
    double at = arrivals.nextDouble() * sum;
    for (int system = 0; system < ranks.length; system++) {
      at -= factors[system] * population.systems().get(system).share();
      if (at < 0) {
        return system;
      }
    }
    return ranks.length - 1;
  }

  /** A user's requests, each begun a while after the one before was answered or given up. */
  private final class Session {
    private final int system;
    private final long session;
    private final int retries;
    private final boolean herd;
    private int left;

    private Session(int system, long session, int requests, int retries, boolean herd) {
      this.system = system;
      this.retries = retries;
      this.herd = herd;
      this.session = session;
      this.left = requests;
    }

    private void next(long nowNanos) {
      left--;
      new Attempt(this, population.keys().draw(arrivals), 0, nowNanos, nowNanos).begin();
    }

    private void over() {
      if (left > 0) {
        double think = -Math.log1p(-habits.nextDouble()) * scenario.habits().thinkSeconds();
        time.after((long) (think * 1e9), this::next);
      }
    }
  }

  /** One try: ends with the first of answer and time-out. */
  private final class Attempt implements Door.Reply {
    private final Session session;
    private final int key;
    private final int number;
    private final long askedNanos;
    private final long beganNanos;
    private final SystemTraffic habit;
    private boolean over;

    private Attempt(Session session, int key, int number, long askedNanos, long beganNanos) {
      this.session = session;
      this.key = key;
      this.number = number;
      this.askedNanos = askedNanos;
      this.beganNanos = beganNanos;
      this.habit = population.systems().get(session.system);
    }

    private void begin() {
      long timeout = habit.timeout().toNanos();
      time.after(timeout, now -> ended(Ending.TIMEOUT, 0, now));
      door.send(
          new Door.Call(
              ranks[session.system],
              session.session,
              key,
              number == 0,
              beganNanos + timeout,
              this));
    }

    @Override
    public void ended(Ending ending, long retryAfterSeconds, long nowNanos) {
      if (over) {
        return;
      }
      over = true;
      if (returnNanos - beganNanos <= KEPT_NANOS) {
        log.attempts().add(session.system, number, beganNanos, nowNanos, ending);
      }
      if (ending.good()) {
        if (askedNanos >= returnNanos) {
          log.waits().add(ranks[session.system], nowNanos - askedNanos);
        }
        if (session.herd) {
          log.herdServed(nowNanos);
        }
        session.over();
      } else if (number < session.retries) {
        time.after(
            pause(retryAfterSeconds),
            now -> new Attempt(session, key, number + 1, askedNanos, now).begin());
      } else {
        session.over();
      }
    }

    private long pause(long retryAfterSeconds) {
      if (retryAfterSeconds > 0 && habits.nextDouble() < population.honouring()) {
        return retryAfterSeconds * 1_000_000_000L;
      }
      double back = habit.backoff().toNanos() * Math.min(LONGEST_BACKOFF, Math.pow(2, number));
      return (long) (back * (0.5 + habits.nextDouble()));
    }
  }
}
