package io.trafficgovernor.loadtest.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({"250ms, 250", "20s, 20000", "1.5s, 1500", "2m, 120000", "0s, 0", "0.5ms, 0"})
  void duration_carriesItsUnit(String text, long millis) {
    assertThat(Units.duration(text).toMillis()).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "s", "-1s", "20 s", "1h", "1.s", "20S"})
  void duration_ofAnythingElseIsAFault(String text) {
    assertThatThrownBy(() -> Units.duration(text))
        .hasMessage("duration: got '" + text + "', allowed such as 250ms, 20s, 1.5s, 2m");
    assertThatThrownBy(() -> new Units.DurationOption().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @Test
  void rate_isPerSecondOrOff() {
    assertThat(Units.perSecond("300/s")).isEqualTo(300);
    assertThat(Units.perSecond("0.5/s")).isEqualTo(0.5);
    assertThat(Units.perSecond("off")).isInfinite();
    assertThat(new Units.RateOption().convert("12/s")).isEqualTo(12);
    assertThat(new Units.DurationOption().convert("1s")).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "300", "0/s", "-1/s", "300/m", "300 /s"})
  void rate_ofAnythingElseIsAFault(String text) {
    assertThatThrownBy(() -> Units.perSecond(text))
        .hasMessage("rate: got '" + text + "', allowed such as 300/s, or off");
    assertThatThrownBy(() -> new Units.RateOption().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
