package io.trafficgovernor.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.config.pattern.SessionKeySource;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionHashTest {
  private final SessionHash sessions =
      new SessionHash(
          List.of(
              new SessionKeySource.Cookie("sid"),
              new SessionKeySource.Header("X-Client-Id"),
              new SessionKeySource.PeerAddress(),
              new SessionKeySource.Header("never-reached")));

  private long of(MultiMap headers) {
    return sessions.of(headers, () -> "10.0.0.1");
  }

  private static MultiMap headers() {
    return MultiMap.caseInsensitiveMultiMap();
  }

  @Test
  void of_takesTheFirstSourceThatIsThere() {
    MultiMap both = headers().add("Cookie", "a=1; sid=me").add("X-Client-Id", "you");
    assertThat(of(both)).isEqualTo(SessionKey.hash("me"));
    assertThat(of(headers().add("X-Client-Id", "you"))).isEqualTo(SessionKey.hash("you"));
    assertThat(of(headers().add("never-reached", "x"))).isEqualTo(SessionKey.hash("10.0.0.1"));
  }

  @Test
  void of_anEmptyValueIsNone() {
    MultiMap empty = headers().add("Cookie", "sid=").add("X-Client-Id", "");
    assertThat(of(empty)).isEqualTo(SessionKey.hash("10.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "'sid=me', me",
    "'a=1;sid=me', me",
    "'a=1;   sid=me ; b=2', me",
    "'sid=me=you', me=you",
    "'xsid=no; sid=me', me",
    "'sid2=no; sid=me', me",
    "'sid', ",
    "'asid=x', ",
    "';;;', ",
  })
  void cookie_byName(String header, String value) {
    assertThat(SessionHash.cookie(List.of(header), "sid")).isEqualTo(value);
  }

  @Test
  void cookie_inAnyOfSeveralHeaders() {
    assertThat(SessionHash.cookie(List.of("a=1", "sid=me"), "sid")).isEqualTo("me");
  }
}
