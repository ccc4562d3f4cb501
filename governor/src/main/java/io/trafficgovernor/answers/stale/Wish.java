package io.trafficgovernor.answers.stale;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request lets a cache do for it. Immutable. Source: RFC 9111 section 5.2.1, RFC 5861
 * section 4.
 *
 * @param method as in the request line
 * @param headers of the request; not changed, and not kept
 * @param control its {@code Cache-Control}
 * @param sessionFields headers that the configuration takes for a client's name
 */
public record Wish(
    String method, MultiMap headers, CacheControl control, Set<String> sessionFields) {
  /** Parts of the names under which credentials travel; too many of them cost a miss only. */
  private static final List<String> CREDENTIALS =
      List.of(
          "auth",
          "token",
          "key",
          "secret",
          "session",
          "credential",
          "password",
          "signature",
          "jwt",
          "cert",
          "user",
          "client",
          "account",
          "tenant",
          "customer",
          "device",
          "identity");

  /**
   * Reads a request's head; {@code Pragma} counts where {@code Cache-Control} is silent.
   *
   * @param sessionFields names of headers by which clients are told apart
   */
  public static Wish of(String method, MultiMap headers, Set<String> sessionFields) {
    CacheControl control = CacheControl.of(headers.getAll(HttpHeaders.CACHE_CONTROL));
    String pragma = headers.get("Pragma");
    boolean old = pragma != null && !headers.contains(HttpHeaders.CACHE_CONTROL);
    return new Wish(
        method, headers, old ? CacheControl.of(List.of(pragma)) : control, sessionFields);
  }

  /** Whether an answer to a GET may answer it: it changes nothing. */
  public boolean reads() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** Whether its answer, where it may be kept, answers others too: a whole, unconditional GET. */
  public boolean fillsCache() {
    return method.equals("GET") && !partial() && !conditional() && !control.has("no-store");
  }

  /** A part of the whole is asked for, or what only the backend knows; or it has a body. */
  public boolean partial() {
    return headers.contains("Range")
        || headers.contains("If-Match")
        || headers.contains("If-Unmodified-Since")
        || headers.contains(HttpHeaders.TRANSFER_ENCODING)
        || hasLength();
  }

  private boolean hasLength() {
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private boolean conditional() {
    return headers.contains(HttpHeaders.IF_NONE_MATCH)
        || headers.contains(HttpHeaders.IF_MODIFIED_SINCE);
  }

  /** Whether it may wait for another's answer: nothing in it says that it is for one client. */
  public boolean shareable() {
    return reads() && !partial() && !personal() && !credentials() && !asksBackend();
  }

  /** It carries what tells one client from another. */
  boolean personal() {
    return headers.contains(HttpHeaders.AUTHORIZATION)
        || headers.contains(HttpHeaders.COOKIE)
        || sessionFields.stream().anyMatch(headers::contains);
  }

  /** It carries a header whose name looks as if it said who asks: {@code X-Api-Key}. */
  boolean credentials() {
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!name.equals("user-agent") && CREDENTIALS.stream().anyMatch(name::contains)) {
        return true;
      }
    }
    return false;
  }

  /** It wants nothing that the backend has not been asked about. */
  boolean asksBackend() {
    return control.has("no-cache") || control.has("no-store");
  }

  /** Only what is kept: the backend is not to be asked. */
  public boolean onlyKept() {
    return control.has("only-if-cached");
  }

  /** Whether it takes an answer of that age which is fresh for so long yet, in seconds. */
  boolean takesFresh(double ageSeconds, double leftSeconds) {
    OptionalLong maxAge = control.seconds("max-age");
    OptionalLong minFresh = control.seconds("min-fresh");
    return !asksBackend()
        && (maxAge.isEmpty() || ageSeconds <= maxAge.getAsLong())
        && (minFresh.isEmpty() || leftSeconds >= minFresh.getAsLong());
  }

  /** Most seconds beyond its freshness that it lets an answer be; infinite if it does not say. */
  double maxStaleSeconds() {
    if (asksBackend() || control.has("min-fresh")) {
      return 0;
    }
    double most = Double.POSITIVE_INFINITY;
    OptionalLong maxStale = control.seconds("max-stale");
    if (maxStale.isPresent() && !control.bare("max-stale")) {
      most = maxStale.getAsLong();
    } else if (maxStale.isEmpty() && control.has("max-age")) {
      // Section 5.2.1.1: a bound on age without max-stale is a no to all that is stale.
      most = 0;
    }
    OptionalLong ifError = control.seconds("stale-if-error");
    return ifError.isPresent() ? Math.min(most, ifError.getAsLong()) : most;
  }
}
