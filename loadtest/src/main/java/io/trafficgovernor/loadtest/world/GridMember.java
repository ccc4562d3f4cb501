package io.trafficgovernor.loadtest.world;

import io.trafficgovernor.admission.ledger.LedgerState;
import org.jspecify.annotations.Nullable;

/** A voter's part of the grid: maybe a copy of the entry. */
final class GridMember {
  private final int node;
  private NodeTime time;
  private long incarnation;
  private @Nullable LedgerState copy;
  private long version = -1;

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
    }
  }

  void forget() {
    copy = null;
    version = -1;
  }

  /** A new process under the old name: it knows nothing. */
  void reborn(NodeTime time, long incarnation) {
    this.time = time;
    this.incarnation = incarnation;
    forget();
  }
}
