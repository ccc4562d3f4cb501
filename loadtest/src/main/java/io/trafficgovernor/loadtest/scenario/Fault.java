package io.trafficgovernor.loadtest.scenario;

import java.util.List;

/** Something that happens to the cluster, so many seconds after the store's return. */
public sealed interface Fault {
  double atSeconds();

  /** When it is over, in seconds after the store's return. */
  double endSeconds();

  /** A process dies with all it knows, and a new one of the same name comes up later. */
  record Crash(double atSeconds, int node, double forSeconds) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds + forSeconds;
    }
  }

  /** A process stands still while its clock runs on: a collector's pause, SIGSTOP. */
  record Stall(double atSeconds, int node, double forSeconds) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds + forSeconds;
    }
  }

  /** A machine sleeps: process and monotonic clock stand still, the wall clock does not. */
  record Suspend(double atSeconds, int node, double forSeconds) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds + forSeconds;
    }
  }

  /** These nodes hear nothing from the others; both sides still reach store and clients. */
  record Partition(double atSeconds, List<Integer> nodes, double forSeconds) implements Fault {
    public Partition {
      nodes = List.copyOf(nodes);
    }

    @Override
    public double endSeconds() {
      return atSeconds + forSeconds;
    }
  }

  /** Messages of the grid are late, lost or doubled. */
  record Network(
      double atSeconds, double delaySeconds, double loss, double doubled, double forSeconds)
      implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds + forSeconds;
    }
  }

  /** Every copy of the ledger's entry is lost at once. */
  record Amnesia(double atSeconds) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds;
    }
  }

  /** The entry changes hands, without a death: its clock is another one from now on. */
  record Handover(double atSeconds) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds;
    }
  }

  /** A node that was not there before joins. */
  record Join(double atSeconds, int node) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds;
    }
  }

  /** A node leaves in good order and does not come back. */
  record Leave(double atSeconds, int node) implements Fault {
    @Override
    public double endSeconds() {
      return atSeconds;
    }
  }
}
