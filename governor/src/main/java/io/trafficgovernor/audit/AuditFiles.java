package io.trafficgovernor.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a trail in one folder: {@code audit.jsonl}, which is written, and {@code
 * audit.jsonl.1} (the newest) to {@code audit.jsonl.N}, which are full.
 */
final class AuditFiles {
  private static final String NAME = "audit.jsonl";

  private final Path folder;
  private final Limits limits;

  /**
   * How much is kept.
   *
   * @param fileBytes size from which a file is full
   * @param fullFiles how many full files are kept; the oldest goes
   * @param tailBytes how much of a file's end is read at the start; more than any line
   */
  record Limits(long fileBytes, int fullFiles, int tailBytes) {
    static final Limits USUAL = new Limits(8L << 20, 8, 1 << 20);
  }

  AuditFiles(Path folder, Limits limits) {
    this.folder = folder;
    this.limits = limits;
  }

  Path current() {
    return folder.resolve(NAME);
  }

  private Path full(int number) {
    return folder.resolve(NAME + "." + number);
  }

  /** All that are there, the oldest first. */
  List<Path> oldestFirst() {
    List<Path> all = new ArrayList<>();
    for (int number = limits.fullFiles(); number >= 1; number--) {
      all.add(full(number));
    }
    all.add(current());
    return all.stream().filter(Files::exists).toList();
  }

  /** Whether there is anything before what stands in the tail of the current file. */
  boolean full(long bytes) {
    return bytes >= limits.fileBytes();
  }

  /** The end of a file. */
  record Tail(List<String> lines, boolean fromStart, long wholeBytes) {}

  /**
   * The last whole lines of a file, within the limit; what comes after the last line end was not
   * written whole and is left out.
   */
  Tail tail(Path path) throws IOException {
    if (!Files.exists(path)) {
      return new Tail(List.of(), true, 0);
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = file.size();
      long from = Math.max(0, size - limits.tailBytes());
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - from));
      while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
        // reads on
      }
      byte[] all = bytes.array();
      int end = bytes.position();
      while (end > 0 && all[end - 1] != '\n') {
        end--;
      }
      int start = 0;
      while (from > 0 && start < end && all[start] != '\n') {
        start++;
      }
      start = from > 0 && start < end ? start + 1 : start;
      String text = new String(all, start, end - start, StandardCharsets.UTF_8);
      return new Tail(text.lines().toList(), from == 0, from + end);
    }
  }

  /** Moves the full current file out of the way; the oldest is dropped. */
  void rotate() throws IOException {
    Files.deleteIfExists(full(limits.fullFiles()));
    for (int number = limits.fullFiles() - 1; number >= 1; number--) {
      if (Files.exists(full(number))) {
        Files.move(full(number), full(number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    Files.move(current(), full(1), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The newest full file. */
  Path newestFull() {
    return full(1);
  }

  /** Keeps a damaged current file under another name. */
  Path setAside(String stamp) throws IOException {
    Path aside = folder.resolve(NAME + ".damaged-" + stamp.replace(':', '-'));
    return Files.move(current(), aside);
  }
}
