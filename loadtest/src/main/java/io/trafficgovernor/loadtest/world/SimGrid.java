package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.CommandReply;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.recovery.Command;
import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The grid in memory, with the rules that matter of the real one: a step is taken by the owner of
 * the entry, on the owner's clock, and is answered only when every backup in the owner's view has
 * it; so many members hold a copy that any majority holds one; an owner without a majority in its
 * view refuses; who is away is noticed late, after 5 s of silence or at once when a process dies.
 * Who is to hold no copy any more drops what still comes. If no copy is left, the entry is begun
 * anew.
 */
final class SimGrid {
  private static final long ANSWER_NANOS = 400_000_000L;

  private final EventQueue truth;
  private final Network network;
  private final Ledger ledger;
  private final List<Witness> witnesses;
  private final SplittableRandom random;
  private final BrokenLedger broken;
  private final List<GridMember> members = new ArrayList<>();
  private final Set<Integer> view = new HashSet<>();
  private int owner;
  private String ownerId = "";
  private long steps;
  private int generation;
  private String lastStepBy = "";

  SimGrid(
      EventQueue truth,
      Network network,
      Ledger ledger,
      List<Witness> witnesses,
      Breakage breakage,
      SplittableRandom random) {
    this.truth = truth;
    this.network = network;
    this.ledger = ledger;
    this.witnesses = witnesses;
    this.broken = new BrokenLedger(breakage);
    this.random = random;
  }

  /** One voter of the grid for three nodes, three for four, five from five on: never even. */
  static int voters(int nodes) {
    return nodes >= 5 ? 5 : nodes >= 3 ? 3 : 1;
  }

  /** Makes a node a voter; to be called once for each before {@link #begin}. */
  void voter(int node, NodeTime time, long incarnation) {
    members.add(new GridMember(node, time, incarnation));
  }

  /** All voters see each other, the first owns that entry. */
  void begin(@Nullable LedgerState state) {
    members.forEach(member -> view.add(member.node()));
    own(members.get(0));
    for (GridMember replica : replicas()) {
      replica.take(state, 0);
    }
  }

  private void own(GridMember member) {
    owner = members.indexOf(member);
    ownerId = member.id();
  }

  /** Whether it is the process that owns the entry, and not a later one of the same name. */
  private boolean owns(GridMember member) {
    return member == members.get(owner) && member.id().equals(ownerId);
  }

  Owner present() {
    return members.get(owner).owner(random.nextLong());
  }

  /** The owner first, then as many others in its view as make a majority of all. */
  private List<GridMember> replicas() {
    List<GridMember> replicas = new ArrayList<>();
    for (int i = 0; i < members.size() && replicas.size() <= members.size() / 2; i++) {
      GridMember member = members.get((owner + i) % members.size());
      if (i == 0 || view.contains(member.node())) {
        replicas.add(member);
      }
    }
    return replicas;
  }

  /** The grid as that process of a node reaches it. */
  Reach from(int node, NodeTime time, long incarnation) {
    return new Reach(node, time, incarnation);
  }

  /** One process's way to whoever owns the entry; answers come within 400 ms or are failures. */
  final class Reach implements LedgerGrid {
    private final int node;
    private final NodeTime time;
    private final SplittableRandom weather;

    private Reach(int node, NodeTime time, long incarnation) {
      this.node = node;
      this.time = time;
      this.weather = new SplittableRandom(incarnation);
    }

    @Override
    public CompletionStage<GrantReply> renew(Renewal renewal) {
      CompletableFuture<GrantReply> answer = patient();
      long sent = truth.nanos();
      ask(node, network.weather(), member -> renewed(member, node, renewal, sent, answer));
      return answer;
    }

    @Override
    public CompletionStage<CommandReply> command(Command command) {
      return CompletableFuture.failedStage(new UnsupportedOperationException("no operators"));
    }

    @Override
    public CompletionStage<Optional<LedgerState>> view() {
      CompletableFuture<Optional<LedgerState>> answer = patient();
      ask(
          node,
          weather,
          member -> {
            Optional<LedgerState> copy = Optional.ofNullable(member.copy());
            network.carry(member.node(), node, weather, told -> answer.complete(copy));
          });
      return answer;
    }

    /** Offers a remembered ledger; the answer says whether it was taken. */
    CompletionStage<Boolean> seed(LedgerState remembered) {
      CompletableFuture<Boolean> answer = patient();
      ask(
          node,
          weather,
          member -> {
            LedgerState before = member.copy();
            Owner by = member.owner(weather.nextLong());
            Optional<LedgerState> next = ledger.resumed(before, remembered, by);
            Runnable reply =
                () ->
                    network.carry(
                        member.node(), node, weather, told -> answer.complete(next.isPresent()));
            next.ifPresentOrElse(after -> taken(member, before, after, reply), reply);
          });
      return answer;
    }

    private <T> CompletableFuture<T> patient() {
      CompletableFuture<T> answer = new CompletableFuture<>();
      time.after(ANSWER_NANOS, now -> answer.completeExceptionally(new TimeoutException()));
      return answer;
    }
  }

