package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.testing.RunSketch;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The page for people: whole by itself, every row and check in it, nothing that breaks out. */
final class PageTest {
  private final String html = Page.of(Reports.good());

  @Test
  void page_asksNothingOfTheNetwork() {
    assertThat(html).doesNotContain("http:").doesNotContain("https:").doesNotContain("src=");
    assertThat(html).doesNotContain("@import").doesNotContain("url(").doesNotContain("<link");
  }

  @Test
  void page_hasEveryRowAndEveryCheck() {
    for (SystemFacts facts : Reports.FACTS) {
      assertThat(html).contains(Plot.escape(facts.name())).contains(facts.impact());
    }
    Reports.good().checks().forEach(check -> assertThat(html).contains(check.id()));
    assertThat(html).contains("the store itself").contains("stale: 7 given, the oldest of 12 s");
  }

  @Test
  void text_isEscaped() {
    assertThat(html).contains("Workers KV &amp; others").contains("Stream &lt;live&gt;");
    assertThat(html).doesNotContain("Stream <live>");
  }

  @Test
  void verdict_isInTheHeading() {
    assertThat(html).contains("<span class='PASS'>PASS</span></h1>");
    assertThat(Page.of(Reports.of(new RunSketch().neverBack().record())))
        .contains("<span class='FAIL'>FAIL</span></h1>");
  }

  @Test
  void runs_standSideBySideOnOneScale() {
    assertThat(html.split("<svg", -1))
        .as("two plots per run and one of all")
        .hasSize(1 + 2 * 2 + 1);
    assertThat(html).contains("full: requests per second").contains("control: requests per second");
    assertThat(html).contains("all runs");
  }

  @Test
  void reportWithoutRuns_isAPageToo() {
    assertThat(Page.of(Reports.of())).contains("INCONCLUSIVE").doesNotContain("<svg");
  }

  @Test
  void everyPlot_isWellFormed() throws Exception {
    int from = html.indexOf("<svg");
    while (from >= 0) {
      int to = html.indexOf("</svg>", from) + "</svg>".length();
      Document plot =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(html.substring(from, to))));
      assertThat(plot.getElementsByTagName("path").getLength()).isGreaterThan(5);
      from = html.indexOf("<svg", to);
    }
  }
}
