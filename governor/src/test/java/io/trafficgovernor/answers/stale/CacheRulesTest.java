package io.trafficgovernor.answers.stale;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.answers.stale.AnswerCache.Incoming;
import io.trafficgovernor.answers.stale.AnswerCache.Limits;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9111 and RFC 5861, section by section. The wall clock starts at the date in {@link #NOW}. */
final class CacheRulesTest {
  private static final long START_MILLIS = 784_111_777_000L;
  private static final String NOW = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final String KEY = "shop/a";
  private static final double MINUTE = 60;
  private static final Set<String> SESSION_FIELDS = Set.of("X-Shopper");

  private final VirtualTime time = new VirtualTime();
  private long wallJumpMillis;
  private final AnswerCache cache =
      new AnswerCache(
          new Limits(1 << 20, 1 << 10),
          SESSION_FIELDS,
          time,
          () -> START_MILLIS + time.nanos() / 1_000_000 + wallJumpMillis);

  /** Fields separated by a bar, as in {@code Cache-Control: no-store | Age: 3}. */
  private static MultiMap headers(String text) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String field : text.split("\\|", -1)) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        headers.add(field.substring(0, colon).trim(), field.substring(colon + 1).trim());
      }
    }
    return headers;
  }

  private static Wish get(String fields) {
    return Wish.of("GET", headers(fields), SESSION_FIELDS);
  }

  private boolean keep(Wish wish, int status, String answer) {
    return keep(KEY, wish, status, answer, "body");
  }

  private boolean keep(String key, Wish wish, int status, String answer, String body) {
    Optional<Incoming> incoming =
        cache.begin(key, wish, status, headers(answer), cache.now(), body.length());
    incoming.ifPresent(
        taken -> {
          taken.add(Buffer.buffer(body));
          taken.complete();
        });
    return incoming.isPresent();
  }

  private boolean fresh(String request) {
    return cache.fresh(KEY, get(request)).isPresent();
  }

  private boolean usable(String request) {
    return cache.usable(KEY, get(request), MINUTE).isPresent();
  }

  private void pass(double seconds) {
    time.advanceMillis((long) (seconds * 1000));
  }

  /** Section 3, storing; 3.5, Authorization; 5.2.1.5, 5.2.2.5 and .7; RFC 9110 section 15.1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          200; ''; ''; true
          404; ''; ''; true
          201; ''; Cache-Control: max-age=9; false
          206; ''; Cache-Control: max-age=9; false
          302; ''; ''; false
          500; ''; Cache-Control: max-age=9; false
          200; ''; Cache-Control: no-store; false
          200; ''; Cache-Control: max-age=9, NO-STORE; false
          200; ''; Cache-Control: public | Cache-Control: no-store; false
          200; ''; Cache-Control: private; false
          200; ''; 'Cache-Control: private="X-A, X-B", max-age=9'; false
          200; ''; 'Cache-Control: extension="no-store", max-age=9'; true
          200; Cache-Control: no-store; Cache-Control: max-age=9; false
          200; Authorization: Basic x; Cache-Control: max-age=9; false
          200; Authorization: Basic x; 'Cache-Control: max-age=9, public'; true
          200; Authorization: Basic x; Cache-Control: s-maxage=9; true
          200; Authorization: Basic x; 'Cache-Control: max-age=9, must-revalidate'; true
          200; Cookie: sid=1; Cache-Control: max-age=9; false
          200; Cookie: sid=1; 'Cache-Control: max-age=9, public'; true
          200; x-shopper: 7; ''; false
          200; x-shopper: 7; Cache-Control: max-age=9; false
          200; x-shopper: 7; Cache-Control: public; true
          200; X-Api-Key: 7; ''; false
          200; X-Api-Key: 7; Last-Modified: Sun, 06 Nov 1994 08:00:00 GMT; false
          200; X-Amz-Security-Token: 7; ETag: "x"; false
          200; X-Api-Key: 7; Cache-Control: max-age=9; true
          200; X-Api-Key: 7; Expires: Sun, 06 Nov 1994 09:00:00 GMT; true
          200; User-Agent: curl | X-Request-Id: 7; ''; true
          200; ''; Set-Cookie: sid=1 | Cache-Control: public; false
          200; ''; Vary: *; false
          200; ''; Vary: Accept, *; false
          200; Range: bytes=0-1; Cache-Control: max-age=9; false
          200; If-None-Match: "x"; Cache-Control: max-age=9; false
          200; Content-Length: 3; Cache-Control: max-age=9; false
          """)
  void storing(int status, String request, String answer, boolean kept) {
    assertThat(keep(get(request), status, answer)).isEqualTo(kept);
    assertThat(cache.find(KEY, get("")).isPresent()).isEqualTo(kept);
  }

  /** Section 3: the method; a HEAD has no body to keep. */
  @Test
  void storing_onlyGet() {
    assertThat(keep(Wish.of("HEAD", headers(""), Set.of()), 200, "Cache-Control: max-age=9"))
        .isFalse();
    assertThat(keep(Wish.of("POST", headers(""), Set.of()), 200, "Cache-Control: max-age=9"))
        .isFalse();
  }

  /** Section 3.3: an answer that was cut off, or grew too large, is not kept. */
  @Test
  void storing_onlyWholeAnswers() {
    Incoming cut = cache.begin(KEY, get(""), 200, headers(""), cache.now(), -1).orElseThrow();
    cut.add(Buffer.buffer("half"));
    cut.drop();
    cut.complete();
    assertThat(cache.find(KEY, get(""))).isEmpty();

    Incoming large = cache.begin(KEY, get(""), 200, headers(""), cache.now(), -1).orElseThrow();
    large.add(Buffer.buffer(new byte[1025]));
    large.complete();
    assertThat(cache.find(KEY, get(""))).isEmpty();
    assertThat(cache.begin(KEY, get(""), 200, headers(""), cache.now(), 1025)).isEmpty();
  }

  /** Section 4.1: the fields that Vary names select, whatever their form. */
  @Test
  void vary_selects() {
    keep(get("Accept: a, b | X-Other: 1"), 200, "Vary: accept | Cache-Control: max-age=9");
    assertThat(fresh("Accept: a,b | X-Other: 2")).isTrue();
    assertThat(fresh("Accept: a | Accept: b")).isTrue();
    assertThat(fresh("Accept: b, a")).isFalse();
    assertThat(fresh("")).isFalse();

    keep(KEY, get(""), 200, "Vary: accept | Cache-Control: max-age=9", "none");
    assertThat(cache.fresh(KEY, get("")).orElseThrow().body().toString()).isEqualTo("none");
    assertThat(fresh("Accept: a,b")).isTrue();
  }

  @Test
  void vary_keepsTheLatestFew() {
    for (int i = 0; i < 9; i++) {
      keep(get("Accept: " + i), 200, "Vary: Accept | Cache-Control: max-age=9");
    }
    assertThat(fresh("Accept: 0")).isFalse();
    assertThat(fresh("Accept: 1")).isTrue();
    assertThat(fresh("Accept: 8")).isTrue();
  }

  /** Section 4.2.1, the lifetime: s-maxage, max-age, Expires, in that order; 4.2.2, heuristics. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          'Cache-Control: max-age=10'; 10
          'Cache-Control: max-age="10"'; 10
          'Cache-Control: s-maxage=5, max-age=10'; 5
          'Cache-Control: max-age=10 | Expires: Sun, 06 Nov 1994 08:49:39 GMT'; 10
          'Expires: Sun, 06 Nov 1994 08:49:47 GMT'; 10
          'Expires: Sunday, 06-Nov-94 08:49:47 GMT'; 0
          'Date: Sun, 06 Nov 1994 08:49:37 GMT | Expires: 0'; 0
          'Date: Sun, 06 Nov 1994 08:49:37 GMT | Last-Modified: Sun, 06 Nov 1994 08:47:57 GMT'; 10
          'Cache-Control: max-age=soon'; 0
          'Cache-Control: max-age=-1'; 0
          'Cache-Control: max-age=10, max-age=20'; 0
          'Cache-Control: no-cache, max-age=10'; 0
          ''; 0
          """)
  void freshness(String answer, int seconds) {
    assertThat(keep(get(""), 200, answer)).isTrue();
    assertThat(fresh("")).isEqualTo(seconds > 0);
    if (seconds > 0) {
      pass(seconds - 0.01);
      assertThat(fresh("")).isTrue();
    }
    pass(0.02);
    assertThat(fresh("")).isFalse();
  }

  @Test
  void freshness_aHugeNumberIsALongTime() {
    keep(get(""), 200, "Cache-Control: max-age=99999999999999999999");
    pass(1_000_000);
    assertThat(fresh("")).isTrue();
  }

  /** Section 4.2.3: Age and Date of others count, and the time the answer took. */
  @Test
  void age_isWhatItSays() {
    AnswerCache.Incoming slow =
        beginAfter(3, "Age: 4 | Date: " + NOW + " | Cache-Control: max-age=60");
    slow.complete();
    assertThat(age()).isEqualTo(7);
    pass(2);
    assertThat(age()).isEqualTo(9);

    keep(get(""), 200, "Date: Sun, 06 Nov 1994 08:49:12 GMT");
    assertThat(age()).isEqualTo(30);
  }

  private Incoming beginAfter(int seconds, String answer) {
    KeptAnswer.Moment asked = cache.now();
    pass(seconds);
    return cache.begin(KEY, get(""), 200, headers(answer), asked, 0).orElseThrow();
  }

  private double age() {
    return cache.find(KEY, get("")).orElseThrow().ageSeconds(cache.now());
  }

  /** The ticker stands still while a machine sleeps; a clock that is set back makes nothing new. */
  @Test
  void age_followsTheClockThatWentFurther() {
    keep(get(""), 200, "");
    wallJumpMillis = 30_000;
    assertThat(age()).isEqualTo(30);
    wallJumpMillis = -30_000;
    pass(5);
    assertThat(age()).isEqualTo(5);
  }

  /** Section 5.2.1: what a client asks for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          ''; true
          Cache-Control: no-cache; false
          Cache-Control: no-store; false
          Pragma: no-cache; false
          Pragma: no-cache | Cache-Control: max-age=60; true
          Cache-Control: max-age=5; true
          Cache-Control: max-age=4; false
          Cache-Control: max-age=0; false
          Cache-Control: min-fresh=5; true
          Cache-Control: min-fresh=6; false
          """)
  void request_ofAFreshAnswer(String request, boolean given) {
    keep(get(""), 200, "Cache-Control: max-age=10");
    pass(5);
    assertThat(fresh(request)).isEqualTo(given);
  }

  /**
   * Section 4.2.4, when a stale answer may be given; RFC 5861 section 4. It is 10 s beyond its
   * freshness, and the class allows 60 s.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          max-age=10; ''; true
          max-age=10, must-revalidate; ''; false
          max-age=10, proxy-revalidate; ''; false
          s-maxage=10; ''; false
          max-age=10, no-cache; ''; false
          'max-age=10, no-cache="Set-Cookie"'; ''; false
          max-age=10, stale-if-error=9; ''; false
          max-age=10, stale-if-error=11; ''; true
          max-age=10, stale-if-error=9999; ''; true
          max-age=10; Cache-Control: no-cache; false
          max-age=10; Pragma: no-cache; false
          max-age=10; Cache-Control: max-age=60; false
          'max-age=10'; 'Cache-Control: max-age=60, max-stale'; true
          'max-age=10'; 'Cache-Control: max-age=60, max-stale=9'; false
          max-age=10; Cache-Control: max-stale=11; true
          max-age=10; Cache-Control: min-fresh=1; false
          max-age=10; Cache-Control: stale-if-error=9; false
          max-age=10; Cache-Control: stale-if-error=11; true
          """)
  void stale_isGivenWhenAllAllowIt(String control, String request, boolean given) {
    keep(get(""), 200, "Cache-Control: " + control);
    pass(20);
    assertThat(usable(request)).isEqualTo(given);
    assertThat(fresh(request)).isFalse();
  }

  /** The class's bound wins over a backend that would allow more. */
  @Test
  void stale_hasTheClassesBound() {
    keep(get(""), 200, "Cache-Control: max-age=10, stale-if-error=9999");
    pass(70);
    assertThat(usable("")).isTrue();
    pass(0.01);
    assertThat(usable("")).isFalse();
  }

  /** RFC 5861 section 3: only while somebody asks the backend. */
  @Test
  void stale_isGivenMeanwhile() {
    keep(get(""), 200, "Cache-Control: max-age=10, stale-while-revalidate=5");
    pass(15);
    assertThat(cache.meanwhile(KEY, get(""), MINUTE)).isEmpty();
    Flights.Flight flight = ((Flights.Place.Leads) cache.flights().join(KEY, () -> {})).flight();
    assertThat(cache.meanwhile(KEY, get(""), MINUTE)).isPresent();
    pass(0.01);
    assertThat(cache.meanwhile(KEY, get(""), MINUTE)).isEmpty();
    flight.land();
  }

  /** Section 4.3.2: a client that has it already. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          If-None-Match: "v1"; true
          If-None-Match: W/"v1"; true
          If-None-Match: "v0", "v1"; true
          If-None-Match: *; true
          If-None-Match: "v2"; false
          If-None-Match: "v2" | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT; false
          If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT; true
          If-Modified-Since: Sun Nov  6 08:49:37 1994; true
          If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT; false
          If-Modified-Since: yesterday; false
          ``; false
          """)
  void condition_holds(String request, boolean holds) {
    keep(get(""), 200, "ETag: W/\"v1\" | Last-Modified: " + NOW);
    KeptAnswer kept = cache.find(KEY, get("")).orElseThrow();
    assertThat(Revalidation.holds(headers(request == null ? "" : request), kept)).isEqualTo(holds);
  }

  /** Section 4.3.4: a 304 makes what is kept fresh again, with its new fields. */
  @Test
  void confirmed_isFreshAgain() {
    keep(get(""), 200, "ETag: \"v1\" | Cache-Control: max-age=10 | X-A: old | Age: 5");
    pass(20);
    KeptAnswer old = cache.find(KEY, get("")).orElseThrow();
    cache.confirm(KEY, old, headers("X-A: new | Content-Length: 0"), cache.now());
    assertThat(fresh("")).isTrue();
    assertThat(age()).isZero();
    KeptAnswer now = cache.find(KEY, get("")).orElseThrow();
    assertThat(now.body().toString()).isEqualTo("body");
    assertThat(now.headers().getAll("X-A")).containsExactly("new");
    assertThat(now.headers().contains("Content-Length")).isFalse();
  }

  /** Section 4.4. */
  @Test
  void invalidated_isGone() {
    keep(get(""), 200, "Cache-Control: max-age=10");
    cache.invalidate(KEY);
    assertThat(cache.find(KEY, get(""))).isEmpty();
  }

  @Test
  void bytes_areBounded() {
    for (int i = 0; i < 2000; i++) {
      keep("shop/" + i, get(""), 200, "Cache-Control: max-age=10", "x".repeat(1000));
    }
    assertThat(cache.bytes()).isBetween(1L << 19, 1L << 20);
  }

  /** What is still coming in is bounded too: a quarter of the whole. */
  @Test
  void bytes_comingIn_areBounded() {
    int taken = 0;
    for (int i = 0; i < 500; i++) {
      Optional<Incoming> next =
          cache.begin("shop/" + i, get(""), 200, headers(""), cache.now(), 1024);
      next.ifPresent(incoming -> incoming.add(Buffer.buffer(new byte[1024])));
      taken += next.isPresent() ? 1 : 0;
    }
    assertThat(taken).isEqualTo(256);
  }
}
