package io.trafficgovernor.loadtest.phase;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of every demand and every length of the trigger, without the governor and with it.
 *
 * @param demandShares of the store's capacity, rising: the columns
 * @param lengths of the trigger in seconds, rising: the rows
 * @param cells row by row
 */
record Diagram(List<Double> demandShares, List<Double> lengths, List<Cell> cells) {
  /** Up to this share of the capacity the governor must bring everything back. */
  static final double PROMISED_SHARE = 0.95;

  /** One demand and one length. */
  record Cell(double demandShare, double seconds, Trial.Outcome without, Trial.Outcome with) {
    boolean promised() {
      return demandShare <= PROMISED_SHARE;
    }
  }

  Diagram {
    demandShares = List.copyOf(demandShares);
    lengths = List.copyOf(lengths);
    cells = List.copyOf(cells);
  }

  static Diagram of(
      Trial.Experiment without,
      Trial.Experiment with,
      Trial trial,
      List<Double> demandShares,
      List<Double> lengths) {
    List<Cell> cells = new ArrayList<>();
    for (double seconds : lengths) {
      for (double share : demandShares) {
        Trial here = trial.withSeconds(seconds).withDemand(share * trial.capacity());
        cells.add(new Cell(share, seconds, without.carryOut(here), with.carryOut(here)));
      }
    }
    return new Diagram(demandShares, lengths, cells);
  }

  Cell at(int row, int column) {
    return cells.get(row * demandShares.size() + column);
  }

  /** Cells that stay down without the governor. */
  long downWithout() {
    return cells.stream().filter(cell -> !cell.without().recovered()).count();
  }

  /** Cells that the governor should have brought back and did not. */
  long brokenPromises() {
    return cells.stream().filter(cell -> cell.promised() && !cell.with().recovered()).count();
  }
}
