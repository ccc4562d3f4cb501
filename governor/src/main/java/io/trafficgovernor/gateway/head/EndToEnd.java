package io.trafficgovernor.gateway.head;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Copies the headers that are meant for the other end, and none of those that are meant for one hop
 * only: the known ones and those that {@code Connection} names. A claim of a class is for one hop
 * too, also where it is read with _ for -. Source: RFC 9110 section 7.6.1.
 */
public final class EndToEnd {
  private static final Set<String> NEVER_ONE_HOP = Set.of("host", "content-length");

  private EndToEnd() {}

  /** Copies what is end to end. Pure but for {@code to}. */
  public static void copy(MultiMap from, MultiMap to) {
    copy(from, to, name -> false);
  }

  /** Copies what is end to end, but for headers of those names. Pure but for {@code to}. */
  public static void copy(MultiMap from, MultiMap to, Predicate<String> but) {
    Set<String> named = named(from);
    from.forEach(
        (name, value) -> {
          boolean hop =
              hop(name) || (!named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)));
          if (!hop && !but.test(name)) {
            to.add(name, value);
          }
        });
  }

  /** A copy of what is end to end. Pure. */
  public static MultiMap of(MultiMap from) {
    MultiMap to = MultiMap.caseInsensitiveMultiMap();
    copy(from, to);
    return to;
  }

  /**
   * Completes what was copied from a request for a connection in that version: HTTP/2 has no Host,
   * may have several Cookie headers, and says that it takes trailers. Source: RFC 9113 sections
   * 8.2.2, 8.2.3 and 8.3.1.
   */
  public static void fit(MultiMap from, MultiMap to, HttpVersion version) {
    if (to.contains(HttpHeaders.COOKIE)) {
      List<String> cookies = to.getAll(HttpHeaders.COOKIE);
      if (cookies.size() > 1) {
        to.set(HttpHeaders.COOKIE, String.join("; ", cookies));
      }
    }
    if (version == HttpVersion.HTTP_2) {
      to.remove(HttpHeaders.HOST);
      String te = from.get("TE");
      if (te != null && te.toLowerCase(Locale.ROOT).contains("trailers")) {
        to.set("te", "trailers");
      }
    }
  }

  /** What {@code Connection} names, in lower case; usually nothing but keep-alive or close. */
  private static Set<String> named(MultiMap from) {
    if (!from.contains(HttpHeaders.CONNECTION)) {
      return Set.of();
    }
    List<String> connection = from.getAll(HttpHeaders.CONNECTION);
    if (connection.size() == 1 && usual(connection.get(0))) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (String line : connection) {
      for (String name : line.split(",", -1)) {
        names.add(name.trim().toLowerCase(Locale.ROOT));
      }
    }
    // Whoever names these wants the message understood in two ways.
    names.removeAll(NEVER_ONE_HOP);
    return names;
  }

  private static boolean usual(String connection) {
    return connection.equalsIgnoreCase("keep-alive") || connection.equalsIgnoreCase("close");
  }

  private static boolean hop(String name) {
    return switch (name.length()) {
      case 2 -> name.equalsIgnoreCase("TE");
      case 7 -> name.equalsIgnoreCase("Upgrade");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("HTTP2-Settings");
      case 16 -> name.equalsIgnoreCase("Proxy-Connection");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      case 18 -> name.equalsIgnoreCase("Proxy-Authenticate");
      case 19 -> name.equalsIgnoreCase("Proxy-Authorization");
      case 24 -> name.replace('_', '-').equalsIgnoreCase(ClassClaims.HEADER);
      default -> false;
    };
  }
}
