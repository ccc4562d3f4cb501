package io.trafficgovernor.loadtest.testing;

import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.plan.Population;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.record.Given;
import io.trafficgovernor.loadtest.record.Moments;
import io.trafficgovernor.loadtest.record.NodeSample;
import io.trafficgovernor.loadtest.record.NodeSample.ClassSample;
import io.trafficgovernor.loadtest.record.RunRecord;
import io.trafficgovernor.loadtest.record.StoreSample;
import io.trafficgovernor.loadtest.store.Zipf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A made-up run of three classes, config, auth and read, with one system each. Clients begin at 0
 * s; the store dies at 10 s and is back at 30 s; it ends at 60 s. Unless a test says otherwise it
 * went well: config was back after 1 s, auth after 2 s, read after 10 s, and what reached the store
 * was half of what the ceiling of 200/s allowed.
 */
public final class RunSketch {
  public static final long SECOND = 1_000_000_000L;
  public static final long DIED = 10 * SECOND;
  public static final long RETURNED = 30 * SECOND;
  public static final long ENDED = 60 * SECOND;
  public static final int NODES = 3;

  private static final long MILLI = 1_000_000L;
  private static final double PER_SYSTEM = 100;
  private static final double CEILING = 200;

  private final double[] back = {1, 2, 10};
  private double failedBefore;
  private DoubleUnaryOperator ceiling = seconds -> CEILING;
  private String phaseAfterReturn = "RAMPING";
  private final List<long[]> arrivals = new ArrayList<>();
  private boolean probed = true;
  private final List<StoreSample> store = new ArrayList<>();
  private final List<NodeSample> extra = new ArrayList<>();
  private RunRecord.Driver driver = new RunRecord.Driver(0, 5 * MILLI, 0);
  private RunRecord.@Nullable Meters meters = new RunRecord.Meters(3_000, 3_000);
  private @Nullable Given given =
      given(
          new Given.Ages(7, 0, 0, 0.4),
          new Given.Writes(5, 0, 1, 0, 0),
          new Given.Tokens(9, 4, 2, 0, 0));
  private @Nullable Long reopened;
  private boolean governed = true;
  private String name = "full";

  public RunSketch name(String of) {
    name = of;
    return this;
  }

  public RunSketch ungoverned() {
    governed = false;
    meters = null;
    given = null;
    return this;
  }

  /** All first attempts of that system succeed from so many seconds after the return on. */
  public RunSketch back(int system, double seconds) {
    back[system] = seconds;
    return this;
  }

  public RunSketch neverBack() {
    for (int system = 0; system < back.length; system++) {
      back[system] = Double.POSITIVE_INFINITY;
    }
    return this;
  }

  /** That part of the first attempts before the store's death fails. */
  public RunSketch failedBefore(double part) {
    failedBefore = part;
    return this;
  }

  /** Ceiling by the seconds since the return. */
  public RunSketch ceiling(DoubleUnaryOperator perSecond) {
    ceiling = perSecond;
    return this;
  }

  public RunSketch phaseAfterReturn(String phase) {
    phaseAfterReturn = phase;
    return this;
  }

  /** More requests reach the store, all at the same instant. */
  public RunSketch burst(double secondsAfterReturn, int requests, long delayNanos) {
    long at = at(secondsAfterReturn);
    for (int i = 0; i < requests; i++) {
      arrivals.add(new long[] {at, at - delayNanos});
    }
    return this;
  }

  /** A request that carries no stamp. */
  public RunSketch unstamped(double secondsAfterReturn) {
    arrivals.add(new long[] {at(secondsAfterReturn), ArrivalColumns.UNSTAMPED});
    return this;
  }

  public RunSketch withoutProbe() {
    probed = false;
    return this;
  }

  /** The store restarted by itself. */
  public RunSketch restart(double secondsAfterReturn) {
    store.add(new StoreSample(at(secondsAfterReturn), false, 0, 0, 0, 1, 0));
    return this;
  }

  /** One governor says that phase at that instant. */
  public RunSketch says(int node, double secondsAfterReturn, String phase) {
    long at = at(secondsAfterReturn);
    extra.add(sample(node, at - MILLI, phase, 0));
    return this;
  }

  public RunSketch overflow(long attempts) {
    driver = new RunRecord.Driver(attempts, 5 * MILLI, 0);
    return this;
  }

  public RunSketch meters(RunRecord.@Nullable Meters read) {
    meters = read;
    return this;
  }

  /** What clients were given without the store; null if there was no governor. */
  public RunSketch given(@Nullable Given of) {
    given = of;
    return this;
  }

  /** An account in which the first system was given it all. */
  public static Given given(Given.Ages ages, Given.Writes writes, Given.Tokens tokens) {
    Given.OfSystem none = new Given.OfSystem(0, 0, 0, 0, 0, 0);
    return new Given(
        List.of(new Given.OfSystem(7, 12, 0, 0, 0, 0), none, none), ages, writes, tokens);
  }

