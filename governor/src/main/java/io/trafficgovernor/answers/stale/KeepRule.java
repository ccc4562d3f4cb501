package io.trafficgovernor.answers.stale;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which answers may be kept, and for how long they are fresh. Pure. Source: RFC 9111 sections 3,
 * 3.5 and 4.2; RFC 9110 section 15.1. Stricter than the RFC where a mistake would show one client
 * what is another's: answers to requests with cookies or a configured session header are kept only
 * if they say that they are for everybody, those to requests with any other credential only if they
 * say at least for how long, answers that set cookies never.
 */
final class KeepRule {
  /** Final answers that may be kept without saying so, but for 206: parts are not kept. */
  private static final Set<Integer> USUAL =
      Set.of(200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501);

  private static final double HEURISTIC_SHARE = 0.1;
  private static final double MOST_HEURISTIC_SECONDS = 24 * 3600;
  private static final double MILLIS_PER_SECOND = 1e3;

  private KeepRule() {}

  /** Whether the answer to that request may be kept. */
  static boolean mayKeep(Wish wish, int status, MultiMap answer) {
    CacheControl control = CacheControl.of(answer.getAll(HttpHeaders.CACHE_CONTROL));
    boolean forbidden =
        !wish.fillsCache()
            || control.has("no-store")
            || control.has("private")
            || answer.contains(HttpHeaders.SET_COOKIE)
            || variesByAll(answer);
    if (forbidden || !USUAL.contains(status)) {
      return false;
    }
    boolean forAll =
        control.has("public") || control.has("s-maxage") || control.has("must-revalidate");
    boolean dated = control.has("max-age") || answer.contains(HttpHeaders.EXPIRES);
    return forAll || (!wish.personal() && (dated || !wish.credentials()));
  }

  private static boolean variesByAll(MultiMap answer) {
    return answer.getAll(HttpHeaders.VARY).stream().anyMatch(line -> line.contains("*"));
  }

  /** Seconds for which it is fresh, counted from its making; 0 if nothing says. */
  static double freshSeconds(MultiMap answer, CacheControl control, long receivedWallMillis) {
    OptionalLong shared = control.seconds("s-maxage");
    if (shared.isPresent()) {
      return shared.getAsLong();
    }
    OptionalLong maxAge = control.seconds("max-age");
    if (maxAge.isPresent()) {
      return maxAge.getAsLong();
    }
    long date = HttpDate.millis(answer.get(HttpHeaders.DATE)).orElse(receivedWallMillis);
    if (answer.contains(HttpHeaders.EXPIRES)) {
      // What is no date, 0 above all, lies in the past: section 5.3.
      long expires = HttpDate.millis(answer.get(HttpHeaders.EXPIRES)).orElse(date);
      return Math.max(0, expires - date) / MILLIS_PER_SECOND;
    }
    OptionalLong modified = HttpDate.millis(answer.get(HttpHeaders.LAST_MODIFIED));
    if (modified.isEmpty()) {
      return 0;
    }
    double old = Math.max(0, date - modified.getAsLong()) / MILLIS_PER_SECOND;
    return Math.min(MOST_HEURISTIC_SECONDS, HEURISTIC_SHARE * old);
  }

  /** Whether it must not be given once it is stale, whatever the configuration says: 4.2.4. */
  static boolean neverStale(CacheControl control) {
    return control.has("no-cache")
        || control.has("must-revalidate")
        || control.has("proxy-revalidate")
        || control.has("s-maxage");
  }
}
