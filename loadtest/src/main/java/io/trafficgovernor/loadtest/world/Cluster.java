package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Rules;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.cluster.ProbeSender;
import io.trafficgovernor.loadtest.record.Ending;
import io.trafficgovernor.loadtest.scenario.Fault;
import io.trafficgovernor.loadtest.scenario.NodeChoice;
import io.trafficgovernor.loadtest.scenario.Scenario;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** All nodes of a run, the grid between them, and what goes wrong with both. */
public final class Cluster implements Door {
  private static final double MEMBER_GONE_SECONDS = 5;
  private static final double DEATH_NOTICED_SECONDS = 1;
  private static final double RETURN_NOTICED_SECONDS = 2;
  private static final long REFUSED_NANOS = 1_000_000L;
  private static final long START_SPREAD_NANOS = 100_000_000L;
  private static final long AUDIT_NANOS = 1_000_000_000L;

  private final Scenario scenario;
  private final ClassTable classes;
  private final EventQueue truth;
  private final Upstream upstream;
  private final ProbeSender prober;
  private final List<Witness> witnesses;
  private final Breakage breakage;
  private final Rules rules;
  private final SplittableRandom random;
  private final Network network;
  private final SimGrid grid;
  private final Chooser chooser;
  private final @Nullable SimNode[] nodes;
  private final @Nullable SimNode.Disk[] disks;

  /**
   * A cluster that is closed and knows the scenario's better times.
   *
   * @param size nodes there may be; those that join later are among them
   */
  public Cluster(
      Scenario scenario,
      int size,
      EventQueue truth,
      Upstream upstream,
      ProbeSender prober,
      List<Witness> witnesses,
      Breakage breakage,
      Rules rules,
      SplittableRandom random) {
    this.scenario = scenario;
    this.classes = scenario.classes();
    this.truth = truth;
    this.upstream = upstream;
    this.prober = prober;
    this.witnesses = List.copyOf(witnesses);
    this.breakage = breakage;
    this.rules = rules;
    this.random = random;
    this.nodes = new SimNode[size];
    this.disks = new SimNode.Disk[size];
    this.network = new Network(truth, size, random.split());
    Ledger ledger =
        new Ledger(
            new LedgerSettings(
                classes,
                scenario.reference().ratePerSecond(),
                size,
                RampMode.AUTO,
                new RampPlan.Adaptive(),
                rules));
    this.grid = new SimGrid(truth, network, ledger, this.witnesses, breakage, random.split());
    this.chooser = new Chooser(scenario.choice(), size, random.split());
    List<Integer> late = joining();
    List<Long> incarnations = new ArrayList<>();
    List<NodeTime> times = new ArrayList<>();
    for (int node = 0; node < size; node++) {
      times.add(clock());
      incarnations.add(random.nextLong());
      if (node < SimGrid.voters(size)) {
        grid.voter(node, times.get(node), incarnations.get(node));
        disks[node] = new SimNode.Disk();
      }
    }
    grid.begin(ledger.closed(grid.present(), scenario.reference()));
    for (int node = 0; node < size; node++) {
      if (!late.contains(node)) {
        begin(node, times.get(node), incarnations.get(node), 0);
      }
    }
    truth.after(AUDIT_NANOS, this::audit);
  }

  private List<Integer> joining() {
    List<Integer> late = new ArrayList<>();
    for (Fault fault : scenario.weather().faults()) {
      if (fault instanceof Fault.Join join && join.node() >= SimGrid.voters(nodes.length)) {
        late.add(join.node());
      }
    }
    return late;
  }

  private NodeTime clock() {
    double most = scenario.weather().drift();
    double drift = most == 0 ? 0 : most * (2 * random.nextDouble() - 1);
    long origin = most == 0 ? truth.nanos() : random.nextLong(1L << 50);
    return new NodeTime(truth, origin, drift);
  }

  /**
   * Starts a process of that node.
   *
   * @param succeeds the process before it, of which its disk tells; 0 if it is the first
   */
  private void begin(int node, NodeTime time, long incarnation, long succeeds) {
    Scenario.Backend backend = scenario.backend();
    NodeDoor.NodeSetting setting =
        new NodeDoor.NodeSetting(
            node,
            classes,
            backend.origins(),
            truth,
            upstream,
            witnesses,
            false,
            true,
            backend.retryAfterSeconds(),
            backend.connections(),
            breakage);
    SimNode born =
        new SimNode(
            classes,
            rules,
            setting,
            time,
            grid.from(node, time, incarnation),
            probeOf(time),
            incarnation,
            succeeds);
    nodes[node] = born;
    born.start(disks[node], random.nextLong(START_SPREAD_NANOS));
  }

