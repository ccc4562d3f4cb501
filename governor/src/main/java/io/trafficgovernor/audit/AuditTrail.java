package io.trafficgovernor.audit;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, when and why, with the state before and after: one JSON line per command, each with
 * the hash of the one before, so that a line taken out or changed shows. On disk before the command
 * is answered; the last {@value #KEPT} lines are kept in memory as well. A full file is put aside
 * under a number, and the chain goes on in the next; the oldest goes when there are too many.
 *
 * <p>Thread-safe. Writing blocks: not for event loops; {@link #last} does not.
 */
public final class AuditTrail implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final int KEPT = 1_000;

  private final SystemTicker clock;
  private final AuditFiles files;
  private final Deque<JsonObject> kept = new ArrayDeque<>();
  private HashChain chain = new HashChain(HashChain.BEGINNING);
  private FileChannel file;
  private long bytes;
  private Consumer<JsonObject> listener = entry -> {};

  private AuditTrail(SystemTicker clock, AuditFiles files) throws IOException {
    this.clock = requireNonNull(clock, "clock");
    this.files = files;
    readBack();
    this.file = opened();
  }

  /**
   * Opens the trail in that folder and reads its end. A last line that was not written whole is cut
   * off. A file that is no trail, or whose chain is broken there, is set aside under another name,
   * and a new trail begins.
   *
   * @throws IOException if the folder or the file cannot be written
   */
  public static AuditTrail open(Path folder, SystemTicker clock) throws IOException {
    return open(folder, clock, AuditFiles.Limits.USUAL);
  }

  static AuditTrail open(Path folder, SystemTicker clock, AuditFiles.Limits limits)
      throws IOException {
    Files.createDirectories(folder);
    return new AuditTrail(clock, new AuditFiles(folder, limits));
  }

  private void readBack() throws IOException {
    AuditFiles.Tail tail = files.tail(files.current());
    HashChain read = new HashChain(null);
    Optional<String> damage = follow(read, tail.lines());
    if (damage.isPresent() || (tail.lines().isEmpty() && tail.wholeBytes() > 0)) {
      Path aside = files.setAside(clock.wallTime().toString());
      LOG.error(
          "the audit trail is damaged ({}); it is kept as {}",
          damage.orElse("a line without an end"),
          aside);
      return;
    }
    if (tail.lines().isEmpty()) {
      tail = files.tail(files.newestFull());
      follow(read, tail.lines());
    } else {
      bytes = tail.wholeBytes();
    }
    chain = tail.lines().isEmpty() ? chain : read;
    tail.lines().stream()
        .skip(Math.max(0, tail.lines().size() - KEPT))
        .forEach(line -> kept.addLast(new JsonObject(line)));
  }

  private static Optional<String> follow(HashChain chain, List<String> lines) {
    Optional<String> damage = Optional.empty();
    for (String line : lines) {
      damage = chain.follow(line);
      if (damage.isPresent()) {
        break;
      }
    }
    return damage;
  }

  private FileChannel opened() throws IOException {
    FileChannel opened =
        FileChannel.open(files.current(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    opened.truncate(bytes);
    opened.position(bytes);
    return opened;
  }

  /** Tells each entry to somebody once it is on disk; must not throw or block. */
  public synchronized void onEntry(Consumer<JsonObject> told) {
    listener = requireNonNull(told, "told");
  }

  /**
   * Writes one line and forces it to disk.
   *
   * @return the entry with its time and its place in the chain
   * @throws IOException if it is not on disk for certain; then it is not in the trail
   */
  public synchronized JsonObject append(JsonObject entry) throws IOException {
    if (files.full(bytes)) {
      file.close();
      files.rotate();
      bytes = 0;
      file = opened();
    }
    JsonObject whole =
        new JsonObject()
            .put("at", clock.wallTime().toString())
            .mergeIn(entry)
            .put(HashChain.PREVIOUS, chain.next());
    String line = whole.encode();
    write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    Optional<String> damage = chain.follow(line);
    damage.ifPresent(
        words -> {
          throw new IllegalStateException(words);
        });
    keep(whole);
    LOG.info("audit {}", line);
    listener.accept(whole);
    return whole;
  }

  /** A line that was not written whole must not stay: the next one would be lost with it. */
  private void write(ByteBuffer line) throws IOException {
    long before = bytes;
    try {
      while (line.hasRemaining()) {
        bytes += file.write(line);
      }
      file.force(true);
    } catch (IOException e) {
      bytes = before;
      file.truncate(before);
      file.position(before);
      throw e;
    }
  }

  private void keep(JsonObject entry) {
    synchronized (kept) {
      kept.addLast(entry);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
    }
  }

  /** The last lines, oldest first. Does not wait for the disk. */
  public List<JsonObject> last(int limit) {
    synchronized (kept) {
      return kept.stream().skip(Math.max(0, kept.size() - limit)).toList();
    }
  }

  /**
   * What a look at every line of a trail on disk found.
   *
   * @param lines how many there are
   * @param damage what is wrong and where, in words; empty if the chain holds
   */
  public record Inspection(long lines, Optional<String> damage) {}

  /**
   * Follows the chain through all files of a folder, line by line. The first line may follow one
   * that is gone.
   *
   * @throws IOException if a file cannot be read
   */
  public static Inspection inspect(Path folder) throws IOException {
    HashChain chain = new HashChain(null);
    for (Path path : new AuditFiles(folder, AuditFiles.Limits.USUAL).oldestFirst()) {
      try (BufferedReader reader = Files.newBufferedReader(path)) {
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (chain.follow(line).isPresent()) {
            return new Inspection(
                chain.lines(),
                Optional.of(path + ", line " + number + ": does not follow the one before it"));
          }
        }
      }
    }
    return new Inspection(chain.lines(), Optional.empty());
  }

  /**
   * Follows the chain through lines that follow each other. The first may follow one that is not
   * among them.
   */
  public static Inspection inspect(List<JsonObject> lines) {
    HashChain chain = new HashChain(null);
    Optional<String> damage = follow(chain, lines.stream().map(JsonObject::encode).toList());
    return new Inspection(chain.lines(), damage);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
