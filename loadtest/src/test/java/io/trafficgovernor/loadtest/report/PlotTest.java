package io.trafficgovernor.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PlotTest {
  private static String path(double... values) {
    String svg = new Plot("title", 0, 10, 100).line("a line", 0, values).svg();
    Matcher line = Pattern.compile("<path d='([^']*)' fill='none'").matcher(svg);
    assertThat(line.find()).isTrue();
    return line.group(1);
  }

  private static double[] first(String path) {
    String[] parts = path.substring(1).split("[ ML]+", -1);
    return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
  }

  @Test
  void higherValue_isHigherUp() {
    assertThat(first(path(90))[1]).isLessThan(first(path(10))[1]);
  }

  @Test
  void valueBeyondTheScale_isCutOff() {
    assertThat(first(path(1_000))).isEqualTo(first(path(100)));
    assertThat(first(path(-5))).isEqualTo(first(path(0)));
  }

  @Test
  void unknownValue_breaksTheLine() {
    assertThat(path(1, 2, Double.NaN, 3, 4)).matches("M[^M]+L[^M]+M[^M]+L[^M]+");
    assertThat(path(Double.NaN)).isEmpty();
  }

  @Test
  void legendAndTitle_areThere() {
    String svg = new Plot("a & b", -20, 10, 100).line("x < y", 0, new double[] {1}).svg();
    assertThat(svg).contains("a &amp; b").contains("x &lt; y").contains("the store returns");
    assertThat(svg).contains("-20 s").contains(">0 s<");
  }

  @Test
  void escape_coversWhatMarkupMeans() {
    assertThat(Plot.escape("<a href='x' b=\"y\">&"))
        .isEqualTo("&lt;a href=&#39;x&#39; b=&quot;y&quot;&gt;&amp;");
  }
}
