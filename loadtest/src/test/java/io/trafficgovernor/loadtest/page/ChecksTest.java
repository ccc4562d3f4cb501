package io.trafficgovernor.loadtest.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.judge.Check;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class ChecksTest {
  private static final List<Check> CHECKS =
      List.of(
          Check.atMost("fast", OptionalDouble.of(1.5), 2, "s <of 3>"),
          Check.atMost("never", OptionalDouble.of(Double.POSITIVE_INFINITY), 2, "s"),
          Check.atLeast("unknown", OptionalDouble.empty(), 1, "").inconclusive("busy"));

  @Test
  void html_hasOneRowForEach_escaped() {
    String html = Checks.html(CHECKS);
    assertThat(html.split("<tr>", -1)).hasSize(1 + 1 + CHECKS.size());
    assertThat(html).contains("s &lt;of 3&gt;").contains("class='FAIL'>FAIL").contains(">-<td");
  }

  @Test
  void json_knowsNoInfinity() {
    assertThat(Checks.json(CHECKS).encode())
        .contains("\"id\":\"fast\",\"value\":1.5,\"bar\":2.0,\"pass\":true,\"outcome\":\"pass\"")
        .contains("\"id\":\"never\",\"value\":null")
        .contains("\"outcome\":\"inconclusive\"");
  }

  @Test
  void line_saysValueAndBar() {
    assertThat(Checks.line(CHECKS.get(1))).isEqualTo("FAIL never: got Infinity, allowed 2.00 (s)");
  }

  @Test
  void sheet_escapesItsTitleAndKeepsItsVerdict() {
    String html = Sheet.begin("a < b", "FAIL", ".mine { }") + Sheet.end();
    assertThat(html)
        .startsWith("<!doctype html>")
        .contains("<title>a &lt; b</title>")
        .contains(".mine { }")
        .contains("<h1>a &lt; b: <span class='FAIL'>FAIL</span></h1>")
        .endsWith("</body></html>\n")
        .doesNotContain("http:");
  }
}