  public RunSketch reopened(double secondsAfterReturn) {
    reopened = at(secondsAfterReturn);
    return this;
  }

  /** The instant so many seconds after the return. */
  public static long at(double secondsAfterReturn) {
    return RETURNED + Math.round(secondsAfterReturn * 1e9);
  }

  /** Its clients. */
  public static Population population() {
    List<TrafficClass> classes =
        List.of(
            trafficClass("config"), trafficClass("auth", "config"), trafficClass("read", "auth"));
    List<SystemTraffic> systems =
        List.of(
            system("Gateway", "config", 0.25),
            system("Access", "auth", 0.25),
            system("Stream <live>", "read", 0.5));
    return new Population(400, classes, systems, 0.7, new Zipf(100, 0.8));
  }

  private static TrafficClass trafficClass(String name, String... after) {
    return new TrafficClass(
        name,
        List.of(after),
        Duration.ofMillis(150),
        Duration.ofSeconds(1),
        name.equals("auth") ? Instead.REJECT : Instead.STALE);
  }

  private static SystemTraffic system(String name, String className, double share) {
    return new SystemTraffic(
        name, className, share, false, Duration.ofSeconds(1), 2, Duration.ofMillis(500));
  }

  /** The run as it was sketched. */
  public RunRecord record() {
    return new RunRecord(
        name,
        governed,
        population(),
        new Moments(0, DIED, RETURNED, ENDED),
        attempts(),
        columns(),
        governed ? samples() : List.of(),
        store(),
        driver,
        meters,
        given,
        reopened);
  }

  private AttemptLog attempts() {
    AttemptLog log = new AttemptLog();
    long gap = (long) (SECOND / PER_SYSTEM);
    for (long planned = 0; planned < ENDED; planned += gap) {
      for (int system = 0; system < back.length; system++) {
        Ending ending = ending(system, planned);
        log.add(system, 0, planned + system, planned + 20 * MILLI, ending);
        if (!ending.good()) {
          log.add(system, 1, planned + system + 500 * MILLI, planned + 520 * MILLI, ending);
        }
      }
    }
    return log;
  }

  private Ending ending(int system, long planned) {
    if (planned < DIED) {
      long number = planned * (long) PER_SYSTEM / SECOND;
      return number % 100 < 100 * failedBefore ? Ending.FAILED : Ending.OK;
    }
    return planned >= RETURNED && (planned - RETURNED) / 1e9 >= back[system]
        ? Ending.OK
        : Ending.SHED;
  }

  private ArrivalColumns columns() {
    List<long[]> all = new ArrayList<>(arrivals);
    for (long at = RETURNED + SECOND / 2; at < ENDED; at += SECOND / 100) {
      all.add(new long[] {at, at - 2 * MILLI});
    }
    long[] probe = {RETURNED + 100 * MILLI, ArrivalColumns.UNSTAMPED};
    if (probed) {
      all.add(probe);
    }
    all.sort(Comparator.comparingLong(each -> each[0]));
    ArrivalColumns columns = new ArrivalColumns();
    all.forEach(each -> columns.add(each[0], each[1], each == probe ? "probe" : "read"));
    return columns;
  }

  private List<NodeSample> samples() {
    List<NodeSample> all = new ArrayList<>(extra);
    for (long at = 0; at < ENDED; at += 80 * MILLI) {
      for (int node = 0; node < NODES; node++) {
        boolean returned = at >= RETURNED;
        String phase = at < DIED ? "OPEN" : returned ? phaseAfterReturn : "OUTAGE";
        double allowed = returned ? ceiling.applyAsDouble((at - RETURNED) / 1e9) : 0;
        all.add(sample(node, at, phase, allowed));
      }
    }
    all.sort(Comparator.comparingLong(NodeSample::toldNanos));
    return all;
  }

  /** What a governor said, 1 ms after it was asked. */
  public static NodeSample sample(int node, long asked, String phase, double perSecond) {
    return new NodeSample(
        node,
        asked,
        asked + MILLI,
        phase,
        1,
        perSecond,
        16,
        NODES,
        NODES,
        List.of(new ClassSample("config", true, 1)));
  }

  private List<StoreSample> store() {
    List<StoreSample> all = new ArrayList<>(store);
    for (long at = 0; at < ENDED; at += SECOND / 4) {
      boolean up = at < DIED || at >= RETURNED;
      int restarts = 0;
      for (StoreSample restart : store) {
        restarts += at >= restart.atNanos() ? 1 : 0;
      }
      all.add(new StoreSample(at, up, up ? 500 : 0, 0.5, 3, restarts, at / MILLI));
    }
    all.sort(Comparator.comparingLong(StoreSample::atNanos));
    return all;
  }
}
