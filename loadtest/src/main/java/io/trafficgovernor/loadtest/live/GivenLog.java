package io.trafficgovernor.loadtest.live;

import io.trafficgovernor.loadtest.record.Given;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * Keeps account of what clients were given in place of the store's answers. Writes and tokens are
 * known by the number of their request; a bit each, so the log is bounded by the requests of a run.
 * To be used on the event loop.
 */
public final class GivenLog {
  /** An age is in whole seconds, and what is on its way is a little older than it says. */
  private static final double AGE_TOLERANCE_SECONDS = 2;

  private final List<Row> rows = new ArrayList<>();
  private final BitSet accepted = new BitSet();
  private final BitSet opened = new BitSet();
  private final BitSet twice = new BitSet();
  private final BitSet openedTwice = new BitSet();
  private long untold;
  private long wrong;
  private double worstErrorSeconds;
  private long again;
  private long openedInAll;

  /** What one system was given. */
  private static final class Row {
    private final BitSet journaled = new BitSet();
    private long stale;
    private double oldestSeconds;
    private long opened;
    private long used;
  }

  /** A log for so many systems. */
  public GivenLog(int systems) {
    for (int system = 0; system < systems; system++) {
      rows.add(new Row());
    }
  }

  /**
   * An answer that the store gave earlier.
   *
   * @param toldSeconds its {@code Age}; empty if it had none
   * @param trueSeconds since the store made it
   */
  public void stale(int system, OptionalLong toldSeconds, double trueSeconds) {
    Row row = rows.get(system);
    row.stale++;
    if (toldSeconds.isEmpty()) {
      untold++;
      return;
    }
    double error = Math.abs(toldSeconds.getAsLong() - trueSeconds);
    worstErrorSeconds = Math.max(worstErrorSeconds, error);
    wrong += error > AGE_TOLERANCE_SECONDS ? 1 : 0;
    row.oldestSeconds = Math.max(row.oldestSeconds, toldSeconds.getAsLong());
  }

  /** A write was acknowledged with a receipt. */
  public void journaled(int system, int request) {
    rows.get(system).journaled.set(request);
  }

  /** A token was accepted, by the store or without it. */
  public void accepted(int system, int request, boolean withoutStore) {
    if (accepted.get(request)) {
      twice.set(request);
    }
    accepted.set(request);
    if (withoutStore) {
      if (opened.get(request)) {
        openedTwice.set(request);
      }
      opened.set(request);
      openedInAll++;
      rows.get(system).opened++;
    }
  }

  /** A token was refused because it had been accepted before. */
  public void used(int system) {
    rows.get(system).used++;
  }

  /** A token is shown that was accepted already, or is shown a second time at once. */
  public void shownAgain() {
    again++;
  }

  /** What the governors' journals say in the end. */
  public record Journals(long waiting, long reported) {}

  /**
   * The account.
   *
   * @param done numbers of the writes that the store has done
   * @param repeats deliveries that it knew as done
   */
  public Given account(BitSet done, long repeats, Journals journals) {
    List<Given.OfSystem> systems = new ArrayList<>();
    long acknowledged = 0;
    long lost = 0;
    long stale = 0;
    for (Row row : rows) {
      BitSet missing = (BitSet) row.journaled.clone();
      missing.andNot(done);
      acknowledged += row.journaled.cardinality();
      lost += missing.cardinality();
      stale += row.stale;
      systems.add(
          new Given.OfSystem(
              row.stale,
              row.oldestSeconds,
              row.journaled.cardinality(),
              missing.cardinality(),
              row.opened,
              row.used));
    }
    return new Given(
        systems,
        new Given.Ages(stale, untold, wrong, worstErrorSeconds),
        new Given.Writes(acknowledged, lost, repeats, journals.waiting(), journals.reported()),
        new Given.Tokens(
            accepted.cardinality(),
            openedInAll,
            again,
            twice.cardinality(),
            openedTwice.cardinality()));
  }
}
