package io.trafficgovernor.cluster.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A process's hold of its data directory: one process at a time has it, by a lock of the operating
 * system that ends with the process. So whoever had it before is dead for certain, and the ledger
 * may forget at once what that one was promised. What proves it is the disk: of a directory that
 * was copied while its process ran it would be a lie.
 *
 * <p>Blocks on the disk.
 */
public final class Tenure implements Closeable {
  private static final String FILE = "process.lock";
  private static final int MOST_BYTES = 64;

  private final FileChannel held;
  private final long incarnation;
  private final long predecessor;

  private Tenure(FileChannel held, long incarnation, long predecessor) {
    this.held = held;
    this.incarnation = incarnation;
    this.predecessor = predecessor;
  }

  /**
   * Takes the directory and leaves this process's mark in it.
   *
   * @param dataDir is made if it is not there
   * @param random of which the mark is drawn
   * @throws IOException if another process has it, or the disk refuses
   */
  public static Tenure begin(Path dataDir, Random random) throws IOException {
    Files.createDirectories(dataDir);
    Path file = dataDir.resolve(FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new IOException(
            "data directory "
                + dataDir
                + ": got one that another process holds, allowed one of its own");
      }
      long predecessor = marked(channel);
      long incarnation = other(random, predecessor);
      mark(channel, incarnation);
      return new Tenure(channel, incarnation, predecessor);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException sameProcess) {
      return null;
    }
  }

  /** Neither the one before nor 0, which means that nobody is known. */
  private static long other(Random random, long predecessor) {
    long drawn = random.nextLong();
    while (drawn == predecessor || drawn == 0) {
      drawn = random.nextLong();
    }
    return drawn;
  }

  /** What the last one left; 0 if nothing, or nothing that can be read. */
  private static long marked(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
    int read = channel.read(bytes, 0);
    String text = read <= 0 ? "" : new String(bytes.array(), 0, read, UTF_8).strip();
    return text.matches("[0-9a-f]{16}") ? Long.parseUnsignedLong(text, 16) : 0;
  }

  private static void mark(FileChannel channel, long incarnation) throws IOException {
    channel.truncate(0);
    ByteBuffer text = ByteBuffer.wrap("%016x%n".formatted(incarnation).getBytes(UTF_8));
    long at = 0;
    while (text.hasRemaining()) {
      at += channel.write(text, at);
    }
    channel.force(true);
  }

  /** Of this process; never 0. */
  public long incarnation() {
    return incarnation;
  }

  /** Of the process that had the directory before, which is dead; 0 if nobody is known. */
  public long predecessor() {
    return predecessor;
  }

  /** Lets go of the directory; the mark stays. */
  @Override
  public void close() throws IOException {
    held.close();
  }
}
