package io.trafficgovernor.answers.stale;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * An answer of the backend, whole, as it was received. Immutable: neither headers nor body are
 * changed once it is made; thread-safe.
 */
public final class KeptAnswer {
  /** What an entry costs beside its text and body. */
  private static final int OVERHEAD_BYTES = 512;

  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MILLIS_PER_SECOND = 1e3;

  private final int status;
  private final MultiMap headers;
  private final Buffer body;
  private final CacheControl control;
  private final Map<String, String> nominated;
  private final Moment received;
  private final double ageThen;
  private final double freshSeconds;

  /**
   * One instant on both clocks.
   *
   * @param nanos on the ticker
   * @param wallMillis since 1970
   */
  public record Moment(long nanos, long wallMillis) {
    /**
     * Seconds from the earlier to this one by the clock that went further: the ticker stands still
     * while the machine sleeps, and the wall clock may be set back.
     */
    double secondsSince(Moment earlier) {
      return Math.max(
          0,
          Math.max(
              (nanos - earlier.nanos) / NANOS_PER_SECOND,
              (wallMillis - earlier.wallMillis) / MILLIS_PER_SECOND));
    }
  }

  /**
   * An answer that may be kept.
   *
   * @param headers end to end; not changed after this
   * @param asked when its request was sent
   * @param received when its head came
   */
  KeptAnswer(Wish wish, int status, MultiMap headers, Buffer body, Moment asked, Moment received) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.control = CacheControl.of(headers.getAll(HttpHeaders.CACHE_CONTROL));
    this.nominated = nominated(headers, wish);
    this.received = received;
    this.ageThen = ageAtArrival(headers, asked, received);
    this.freshSeconds = KeepRule.freshSeconds(headers, control, received.wallMillis());
  }

  private KeptAnswer(KeptAnswer old, MultiMap headers, Moment asked, Moment received) {
    this.status = old.status;
    this.headers = headers;
    this.body = old.body;
    this.control = CacheControl.of(headers.getAll(HttpHeaders.CACHE_CONTROL));
    this.nominated = old.nominated;
    this.received = received;
    this.ageThen = ageAtArrival(headers, asked, received);
    this.freshSeconds = KeepRule.freshSeconds(headers, control, received.wallMillis());
  }

  /** RFC 9111 section 4.2.3, up to the corrected initial age. */
  private static double ageAtArrival(MultiMap headers, Moment asked, Moment received) {
    OptionalLong date = HttpDate.millis(headers.get(HttpHeaders.DATE));
    double apparent =
        date.isEmpty()
            ? 0
            : Math.max(0, received.wallMillis() - date.getAsLong()) / MILLIS_PER_SECOND;
    // the date has whole seconds: what it hides must not look like age
    double told = apparent < 1 ? 0 : apparent;
    OptionalLong age = CacheControl.of(ageDirective(headers)).seconds("age");
    return Math.max(told, age.orElse(0) + received.secondsSince(asked));
  }

  private static List<String> ageDirective(MultiMap headers) {
    String age = headers.get("Age");
    return age == null ? List.of() : List.of("age=" + age.trim());
  }

  /** The request's values of the fields that Vary names, in one form: section 4.1. */
  private static Map<String, String> nominated(MultiMap answer, Wish wish) {
    Map<String, String> all = new TreeMap<>();
    for (String line : answer.getAll(HttpHeaders.VARY)) {
      for (String name : line.split(",", -1)) {
        String field = name.trim().toLowerCase(Locale.ROOT);
        if (!field.isEmpty()) {
          all.put(field, value(wish, field));
        }
      }
    }
    return all;
  }

  private static String value(Wish wish, String field) {
    List<String> values = new ArrayList<>();
    for (String line : wish.headers().getAll(field)) {
      for (String each : line.split(",", -1)) {
        values.add(each.trim());
      }
    }
    return String.join(",", values);
  }

  /** Whether it answers that request as far as Vary is concerned. */
  boolean selectedBy(Wish wish) {
    for (Map.Entry<String, String> field : nominated.entrySet()) {
      if (!field.getValue().equals(value(wish, field.getKey()))) {
        return false;
      }
    }
    return true;
  }

  boolean sameSelection(KeptAnswer other) {
    return nominated.equals(other.nominated);
  }

  public int status() {
    return status;
  }

  /** End to end, as received; not to be changed. */
  public MultiMap headers() {
    return headers;
  }

  /** As received; not to be changed. */
  public Buffer body() {
    return body;
  }

  /** Seconds since the backend made it. */
  public double ageSeconds(Moment now) {
    return ageThen + now.secondsSince(received);
  }

  /** Seconds for which it is fresh yet; negative: it has been stale for so long. */
  public double leftSeconds(Moment now) {
    return freshSeconds - ageSeconds(now);
  }

  /** Whether it may be given without asking the backend. */
  boolean freshFor(Wish wish, Moment now) {
    double left = leftSeconds(now);
    return left > 0 && !control.has("no-cache") && wish.takesFresh(ageSeconds(now), left);
  }

  /**
   * Whether it may be given because the backend cannot be asked. The strictest bound counts: the
   * class's, the backend's ({@code stale-if-error}), the client's.
   */
  boolean usableFor(Wish wish, double maxStaleSeconds, Moment now) {
    double left = leftSeconds(now);
    if (left > 0) {
      return freshFor(wish, now);
    }
    double most = Math.min(maxStaleSeconds, wish.maxStaleSeconds());
    OptionalLong ifError = control.seconds("stale-if-error");
    if (ifError.isPresent()) {
      most = Math.min(most, ifError.getAsLong());
    }
    return !KeepRule.neverStale(control) && -left <= most && most > 0;
  }

  /** Whether it may be given while somebody else is asking the backend: RFC 5861 section 3. */
  boolean usableMeanwhile(Wish wish, double maxStaleSeconds, Moment now) {
    OptionalLong meanwhile = control.seconds("stale-while-revalidate");
    return meanwhile.isPresent()
        && -leftSeconds(now) <= meanwhile.getAsLong()
        && usableFor(wish, maxStaleSeconds, now);
  }

  /** The same answer, confirmed by a 304 with those headers: section 4.3.4. */
  KeptAnswer confirmed(MultiMap news, Moment asked, Moment at) {
    MultiMap merged = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    merged.remove("Age");
    for (String name : news.names()) {
      if (!name.equalsIgnoreCase("Content-Length") && !name.equalsIgnoreCase("Content-Encoding")) {
        merged.set(name, news.getAll(name));
      }
    }
    return new KeptAnswer(this, merged, asked, at);
  }

  int bytes() {
    long text = 0;
    for (Map.Entry<String, String> header : headers) {
      text += 2L * (header.getKey().length() + header.getValue().length()) + 64;
    }
    return (int) Math.min(Integer.MAX_VALUE, OVERHEAD_BYTES + text + body.length());
  }
}
