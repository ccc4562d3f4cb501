package io.trafficgovernor.answers.stale;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;

/** Whether a client already has what is kept. Pure. Source: RFC 9111 section 4.3.2. */
public final class Revalidation {
  private static final String WEAK = "W/";

  private Revalidation() {}

  /** Whether the conditions of the request say that the client has that answer: then 304 does. */
  public static boolean holds(MultiMap request, KeptAnswer kept) {
    if (kept.status() != 200) {
      return false;
    }
    List<String> tags = request.getAll(HttpHeaders.IF_NONE_MATCH);
    if (!tags.isEmpty()) {
      String own = kept.headers().get(HttpHeaders.ETAG);
      return tags.stream().anyMatch(line -> matches(line, own == null ? "" : own));
    }
    OptionalLong since = HttpDate.millis(request.get(HttpHeaders.IF_MODIFIED_SINCE));
    OptionalLong modified = HttpDate.millis(kept.headers().get(HttpHeaders.LAST_MODIFIED));
    return since.isPresent() && modified.isPresent() && modified.getAsLong() <= since.getAsLong();
  }

  /** Weak comparison with each tag of a list; a star stands for any. RFC 9110 section 8.8.3.2. */
  private static boolean matches(String line, String own) {
    if (line.trim().equals("*")) {
      return true;
    }
    String opaque = opaque(own);
    int from = 0;
    while (from < line.length()) {
      int open = line.indexOf('"', from);
      int close = open < 0 ? -1 : line.indexOf('"', open + 1);
      if (close < 0) {
        return false;
      }
      if (line.substring(open, close + 1).equals(opaque)) {
        return true;
      }
      from = close + 1;
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }
}
