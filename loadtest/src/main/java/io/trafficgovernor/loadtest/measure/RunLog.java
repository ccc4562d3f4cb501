package io.trafficgovernor.loadtest.measure;

import io.trafficgovernor.admission.ShedReason;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.loadtest.record.AttemptLog;
import io.trafficgovernor.loadtest.witness.Witness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in one run: the measures are taken from it afterwards. */
public final class RunLog implements Witness {
  /** Attempts held; N = 50 at ten times the demand makes 7500 first ones a second. */
  private static final int ATTEMPTS = 20_000_000;

  private static final long SECOND = 1_000_000_000L;

  /**
   * Where the ledger stood from then on.
   *
   * @param bound whether tokens were counted
   */
  public record LevelAt(
      long atNanos, double ceiling, double window, Phase phase, String why, boolean bound) {}

  /** Something that went wrong, in words. */
  public record Note(long atNanos, String words) {}

  /** How the store was at an instant. */
  public record StoreAt(long atNanos, double capacity, double hitShare, int backlog) {}

  private final AttemptLog attempts;
  private final Waits waits;
  private final Marginal marginal;
  private final Longs sent = new Longs();
  private final Longs arrivals = new Longs();
  private final Longs herd = new Longs();
  private long herdNanos;
  private int herdUsers;
  private final List<LevelAt> levels = new ArrayList<>();
  private final List<StoreAt> store = new ArrayList<>();
  private final List<Note> notes = new ArrayList<>();

  public RunLog(int classes) {
    this(classes, ATTEMPTS);
  }

  RunLog(int classes, int mostAttempts) {
    attempts = new AttemptLog(mostAttempts);
    waits = new Waits(classes);
    marginal = new Marginal(classes);
  }

  /** Clients' attempts that have ended. */
  public AttemptLog attempts() {
    return attempts;
  }

  public Waits waits() {
    return waits;
  }

  /** What passed the cutoff, and what was planned to. */
  Marginal marginal() {
    return marginal;
  }

  /** When requests were sent to the store, in the order of time. */
  Longs sent() {
    return sent;
  }

  /** Attempts that came in each second of the run. */
  Longs arrivals() {
    return arrivals;
  }

  /** So many users came at once. */
  public void herdCame(int users, long nowNanos) {
    herdUsers = users;
    herdNanos = nowNanos;
  }

  /** One of them was served. */
  public void herdServed(long nowNanos) {
    herd.add(nowNanos);
  }

  /** When those who came at once were served, in the order of time. */
  Longs herd() {
    return herd;
  }

  /** How many came at once; 0 if nobody did. */
  int herdUsers() {
    return herdUsers;
  }

  /** When they came. */
  long herdNanos() {
    return herdNanos;
  }

  /** Where the ledger stood, in the order of time. */
  public List<LevelAt> levels() {
    return Collections.unmodifiableList(levels);
  }

  /** How the store was, in the order of time. */
  public List<StoreAt> store() {
    return Collections.unmodifiableList(store);
  }

  /** A look at the store. */
  public void look(StoreAt at) {
    store.add(at);
  }

  @Override
  public void happened(String what, long nowNanos) {
    notes.add(new Note(nowNanos, what));
  }

  /** What went wrong and where the phases changed, in the order of time. */
  public List<Note> story() {
    List<Note> story = new ArrayList<>(notes);
    Phase last = null;
    for (LevelAt level : levels) {
      if (level.phase() != last) {
        story.add(
            new Note(
                level.atNanos(),
                "%s, ceiling %.1f/s, window %.1f: %s"
                    .formatted(level.phase(), level.ceiling(), level.window(), level.why())));
        last = level.phase();
      }
    }
    story.sort(Comparator.comparingLong(Note::atNanos));
    return story;
  }

  @Override
  public void arrived(Asked asked, long nowNanos) {
    arrivals.count((int) (nowNanos / SECOND));
    marginal.arrived(asked, nowNanos);
  }

  @Override
  public void refused(Asked asked, ShedReason reason, @Nullable Lease lease, long nowNanos) {
    marginal.refused(asked, reason, lease, nowNanos);
  }

  @Override
  public void adopted(int node, Lease lease, Ticker clock, long nowNanos) {
    marginal.adopted(node, lease, clock, nowNanos);
  }

  @Override
  public void surrendered(int node, long nowNanos) {
    marginal.surrendered(node, nowNanos);
  }

  @Override
  public void vanished(int node, long nowNanos) {
    marginal.vanished(node, nowNanos);
  }

  @Override
  public void sent(Asked asked, long nowNanos) {
    sent.add(nowNanos);
  }

  @Override
  public void stepped(@Nullable LedgerState before, LedgerState after, long nowNanos) {
    Level level = after.control().controller().level();
    Phase phase = after.recovery().phase();
    LevelAt last = levels.isEmpty() ? null : levels.get(levels.size() - 1);
    if (last == null
        || last.ceiling() != level.ceiling()
        || last.window() != level.window()
        || last.phase() != phase
        || last.bound() != after.boundByRate()) {
      levels.add(
          new LevelAt(
              nowNanos, level.ceiling(), level.window(), phase, after.why(), after.boundByRate()));
    }
  }

  /** The phase the ledger is in; null before its first step. */
  public @Nullable Phase phase() {
    return levels.isEmpty() ? null : levels.get(levels.size() - 1).phase();
  }

  /**
   * A number that two runs share only if everything in them happened alike: every send, every
   * attempt's end and every move of the ledger, to the nanosecond.
   */
  public long fingerprint() {
    long print = 0xcbf29ce484222325L;
    for (int i = 0; i < sent.size(); i++) {
      print = mixed(print, sent.get(i));
    }
    for (int i = 0; i < attempts.size(); i++) {
      print = mixed(print, attempts.plannedNanos(i));
      print = mixed(print, attempts.endedNanos(i));
      print = mixed(print, 31L * attempts.system(i) + attempts.ending(i).name().hashCode());
    }
    for (LevelAt level : levels) {
      print = mixed(print, level.atNanos());
      print = mixed(print, Double.doubleToLongBits(level.ceiling()));
      print = mixed(print, Double.doubleToLongBits(level.window()));
      print = mixed(print, level.phase().name().hashCode());
    }
    return print;
  }

  private static long mixed(long print, long value) {
    long next = (print ^ value) * 0x9e3779b97f4a7c15L;
    return next ^ (next >>> 29);
  }
}
