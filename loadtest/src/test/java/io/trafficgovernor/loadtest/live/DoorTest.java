package io.trafficgovernor.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DoorTest {
  @Test
  void url_namesHostAndPort() {
    assertThat(Door.of("http://127.0.0.1:8080")).isEqualTo(Door.loopback(8080));
    assertThat(Door.of("http://gateway.example/")).isEqualTo(new Door("gateway.example", 80));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:80", "https://a:1", "http://a/b", "http://a?x=1", "ftp://a", "x"})
  void anythingElse_isAFault(String url) {
    assertThatThrownBy(() -> Door.of(url)).isInstanceOf(IllegalArgumentException.class);
  }
}