  /** Probes of a process that has died tell nobody. */
  private ProbeSender probeOf(NodeTime time) {
    return listener -> prober.probe(good -> time.enter(now -> listener.answered(good)));
  }

  @Override
  public void send(Call call) {
    SimNode node = nodes[chooser.next(truth.nanos())];
    if (node == null || node.time().ended()) {
      truth.after(REFUSED_NANOS, now -> call.reply().ended(Ending.BROKEN, 0, now));
    } else {
      node.door().send(call);
    }
  }

  /** The store was away: connections to it are gone. */
  public void disconnected() {
    for (SimNode node : nodes) {
      if (node != null) {
        node.door().disconnected();
      }
    }
  }

  private void audit(long nowNanos) {
    for (int i = 0; i < nodes.length; i++) {
      SimNode node = nodes[i];
      if (node != null && !node.time().still()) {
        for (Witness witness : witnesses) {
          witness.audited(
              i,
              node.admission().snapshot(node.time().nanos()),
              node.door().outstanding(),
              nowNanos);
        }
      }
    }
    truth.after(AUDIT_NANOS, this::audit);
  }

  /** Lets it happen, now. */
  public void happen(Fault fault) {
    for (Witness witness : witnesses) {
      witness.happened(fault.toString(), truth.nanos());
    }
    if (fault instanceof Fault.Crash crash) {
      crash(crash.node(), seconds(crash.forSeconds()));
    } else if (fault instanceof Fault.Stall stall) {
      SimNode node = nodes[stall.node()];
      if (node != null) {
        node.time().pause(seconds(stall.forSeconds()));
      }
    } else if (fault instanceof Fault.Suspend suspend) {
      SimNode node = nodes[suspend.node()];
      if (node != null) {
        node.time().suspend(seconds(suspend.forSeconds()));
      }
    } else if (fault instanceof Fault.Partition split) {
      network.split(split.nodes(), 1);
      noticed(MEMBER_GONE_SECONDS);
      truth.after(seconds(split.forSeconds()), now -> healed());
    } else if (fault instanceof Fault.Network weather) {
      network.weather(weather.delaySeconds(), weather.loss(), weather.doubled());
      truth.after(seconds(weather.forSeconds()), now -> network.weather(0, 0, 0));
    } else if (fault instanceof Fault.Amnesia) {
      grid.loseAll();
    } else if (fault instanceof Fault.Handover) {
      grid.handOver();
    } else if (fault instanceof Fault.Join join && nodes[join.node()] == null) {
      begin(join.node(), clock(), random.nextLong(), 0);
    } else if (fault instanceof Fault.Leave leave) {
      SimNode node = nodes[leave.node()];
      if (node != null) {
        node.leave();
      }
    }
  }

  private void healed() {
    network.heal();
    noticed(RETURN_NOTICED_SECONDS);
  }

  private void crash(int which, long downNanos) {
    SimNode node = nodes[which];
    if (node == null || node.time().ended()) {
      return;
    }
    node.time().end();
    for (Witness witness : witnesses) {
      witness.vanished(which, truth.nanos());
    }
    noticed(DEATH_NOTICED_SECONDS * random.nextDouble());
    truth.after(
        downNanos,
        now -> {
          NodeTime time = clock();
          long incarnation = random.nextLong();
          grid.reborn(which, time, incarnation);
          begin(which, time, incarnation, node.incarnation());
          noticed(RETURN_NOTICED_SECONDS);
        });
  }

  private void noticed(double afterSeconds) {
    truth.after(seconds(afterSeconds), now -> grid.look());
  }

  private static long seconds(double seconds) {
    return (long) (seconds * 1e9);
  }

  /** Which node an attempt comes to. */
  private static final class Chooser {
    private final NodeChoice choice;
    private final SplittableRandom random;
    private final double[] cumulative;

    private Chooser(NodeChoice choice, int nodes, SplittableRandom random) {
      this.choice = choice;
      this.random = random;
      this.cumulative = new double[nodes];
      double exponent = choice instanceof NodeChoice.Skewed skewed ? skewed.exponent() : 0;
      double sum = 0;
      for (int node = 0; node < nodes; node++) {
        sum += Math.pow(node + 1.0, -exponent);
        cumulative[node] = sum;
      }
    }

    private int next(long nowNanos) {
      if (choice instanceof NodeChoice.MovingHot hot && random.nextDouble() < hot.share()) {
        return (int) ((nowNanos / seconds(hot.everySeconds())) % cumulative.length);
      }
      double at = random.nextDouble() * cumulative[cumulative.length - 1];
      int found = java.util.Arrays.binarySearch(cumulative, at);
      return Math.min(cumulative.length - 1, found >= 0 ? found : -found - 1);
    }
  }
}
