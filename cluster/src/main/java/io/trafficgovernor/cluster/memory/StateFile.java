package io.trafficgovernor.cluster.memory;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.cluster.wire.RecordCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known ledger of one backend in one file: eight bytes of mark and version, the checksum
 * and the length of what follows, then the ledger in its wire form. It is replaced as a whole, so a
 * crash leaves the old one or the new one. Blocks on the disk; one thread at a time.
 */
public final class StateFile implements StateKeeper.Disk {
  private static final Logger LOG = LoggerFactory.getLogger(StateFile.class);

  /** "TGSTATE" and the version of this layout. */
  private static final long MARK = 0x5447_5354_4154_4501L;

  private static final int HEAD_BYTES = 8 + 8 + 4;

  /** What is longer could not be read again. */
  private static final int MOST_BYTES = HEAD_BYTES + RecordCodec.MAX_LENGTH;

  private final Path file;

  /**
   * The file of that backend.
   *
   * @param dataDir is made if it is not there
   * @throws UncheckedIOException if it cannot be made
   */
  public StateFile(Path dataDir, String backend) {
    requireNonNull(backend, "backend");
    try {
      Files.createDirectories(dataDir);
    } catch (IOException e) {
      throw new UncheckedIOException("data directory " + dataDir + " cannot be made", e);
    }
    this.file = dataDir.resolve(backend.replaceAll("[^A-Za-z0-9_-]", "_") + ".state");
  }

  /**
   * What was remembered; empty if nothing was. A file that is damaged or of another version is set
   * aside under another name, and the start is a first one: cautious.
   */
  public Optional<LedgerState> read() {
    byte[] bytes;
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        setAside("length: got " + size + ", allowed " + MOST_BYTES);
        return Optional.empty();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.error("state file {} cannot be read, so nothing is remembered: {}", file, e.toString());
      return Optional.empty();
    }
    try {
      return Optional.of(parsed(bytes));
    } catch (RecordCodec.Unreadable | IllegalArgumentException e) {
      setAside(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static LedgerState parsed(byte[] bytes) {
    if (bytes.length < HEAD_BYTES) {
      throw new IllegalArgumentException(
          "length: got " + bytes.length + ", allowed " + HEAD_BYTES + " or more");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long mark = in.getLong();
    if (mark != MARK) {
      throw new IllegalArgumentException("mark: got %016x, allowed %016x".formatted(mark, MARK));
    }
    long checksum = in.getLong();
    int length = in.getInt();
    if (length != in.remaining()) {
      throw new IllegalArgumentException(
          "length of the ledger: got " + in.remaining() + ", allowed " + length);
    }
    byte[] body = new byte[length];
    in.get(body);
    if (checksum != checksum(body)) {
      throw new IllegalArgumentException(
          "checksum: got %08x, allowed %08x".formatted(checksum(body), checksum));
    }
    return RecordCodec.read(LedgerState.class, body);
  }

  private void setAside(String why) {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      LOG.error("state file {} is damaged ({}); kept as {}; starting cautiously", file, why, aside);
    } catch (IOException e) {
      LOG.error("state file {} is damaged ({}) and cannot be moved: {}", file, why, e.toString());
    }
  }

  @Override
  public void write(LedgerState state) {
    byte[] body = RecordCodec.write(state);
    if (body.length > RecordCodec.MAX_LENGTH) {
      throw new IllegalStateException(
          "ledger: got " + body.length + " bytes, allowed " + RecordCodec.MAX_LENGTH);
    }
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + body.length);
    out.putLong(MARK).putLong(checksum(body)).putInt(body.length).put(body).flip();
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        while (out.hasRemaining()) {
          channel.write(out);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("state file " + file + " cannot be written", e);
    }
  }

  private static long checksum(byte[] body) {
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    return checksum.getValue();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
