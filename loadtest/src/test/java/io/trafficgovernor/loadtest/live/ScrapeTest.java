package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ScrapeTest {
  private static final String TEXT =
      """
      # HELP governor_backend_requests_total sent
      # TYPE governor_backend_requests_total counter
      governor_backend_requests_total{class="read",path="a } b"} 12.0
      governor_backend_requests_total{class="write"} 3.5E1
      governor_backend_requests_total_created{class="write"} 99.0
      governor_backend_requests_totally 99.0
      governor_phase 2.0 1718200000000
      """;

  @Test
  void sum_isOverAllLabelsOfThatVeryName() {
    assertThat(Scrape.sum(TEXT, "governor_backend_requests_total")).isEqualTo(47);
  }

  @Test
  void sum_isOverTheWantedLabels() {
    assertThat(Scrape.sum(TEXT, "governor_backend_requests_total", each -> each.contains("write")))
        .isEqualTo(35);
    assertThat(Scrape.sum(TEXT, "governor_phase", String::isEmpty)).isEqualTo(2);
  }

  @Test
  void value_isReadBeforeATimeStamp() {
    assertThat(Scrape.sum(TEXT, "governor_phase")).isEqualTo(2);
  }

  @Test
  void absentMetric_isZero() {
    assertThat(Scrape.sum(TEXT, "governor_shed_total")).isZero();
    assertThat(Scrape.sum("", "governor_shed_total")).isZero();
  }

  @Test
  void noNumber_isAFault() {
    assertThatThrownBy(() -> Scrape.sum("a{b=\"c\"} many", "a"))
        .hasMessage("metric: got 'a{b=\"c\"} many', allowed a number at its end");
  }
}
