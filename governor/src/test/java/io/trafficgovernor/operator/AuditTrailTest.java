package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
}
