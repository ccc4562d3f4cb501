package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.RunSketch;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs read: {@code verdict} and {@code checks[]} with id, value, bar and pass. */
final class ResultFileTest {
  @TempDir private Path folder;

  private static JsonObject check(JsonObject result, String id) {
    JsonArray checks = result.getJsonArray("checks");
    for (int i = 0; i < checks.size(); i++) {
      if (checks.getJsonObject(i).getString("id").equals(id)) {
        return checks.getJsonObject(i);
      }
    }
    throw new AssertionError("no check " + id + " in " + checks);
  }

  @Test
  void goodRuns_areAPass() throws IOException {
    ResultFile.write(Reports.good(), folder);
    JsonObject result = new JsonObject(Files.readString(folder.resolve("result.json")));
    assertThat(result.getString("verdict")).isEqualTo("pass");
    assertThat(result.getString("incident")).isEqualTo("june-12");
    JsonObject back = check(result, "full-config-back");
    assertThat(back.getDouble("value")).isBetween(0.9, 1.1);
    assertThat(back.getDouble("bar")).isEqualTo(5);
    assertThat(back.getBoolean("pass")).isTrue();
    assertThat(back.getString("outcome")).isEqualTo("pass");
    assertThat(Files.readString(folder.resolve("index.html"))).startsWith("<!doctype html>");
  }

  @Test
  void runs_tellEveryClassAndEverySystem() {
    JsonObject result = ResultFile.json(Reports.good());
    JsonObject full = result.getJsonArray("runs").getJsonObject(0);
    assertThat(full.getDouble("open_again_s")).isEqualTo(25);
    assertThat(full.getJsonObject("class_back_s").fieldNames())
        .containsExactly("config", "auth", "read");
    JsonArray systems = full.getJsonArray("systems");
    assertThat(systems).hasSize(3);
    assertThat(systems.getJsonObject(2).getString("name")).isEqualTo("Stream <live>");
    assertThat(systems.getJsonObject(2).getInteger("order")).isEqualTo(3);
    assertThat(systems.getJsonObject(2).getLong("refused")).isPositive();
  }

  @Test
  void whatNeverCame_isNullAndNoPass() {
    JsonObject result =
        ResultFile.json(Reports.of(new RunSketch().back(2, 1_000).meters(null).record()));
    assertThat(result.getString("verdict")).isEqualTo("fail");
    assertThat(check(result, "full-all-back").getDouble("value")).isNull();
    assertThat(check(result, "full-all-back").getBoolean("pass")).isFalse();
    JsonObject meters = check(result, "full-meters-agree");
    assertThat(meters.getBoolean("pass")).isFalse();
    assertThat(meters.getString("outcome")).isEqualTo("inconclusive");
    JsonObject full = result.getJsonArray("runs").getJsonObject(0);
    assertThat(full.getJsonObject("class_back_s").getValue("read")).isNull();
    assertThat(full.getValue("open_again_s")).isNull();
  }
}
