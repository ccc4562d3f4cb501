package io.trafficgovernor.admission.bench;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.control.Tally;
import io.trafficgovernor.admission.lease.ClassReport;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.lease.GrantId;
import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.NodeReport;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a renewal costs the owner of the ledger: the step alone, without wire and copies. Each node
 * renews once in a tenth of a second of ledger time, with outcomes and demand; rounds close as they
 * do in production.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LedgerBench {
  private static final int CLASSES = 6;
  private static final long TAU_NANOS = 100_000_000L;
  private static final int WARM_ROUNDS = 60;

  /** Nodes that share the ledger. */
  @Param({"3", "50", "100"})
  public int nodes;

  private Ledger ledger;
  private LedgerState state;
  private Optional<Grant>[] held;
  private long turn;

  /** A ledger in its ramp, in which every node has a lease. */
  @Setup
  @SuppressWarnings({"unchecked", "rawtypes"})
  public void begin() {
    List<RequestClass> classes = new ArrayList<>();
    for (int rank = 0; rank < CLASSES; rank++) {
      classes.add(
          new RequestClass(rank, "class-" + rank, Set.of(), 150_000_000L, 1_000_000_000L));
    }
    ledger =
        new Ledger(
            new LedgerSettings(
                new ClassTable(classes),
                250.0 * nodes,
                nodes,
                RampMode.AUTO,
                new RampPlan.Adaptive()));
    held = new Optional[nodes];
    java.util.Arrays.fill(held, Optional.empty());
    for (int i = 0; i < WARM_ROUNDS * nodes; i++) {
      renew();
    }
  }

  /** One renewal of the node whose turn it is. */
  @Benchmark
  public GrantReply renew() {
    int node = (int) (turn % nodes);
    long sequence = turn / nodes + 1;
    long now = turn * TAU_NANOS / nodes;
    turn++;
    List<ClassReport> reports = new ArrayList<>();
    for (int rank = 0; rank < CLASSES; rank++) {
      Tally tally = new Tally(4 * sequence, 0, 0, 0, 0, 4 * sequence * 20_000_000L);
      reports.add(new ClassReport(4 * sequence, 0, 4 * sequence, 0, tally));
    }
    Optional<Grant> grant = held[node];
    Renewal renewal =
        new Renewal(
            "gw-" + node,
            node + 1,
            sequence,
            now,
            grant.map(Grant::id).orElse(GrantId.NONE),
            grant.map(each -> each.cluster().epoch()).orElse(0L),
            grant.map(Grant::ratePerSecond).orElse(0.0),
            grant.map(Grant::slots).orElse(0),
            new NodeReport(reports, 1, 0),
            Optional.empty());
    Ledger.Renewed renewed = ledger.renew(state, renewal, new Owner("owner", now, 1));
    state = renewed.state();
    held[node] = Optional.of(((GrantReply.Granted) renewed.reply()).grant());
    return renewed.reply();
  }
}