  private interface Step {
    void at(GridMember member);
  }

  private void ask(int node, SplittableRandom weather, Step step) {
    GridMember asked = members.get(owner);
    network.carry(
        node,
        asked.node(),
        weather,
        arrived ->
            asked
                .time()
                .enter(
                    local -> {
                      if (owns(asked) && majority()) {
                        step.at(asked);
                      }
                    }));
  }

  private boolean majority() {
    return view.size() > members.size() / 2;
  }

  private void renewed(
      GridMember at,
      int node,
      Renewal renewal,
      long sentNanos,
      CompletableFuture<GrantReply> answer) {
    Owner by = at.owner(random.nextLong());
    LedgerState before = at.copy();
    Ledger.Renewed renewed = ledger.renew(before, renewal, by);
    LedgerState after =
        broken.stepped(before, renewed.state(), renewal.node(), !by.id().equals(lastStepBy));
    lastStepBy = by.id();
    taken(
        at,
        before,
        after,
        () ->
            network.carry(
                at.node(),
                node,
                told -> answer.complete(broken.reply(renewed.reply(), truth.nanos() - sentNanos))));
  }

  private void taken(
      GridMember at, @Nullable LedgerState before, LedgerState after, Runnable reply) {
    long version = ++steps;
    at.take(after, version);
    long now = truth.nanos();
    witnesses.forEach(witness -> witness.stepped(before, after, now));
    replicate(at, after, version, reply);
  }

  /** Answers once every backup has the step; one that never hears of it is never answered for. */
  private void replicate(GridMember from, LedgerState state, long version, Runnable reply) {
    List<GridMember> backups = replicas();
    backups.remove(from);
    int of = generation;
    int[] missing = {backups.size()};
    if (backups.isEmpty() || broken.repliesBeforeBackup()) {
      reply.run();
      missing[0] = Integer.MAX_VALUE;
    }
    for (GridMember backup : backups) {
      boolean[] had = {false};
      network.carry(
          from.node(),
          backup.node(),
          came ->
              backup
                  .time()
                  .enter(
                      local -> {
                        if (of == generation && replicas().contains(backup)) {
                          backup.backUp(state, version);
                          network.carry(
                              backup.node(),
                              from.node(),
                              acked -> acknowledged(had, missing, reply));
                        }
                      }));
    }
  }

  private static void acknowledged(boolean[] had, int[] missing, Runnable reply) {
    if (!had[0]) {
      had[0] = true;
      missing[0]--;
      if (missing[0] == 0) {
        reply.run();
      }
    }
  }

  /** A process of a voter is new: it knows nothing yet. */
  void reborn(int node, NodeTime time, long incarnation) {
    members.stream()
        .filter(member -> member.node() == node)
        .forEach(member -> member.reborn(time, incarnation));
  }

  /** The members look who is there; the entry goes to whoever has the newest copy of it. */
  void look() {
    List<GridMember> seen = List.of();
    for (GridMember each : members) {
      List<GridMember> together = new ArrayList<>();
      for (GridMember other : members) {
        if (each.alive() && other.alive() && network.connected(each.node(), other.node())) {
          together.add(other);
        }
      }
      seen = together.size() > seen.size() ? together : seen;
    }
    view.clear();
    seen.forEach(member -> view.add(member.node()));
    if (!majority()) {
      return;
    }
    GridMember present = members.get(owner);
    if (!view.contains(present.node()) || !owns(present) || !present.holds()) {
      handOver(seen);
    }
    spread();
  }

  private void handOver(List<GridMember> among) {
    GridMember next = among.get(0);
    for (GridMember each : among) {
      next = each.version() > next.version() ? each : next;
    }
    own(next);
  }

  /** Members that are to have a copy and have none get the owner's. */
  private void spread() {
    GridMember from = members.get(owner);
    List<GridMember> replicas = replicas();
    for (GridMember member : members) {
      if (!replicas.contains(member)) {
        member.forget();
      } else if (member.version() < from.version()) {
        LedgerState copy = from.copy();
        long version = from.version();
        int of = generation;
        network.carry(
            from.node(),
            member.node(),
            came -> {
              if (of == generation && replicas().contains(member)) {
                member.take(copy, version);
              }
            });
      }
    }
  }

  /** The entry moves to another member in good order. */
  void handOver() {
    List<GridMember> others = new ArrayList<>();
    for (GridMember member : members) {
      if (view.contains(member.node()) && member.alive() && member != members.get(owner)) {
        others.add(member);
      }
    }
    if (!others.isEmpty() && majority()) {
      GridMember from = members.get(owner);
      GridMember to = others.get(random.nextInt(others.size()));
      to.take(from.copy(), from.version());
      own(to);
      spread();
    }
  }

  /** Every copy is gone, those on their way too: real grids drop what is older than the loss. */
  void loseAll() {
    generation++;
    members.forEach(GridMember::forget);
  }
}
