package io.trafficgovernor.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.ctl.OperatorClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The OpenAPI file says what the API does, neither more nor less; the pages are whole. */
final class ApiFileIT {
  @TempDir private Path folder;
  private OperatorFixture node;
  private OperatorClient client;
  private JsonNode file;

  @BeforeEach
  void start() throws Exception {
    node = new OperatorFixture(folder, OperatorFixture.OPEN_DOOR);
    client = new OperatorClient(node.url(), Optional.empty());
    file = new YAMLMapper().readTree(client.get("/v1/openapi.yaml").body());
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void paths_areTheRoutes() {
    TreeSet<String> written = new TreeSet<>();
    file.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            written.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    TreeSet<String> built = new TreeSet<>();
    node.operator.routes().forEach(route -> built.add(route.replaceAll(":(\\w+)", "{$1}")));

    assertThat(written).isEqualTo(built);
  }

  private List<String> texts(String pointer) {
    List<String> all = new ArrayList<>();
    file.at(pointer).forEach(each -> all.add(each.asText()));
    return all;
  }

  @Test
  void words_areThoseOfTheLaw() {
    assertThat(texts("/paths/~1v1~1ramp~1{verb}/post/parameters/0/schema/enum"))
        .containsExactlyElementsOf(Arrays.stream(Verb.values()).map(Verb::word).toList());
    assertThat(texts("/components/schemas/Status/properties/phase/enum"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Phase.values()).map(Phase::name).toList());
    assertThat(texts("/components/schemas/Status/properties/readiness/enum"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(OperatorVerticle.Readiness.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void status_isAsWritten() {
    Awaitility.await()
        .until(() -> !client.get("/v1/status").json().getJsonArray("nodes").isEmpty());
    JsonObject status;
    try {
      status = client.get("/v1/status").json();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    JsonNode properties = file.at("/components/schemas/Status/properties");
    assertThat(status.fieldNames()).containsExactlyInAnyOrderElementsOf(names(properties));
    for (String list : List.of("classes", "nodes")) {
      JsonArray rows = status.getJsonArray(list);
      assertThat(rows.getJsonObject(0).fieldNames())
          .containsExactlyInAnyOrderElementsOf(
              names(properties.at("/" + list + "/items/properties")));
    }
    for (String object : List.of("surge", "forecast")) {
      assertThat(status.getJsonObject(object).fieldNames())
          .containsExactlyInAnyOrderElementsOf(names(properties.at("/" + object + "/properties")));
    }
  }

  @Test
  void plan_isAsWritten() throws IOException {
    JsonObject plan = client.send("POST", "/v1/ramp/plan", new JsonObject()).json();
    assertThat(plan.fieldNames())
        .containsExactlyInAnyOrderElementsOf(names(file.at("/components/schemas/Plan/properties")));
  }

  private static List<String> names(JsonNode properties) {
    List<String> names = new ArrayList<>();
    properties.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void pages_holdNoScriptOrStyleOfTheirOwnAndEveryIdTheScriptAsksFor() throws IOException {
    String page = client.get("/").body();
    String script = client.get("/dashboard.js").body();
    assertThat(client.get("/dashboard.css").body()).contains("#phase");
    assertThat(page)
        .doesNotContain("<style")
        .doesNotContain("style=")
        .doesNotContain("onclick")
        .doesNotContainPattern("<script(?! src=)")
        .doesNotContain("http://")
        .doesNotContain("https://");
    assertThat(script).doesNotContain("innerHTML").doesNotContain("eval(");
    java.util.regex.Pattern.compile("at\\('([a-z-]+)'\\)")
        .matcher(script)
        .results()
        .map(match -> match.group(1))
        .filter(id -> !id.equals("rps"))
        .forEach(id -> assertThat(page).contains("id=\"" + id + "\""));
    // of several backends each event says of which it is, whatever kind it is of
    assertThat(script)
        .contains("const of = data.backend ? data.backend + ': ' : '';")
        .contains("of + words(field('event'), data)");
    // they stand under a heading of their own, which only several of them have
    assertThat(page)
        .containsPattern("<h2 id=\"backends-heading\" hidden>[^\n]*\n *<ul id=\"backends\"");
    assertThat(script).contains("at('backends-heading').hidden = each.length < 2;");
    for (Verb verb : Verb.values()) {
      assertThat(script).contains("['" + verb.word() + "', ");
    }
  }

  @Test
  void pages_tellBrowsersToTrustNothingElse() throws IOException {
    try (RawClient browser = new RawClient(node.url().getPort())) {
      String head = browser.send("GET / HTTP/1.1", "Host: localhost").until("\r\n\r\n");
      assertThat(head.toLowerCase(Locale.ROOT))
          .contains("content-security-policy: default-src 'none'; script-src 'self'")
          .contains("frame-ancestors 'none'")
          .contains("x-content-type-options: nosniff");
    }
  }
}
