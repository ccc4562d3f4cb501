package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A voter's part of the grid: maybe a copy of the entry. */
final class GridMember {
  private final int node;
  private NodeTime time;
  private long incarnation;
  private @Nullable LedgerState copy;
  private long version = -1;
  private OptionalLong givenNanos = OptionalLong.empty();

  GridMember(int node, NodeTime time, long incarnation) {
    this.node = node;
    this.time = time;
    this.incarnation = incarnation;
  }

  int node() {
    return node;
  }

  NodeTime time() {
    return time;
  }

  boolean alive() {
    return !time.ended();
  }

  /** Unique to its process. */
  String id() {
    return "member-" + node + "-" + incarnation;
  }

  @Nullable LedgerState copy() {
    return copy;
  }

  long version() {
    return version;
  }

  boolean holds() {
    return version >= 0;
  }

  /** Takes a newer copy over; an older one changes nothing. */
  void take(@Nullable LedgerState newer, long ofVersion) {
    if (ofVersion > version) {
      copy = newer;
      version = ofVersion;
      givenNanos = OptionalLong.empty();
    }
  }

  /** Takes a step of the owner as its backup, and notes when that was. */
  void backUp(LedgerState step, long ofVersion) {
    if (ofVersion > version) {
      take(step, ofVersion);
      givenNanos = OptionalLong.of(time.nanos());
    }
  }

  /** As the owner. */
  Owner owner(long lineage) {
    long now = time.nanos();
    long held = givenNanos.isPresent() ? Math.max(0, now - givenNanos.getAsLong()) : 0;
    return new Owner(id(), now, lineage, held);
  }

  void forget() {
    copy = null;
    version = -1;
    givenNanos = OptionalLong.empty();
  }

  /** A new process under the old name: it knows nothing. */
  void reborn(NodeTime time, long incarnation) {
    this.time = time;
    this.incarnation = incarnation;
    forget();
  }
}
