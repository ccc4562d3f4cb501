package io.trafficgovernor.cluster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose data directory it is. */
final class TenureTest {
  @TempDir private Path dir = Path.of("");

  private Tenure begin() throws IOException {
    return Tenure.begin(dir.resolve("data"), new Random(7));
  }

  @Test
  void first_hasNobodyBeforeIt() throws IOException {
    try (Tenure first = begin()) {
      assertThat(first.predecessor()).isZero();
      assertThat(first.incarnation()).isNotZero();
    }
  }

  @Test
  void each_knowsTheOneBefore() throws IOException {
    long before = 0;
    for (int i = 0; i < 5; i++) {
      try (Tenure each = begin()) {
        assertThat(each.predecessor()).isEqualTo(before);
        assertThat(each.incarnation()).as("drawn again").isNotEqualTo(before);
        before = each.incarnation();
      }
    }
  }

  /** Two at once: the second cannot say that the first is dead. */
  @Test
  void second_isRefusedWhileTheFirstHasIt() throws IOException {
    try (Tenure first = begin()) {
      assertThatThrownBy(this::begin)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("got one that another process holds, allowed one of its own");
      assertThat(first.incarnation()).isNotZero();
    }
    begin().close();
  }

  /** Who knows nothing says nothing: then the share of the one before stays booked. */
  @ParameterizedTest
  @ValueSource(strings = {"", "xyz", "12", "0123456789abcdef0", "0123456789abcdeg"})
  void markThatCannotBeRead_isNobody(String text) throws IOException {
    Files.createDirectories(dir.resolve("data"));
    Files.writeString(dir.resolve("data/process.lock"), text);
    try (Tenure next = begin()) {
      assertThat(next.predecessor()).isZero();
    }
    try (Tenure after = begin()) {
      assertThat(after.predecessor()).isNotZero();
    }
  }
}
