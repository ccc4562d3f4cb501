package io.trafficgovernor.answers.stale;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The directives of all {@code Cache-Control} lines of one message. Immutable. Source: RFC 9111
 * section 5.2.
 */
final class CacheControl {
  /** RFC 9111 section 1.2.2: whoever cannot hold a larger number takes this one. */
  private static final long MOST_SECONDS = 1L << 31;

  private static final CacheControl NONE = new CacheControl(Map.of());

  /** Argument by name in lower case; empty without one. */
  private final Map<String, String> directives;

  private CacheControl(Map<String, String> directives) {
    this.directives = directives;
  }

  /** Reads the values of all lines. What is no directive is left out. Pure. */
  static CacheControl of(List<String> lines) {
    if (lines.isEmpty()) {
      return NONE;
    }
    Map<String, String> found = new HashMap<>();
    for (String line : lines) {
      int from = 0;
      while (from < line.length()) {
        int to = endOfDirective(line, from);
        add(found, line.substring(from, to).trim());
        from = to + 1;
      }
    }
    return new CacheControl(found);
  }

  /** The next comma that does not stand in a quoted string. */
  private static int endOfDirective(String line, int from) {
    boolean quoted = false;
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        return i;
      }
    }
    return line.length();
  }

  private static void add(Map<String, String> found, String directive) {
    if (directive.isEmpty()) {
      return;
    }
    int equals = directive.indexOf('=');
    String name = equals < 0 ? directive : directive.substring(0, equals).trim();
    String argument = equals < 0 ? "" : unquoted(directive.substring(equals + 1).trim());
    // Said twice and differently: section 4.2.1 lets us take it for stale.
    found.merge(
        name.toLowerCase(Locale.ROOT), argument, (one, two) -> one.equals(two) ? one : "twice");
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  boolean has(String name) {
    return directives.containsKey(name);
  }

  /** Whether the directive stands there without an argument, as in {@code max-stale}. */
  boolean bare(String name) {
    return "".equals(directives.get(name));
  }

  /** Seconds; 0 if they are no number, which makes stale what was to be fresh. */
  OptionalLong seconds(String name) {
    @Nullable String argument = directives.get(name);
    if (argument == null) {
      return OptionalLong.empty();
    }
    boolean digits = !argument.isEmpty() && argument.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      return OptionalLong.of(0);
    }
    return OptionalLong.of(
        argument.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(argument)));
  }
}
