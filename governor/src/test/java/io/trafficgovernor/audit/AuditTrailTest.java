package io.trafficgovernor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditTrailTest {
  @TempDir private Path folder;

  private AuditTrail open() throws IOException {
    return AuditTrail.open(folder, new SystemTicker());
  }

  private static JsonObject entry(String verb) {
    return new JsonObject().put("verb", verb);
  }

  @Test
  void append_survivesARestartAndGoesOnWithTheChain() throws IOException {
    try (AuditTrail trail = open()) {
      trail.append(entry("close"));
    }
    try (AuditTrail trail = open()) {
      trail.append(entry("begin"));
      assertThat(trail.last(10))
          .extracting(e -> e.getString("verb"))
          .containsExactly("close", "begin");
    }
    var lines = Files.readAllLines(folder.resolve("audit.jsonl"));
    assertThat(new JsonObject(lines.get(1)).getString("previous"))
        .isNotEqualTo(new JsonObject(lines.get(0)).getString("previous"));
  }

  @Test
  void open_cutsALineThatWasNotWrittenWhole() throws IOException {
    try (AuditTrail trail = open()) {
      trail.append(entry("close"));
    }
    Path file = folder.resolve("audit.jsonl");
    Files.writeString(file, "{\"verb\":\"beg", StandardOpenOption.APPEND);
    try (AuditTrail trail = open()) {
      assertThat(trail.last(10)).hasSize(1);
      trail.append(entry("hold"));
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.endsWith("}"));
  }

  @Test
  void open_setsAsideAFileThatIsNoTrail() throws IOException {
    Files.writeString(folder.resolve("audit.jsonl"), "this is no JSON\n");
    try (AuditTrail trail = open()) {
      assertThat(trail.last(10)).isEmpty();
      trail.append(entry("close"));
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("audit.jsonl")
          .anyMatch(name -> name.startsWith("audit.jsonl.damaged"));
    }
  }

  @Test
  void last_isBounded() throws IOException {
    try (AuditTrail trail = open()) {
      for (int i = 0; i < 5; i++) {
        trail.append(entry("v" + i));
      }
      assertThat(trail.last(2)).extracting(e -> e.getString("verb")).containsExactly("v3", "v4");
    }
  }

  private AuditTrail small() throws IOException {
    return AuditTrail.open(folder, new SystemTicker(), new AuditFiles.Limits(1_000, 3, 600));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void append_isBoundedOnDiskAndTheChainGoesOnFromFileToFile() throws IOException {
    try (AuditTrail trail = small()) {
      for (int i = 0; i < 200; i++) {
        trail.append(entry("v" + i));
      }
    }
    assertThat(names())
        .containsExactly("audit.jsonl", "audit.jsonl.1", "audit.jsonl.2", "audit.jsonl.3");
    for (String name : names()) {
      assertThat(Files.size(folder.resolve(name))).isLessThan(1_200);
    }
    AuditTrail.Inspection found = AuditTrail.inspect(folder);
    assertThat(found.damage()).isEmpty();
    assertThat(found.lines()).isBetween(15L, 40L);
  }

  @Test
  void open_readsTheEndOnlyAndGoesOn() throws IOException {
    for (int i = 0; i < 40; i++) {
      try (AuditTrail trail = small()) {
        trail.append(entry("v" + i));
        assertThat(trail.last(1_000).size()).as("of 600 bytes").isLessThanOrEqualTo(5);
      }
    }
    assertThat(AuditTrail.inspect(folder).damage()).isEmpty();
  }

  /** The process died between putting the full file aside and writing into the next. */
  @Test
  void open_withoutACurrentFileGoesOnWithTheChain() throws IOException {
    try (AuditTrail trail = small()) {
      trail.append(entry("close"));
    }
    Files.move(folder.resolve("audit.jsonl"), folder.resolve("audit.jsonl.1"));
    try (AuditTrail trail = small()) {
      assertThat(trail.last(10)).hasSize(1);
      trail.append(entry("begin"));
    }
    AuditTrail.Inspection found = AuditTrail.inspect(folder);
    assertThat(found.damage()).isEmpty();
    assertThat(found.lines()).isEqualTo(2);
  }

  @Test
  void open_aFileThatIsOneEndlessLineIsSetAside() throws IOException {
    Files.writeString(folder.resolve("audit.jsonl"), "x".repeat(5_000));
    try (AuditTrail trail = small()) {
      trail.append(entry("close"));
    }
    assertThat(names()).anyMatch(name -> name.startsWith("audit.jsonl.damaged"));
    assertThat(AuditTrail.inspect(folder).lines()).isEqualTo(1);
  }

  @Test
  void inspect_showsALineThatWasChangedOrTakenOut() throws IOException {
    try (AuditTrail trail = open()) {
      for (int i = 0; i < 5; i++) {
        trail.append(entry("v" + i));
      }
    }
    Path file = folder.resolve("audit.jsonl");
    List<String> lines = Files.readAllLines(file);

    List<String> changed = new ArrayList<>(lines);
    changed.set(1, lines.get(1).replace("v1", "v9"));
    Files.write(file, changed);
    assertThat(AuditTrail.inspect(folder).damage()).get().asString().contains("line 3");

    List<String> without = new ArrayList<>(lines);
    without.remove(2);
    Files.write(file, without);
    assertThat(AuditTrail.inspect(folder).damage()).get().asString().contains("line 3");

    Files.write(file, lines);
    assertThat(AuditTrail.inspect(folder).damage()).isEmpty();
  }

  /** As a node shows it: the first line may follow one that is not shown. */
  @Test
  void inspect_ofLinesThatWereShown() throws IOException {
    List<JsonObject> shown;
    try (AuditTrail trail = open()) {
      for (int i = 0; i < 5; i++) {
        trail.append(entry("v" + i));
      }
      shown = new ArrayList<>(trail.last(4));
    }
    assertThat(AuditTrail.inspect(shown)).isEqualTo(new AuditTrail.Inspection(4, Optional.empty()));
    shown.remove(1);
    assertThat(AuditTrail.inspect(shown).damage()).isPresent();
  }

  @Test
  void onEntry_tellsWhatIsOnDisk() throws IOException {
    List<JsonObject> told = new ArrayList<>();
    try (AuditTrail trail = open()) {
      trail.onEntry(told::add);
      trail.append(entry("close"));
    }
    assertThat(told).singleElement().satisfies(e -> assertThat(e.getString("at")).isNotEmpty());
  }
}
