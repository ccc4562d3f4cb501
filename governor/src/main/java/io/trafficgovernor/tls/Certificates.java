package io.trafficgovernor.tls;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one end of TLS shows now. Its files are looked at every {@value #LOOK_SECONDS} seconds; what
 * has changed is used for new connections, those that stand are left alone. A change that cannot be
 * used is told, once, and the old stays. Two files cannot be replaced in one instant: a change is
 * judged only when two looks in a row have seen the same. Thread-safe.
 */
public final class Certificates {
  /** Between two looks at the files. */
  public static final int LOOK_SECONDS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final long LOOK_NANOS = LOOK_SECONDS * 1_000_000_000L;

  private final String place;
  private final TlsFiles files;
  private final List<Consumer<Pem>> readers = new CopyOnWriteArrayList<>();
  private volatile Pem current;
  private String suspect = "";
  private String told = "";

  private Certificates(String place, TlsFiles files, Pem first) {
    this.place = requireNonNull(place, "place");
    this.files = requireNonNull(files, "files");
    this.current = first;
  }

  /**
   * Reads those files for the first time. Blocks.
   *
   * @param place the configuration's name for this end, for the log
   * @throws BadPemException if they cannot be used
   */
  public static Certificates read(String place, TlsFiles files) throws BadPemException {
    return new Certificates(place, files, Pem.read(files));
  }

  /** The latest that could be used. */
  public Pem current() {
    return current;
  }

  /** When the first of the certificates ends; empty if there are none. */
  public Optional<Instant> expires() {
    return current.expires();
  }

  /** Tells a reader of each change from now on, on the thread that looks. */
  public void onChange(Consumer<Pem> reader) {
    readers.add(reader);
  }

  /** Looks from time to time, as long as the scheduler runs, on its thread. */
  public void watch(Scheduler scheduler) {
    scheduler.after(
        LOOK_NANOS,
        now -> {
          look();
          watch(scheduler);
        });
  }

  /** Looks once. Blocks. */
  synchronized void look() {
    Pem found = null;
    String fault = "";
    try {
      found = Pem.read(files);
    } catch (BadPemException e) {
      fault = e.part() + ": " + e.getMessage();
    }
    if (found != null) {
      adopt(found);
    } else {
      reject(fault);
    }
  }

  private void adopt(Pem found) {
    suspect = "";
    told = "";
    if (!found.equals(current)) {
      current = found;
      LOG.info("{}.tls: new certificates; the first of them ends {}", place, ends(found));
      readers.forEach(reader -> reader.accept(found));
    }
  }

  private static @Nullable Instant ends(Pem pem) {
    return pem.expires().orElse(null);
  }

  private void reject(String fault) {
    if (fault.equals(suspect) && !fault.equals(told)) {
      told = fault;
      LOG.warn("{}.tls.{}; the certificates in use stay", place, fault);
    }
    suspect = fault;
  }
}
