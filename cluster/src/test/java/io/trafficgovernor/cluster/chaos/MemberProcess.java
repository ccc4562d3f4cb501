package io.trafficgovernor.cluster.chaos;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Outcome;
import io.trafficgovernor.admission.Scheduler;
import io.trafficgovernor.admission.lease.SettingsPrint;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.admission.request.Permit;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.cluster.LeaseHolder;
import io.trafficgovernor.cluster.hazelcast.GridSettings;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.hazelcast.entry.Writer;
import io.trafficgovernor.cluster.memory.StateFile;
import io.trafficgovernor.cluster.memory.StateKeeper;
import io.trafficgovernor.cluster.memory.Tenure;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One member in a process of its own, with the real holder and controller and a steady stream of
 * requests to a backend that is always well. It writes a line for each lease, and ends in good
 * order when its input ends.
 */
final class MemberProcess {
  private static final long MILLI = 1_000_000L;
  private static final long SERVICE_NANOS = 5 * MILLI;
  private static final int CLASSES = 3;

  /** A ceiling that rises slowly, so that every fault happens in the middle of a ramp. */
  private static final RampPlan PLAN = new RampPlan.Linear(100, 2_000, 240_000 * MILLI);

  private final PrintStream out = System.out;
  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final Scheduler leases = scheduler(Executors.newSingleThreadScheduledExecutor());
  private final String node;
  private final double offeredPerSecond;
  private final AdmissionController admission;
  private double due;
  private long sessions;
  private boolean owner;
  private boolean writes;

  private MemberProcess(String node, double offeredPerSecond, ClassTable classes) {
    this.node = node;
    this.offeredPerSecond = offeredPerSecond;
    this.admission = new AdmissionController(classes, scheduler(executor), false);
  }

  /** Takes: cluster, node, requests offered per second, own port, data directory, all voters. */
  public static void main(String[] args) throws Exception {
    ClassTable classes = Classes.chain(CLASSES);
    List<String> voters = Arrays.asList(args).subList(5, args.length);
    MemberProcess member = new MemberProcess(args[1], Double.parseDouble(args[2]), classes);
    GridSettings settings =
        new GridSettings(args[0], args[1], "127.0.0.1", Integer.parseInt(args[3]), voters);
    Ledger ledger =
        new Ledger(new LedgerSettings(classes, 2_000, voters.size(), RampMode.AUTO, PLAN));
    HazelcastLedgerGrid grid = HazelcastLedgerGrid.join("kv", ledger, settings, System::nanoTime);
    Tenure tenure = Tenure.begin(Path.of(args[4]), new SecureRandom());
    StateFile file = new StateFile(Path.of(args[4]), "kv");
    Scheduler disk = scheduler(Executors.newSingleThreadScheduledExecutor());
    Writer writer = new Writer(args[0] + "/" + args[1], voters.size(), "kv");
    new StateKeeper(grid, grid::seed, file, disk)
        .start(file.read(), () -> member.run(grid, tenure, writer), why -> {});
    while (System.in.read() >= 0) {
      // the parent says nothing; the end of its end is the sign to leave
    }
    grid.close();
    System.exit(0);
  }

  private void run(HazelcastLedgerGrid grid, Tenure tenure, Writer writer) {
    LeaseHolder holder =
        new LeaseHolder(
            new LeaseHolder.Identity(
                node, tenure.incarnation(), tenure.predecessor(), SettingsPrint.UNKNOWN),
            admission,
            grid,
            leases,
            listener -> listener.answered(true),
            System::currentTimeMillis,
            new LeaseHolder.Listener() {
              @Override
              public void granted(Lease lease) {
                out.println(InUse.of(node, lease, System.nanoTime()).line());
              }

              @Override
              public void refused(String why) {
                out.println("refused " + why);
              }
            });
    holder.start(0);
    var offering = executor.scheduleAtFixedRate(this::offer, 5, 5, TimeUnit.MILLISECONDS);
    var watching =
        executor.scheduleAtFixedRate(() -> watch(grid, writer), 0, 10, TimeUnit.MILLISECONDS);
    out.println("running " + (offering.isDone() || watching.isDone() ? "not" : "well"));
  }

  private void watch(HazelcastLedgerGrid grid, Writer writer) {
    boolean now = grid.ownsEntry();
    if (now != owner) {
      owner = now;
      out.println("owner " + now);
    }
    boolean whole = now && writer.lacksNothing();
    if (whole != writes) {
      writes = whole;
      out.println("writes " + whole + " " + System.nanoTime());
    }
  }

  private void offer() {
    for (due += offeredPerSecond * 0.005; due >= 1; due--) {
      sessions++;
      Arrival arrival =
          new Arrival(
              (int) (sessions % CLASSES),
              sessions * 0x9e3779b97f4a7c15L,
              System.nanoTime(),
              true,
              (decision, now) -> send(decision));
      send(admission.decide(arrival, System.nanoTime()));
    }
  }

  private void send(Decision decision) {
    if (decision instanceof Decision.Admitted admitted) {
      Permit permit = admitted.permit();
      if (permit.send(System.nanoTime())) {
        var unused =
            executor.schedule(
                () -> permit.end(Outcome.SUCCESS, SERVICE_NANOS, System.nanoTime()),
                SERVICE_NANOS,
                TimeUnit.NANOSECONDS);
      }
    }
  }

  private static Scheduler scheduler(ScheduledExecutorService on) {
    return (delayNanos, task) -> {
      var unused = on.schedule(() -> task.run(System.nanoTime()), delayNanos, TimeUnit.NANOSECONDS);
    };
  }
}
