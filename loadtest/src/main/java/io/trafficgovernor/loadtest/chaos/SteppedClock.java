package io.trafficgovernor.loadtest.chaos;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The wall clock of a process, moved by libfaketime while it runs. Its monotonic clock is left
 * alone, as it is when a machine's time is set.
 */
final class SteppedClock {
  private static final Path LIBRARIES = Path.of("/usr/lib");
  private static final String LIBRARY = "libfaketime.so.1";
  private static final int DEPTH = 3;

  private final Path library;
  private final Path offset;

  private SteppedClock(Path library, Path offset) {
    this.library = library;
    this.offset = offset;
  }

  /**
   * A clock that is told its offset by a file in that directory; empty where the library is not
   * installed.
   */
  static Optional<SteppedClock> in(Path directory) {
    requireNonNull(directory, "directory");
    try (Stream<Path> files = Files.walk(LIBRARIES, DEPTH)) {
      return files
          .filter(each -> each.endsWith(LIBRARY))
          .findFirst()
          .map(found -> new SteppedClock(found, directory.resolve("clock").toAbsolutePath()));
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Words that start a process with this clock, which is right at first. */
  List<String> prefix() {
    step(0);
    return List.of(
        "env",
        "LD_PRELOAD=" + library,
        "FAKETIME_TIMESTAMP_FILE=" + offset,
        "FAKETIME_CACHE_DURATION=1",
        "FAKETIME_DONT_FAKE_MONOTONIC=1",
        "DONT_FAKE_MONOTONIC=1",
        // else every timed wait of the JVM lasts up to 50 ms longer, without any step
        "FAKETIME_FORCE_MONOTONIC_FIX=0");
  }

  /** From the next second on it is that much ahead. */
  void step(long seconds) {
    try {
      Files.writeString(offset, "%+d%n".formatted(seconds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
