package io.trafficgovernor.operator;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, when and why, with the state before and after: one JSON line per command, each with
 * the hash of the one before, so that a line taken out or changed shows. On disk before the command
 * is answered; the last {@value #KEPT} lines are kept in memory as well.
 *
 * <p>Thread-safe. Writing blocks: not for event loops.
 */
public final class AuditTrail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
  private static final int KEPT = 1_000;
  private static final String FIRST_HASH = "0".repeat(64);

  private final SystemTicker clock;
  private final FileChannel file;
  private final Deque<JsonObject> kept = new ArrayDeque<>();
  private String lastHash = FIRST_HASH;

  private AuditTrail(SystemTicker clock, FileChannel file) {
    this.clock = clock;
    this.file = file;
  }

  /**
   * Opens the trail in that folder and reads what is there. A last line that was not written whole
   * is cut off. A file that is no trail, or whose chain is broken, is set aside under another name,
   * and a new trail begins.
   *
   * @throws IOException if the folder or the file cannot be written
   */
  public static AuditTrail open(Path folder, SystemTicker clock) throws IOException {
    Files.createDirectories(folder);
    Path path = folder.resolve("audit.jsonl");
    byte[] before = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
    int whole = before.length;
    while (whole > 0 && before[whole - 1] != '\n') {
      whole--;
    }
    List<String> lines = new String(before, 0, whole, StandardCharsets.UTF_8).lines().toList();
    Optional<String> damage = damage(lines);
    if (damage.isPresent()) {
      String stamp = clock.wallTime().toString().replace(':', '-');
      Path aside = folder.resolve("audit.jsonl.damaged-" + stamp);
      Files.move(path, aside);
      LOG.error("the audit trail is damaged ({}); it is kept as {}", damage.get(), aside);
      lines = List.of();
      whole = 0;
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    file.truncate(whole);
    file.position(whole);
    AuditTrail trail = new AuditTrail(clock, file);
    lines.forEach(trail::readBack);
    return trail;
  }

  /** What is wrong with the lines, in words; empty if they are a trail. */
  private static Optional<String> damage(List<String> lines) {
    String hash = FIRST_HASH;
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      try {
        String previous = new JsonObject(line).getString("previous", "");
        if (!previous.equals(hash)) {
          return Optional.of("line " + number + " does not follow the one before it");
        }
      } catch (DecodeException e) {
        return Optional.of("line " + number + " is not JSON");
      }
      hash = hash(line);
    }
    return Optional.empty();
  }

  private void readBack(String line) {
    lastHash = hash(line);
    keep(new JsonObject(line));
  }

  /** Writes one line and forces it to disk. */
  synchronized JsonObject append(JsonObject entry) throws IOException {
    JsonObject whole =
        new JsonObject()
            .put("at", clock.wallTime().toString())
            .mergeIn(entry)
            .put("previous", lastHash);
    String line = whole.encode();
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
    file.force(true);
    lastHash = hash(line);
    keep(whole);
    LOG.info("audit {}", line);
    return whole;
  }

  private void keep(JsonObject entry) {
    kept.addLast(entry);
    if (kept.size() > KEPT) {
      kept.removeFirst();
    }
  }

  /** The last lines, oldest first. */
  synchronized List<JsonObject> last(int limit) {
    return kept.stream().skip(Math.max(0, kept.size() - limit)).toList();
  }

  private static String hash(String line) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
