package io.trafficgovernor.config.pattern;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A pattern of path segments: {@code *} stands for one segment, {@code **} at the end for any
 * number of them, none included. It is matched in one pass, without going back.
 *
 * @param segments in order; none for {@code /}
 * @param open whether it ends in {@code **}
 */
public record PathPattern(List<String> segments, boolean open) {
  private static final String ONE = "*";
  private static final String REST = "**";

  public PathPattern {
    segments = List.copyOf(segments);
  }

  /**
   * The pattern written so; empty if it is malformed. It starts with a slash, is normal in the
   * sense of {@link NormalPath}, has stars only as whole segments, and two of them only at the end.
   * Pure.
   */
  public static Optional<PathPattern> parse(String text) {
    if (!text.startsWith("/") || !NormalPath.of(text).equals(text)) {
      return Optional.empty();
    }
    List<String> all =
        text.equals("/") ? List.of() : Arrays.asList(text.substring(1).split("/", -1));
    boolean open = !all.isEmpty() && all.get(all.size() - 1).equals(REST);
    List<String> segments = open ? all.subList(0, all.size() - 1) : all;
    boolean stars = segments.stream().anyMatch(each -> each.indexOf('*') >= 0 && !each.equals(ONE));
    return stars ? Optional.empty() : Optional.of(new PathPattern(segments, open));
  }

  /** Whether a path that is normal in the sense of {@link NormalPath} fits. Pure. */
  public boolean matches(String normalPath) {
    int from = 1;
    for (String segment : segments) {
      if (from >= normalPath.length()) {
        return false;
      }
      int slash = normalPath.indexOf('/', from);
      int to = slash < 0 ? normalPath.length() : slash;
      boolean fits =
          segment.equals(ONE)
              || (to - from == segment.length() && normalPath.startsWith(segment, from));
      if (!fits) {
        return false;
      }
      from = to + 1;
    }
    return open || from >= normalPath.length();
  }

  /** Whether each path that fits {@code other} fits this too. Pure. */
  public boolean covers(PathPattern other) {
    for (int i = 0; i < segments.size(); i++) {
      if (i >= other.segments.size()) {
        return false;
      }
      String mine = segments.get(i);
      if (!mine.equals(ONE) && !mine.equals(other.segments.get(i))) {
        return false;
      }
    }
    return open || (!other.open && other.segments.size() == segments.size());
  }

  /** As it was written. */
  public String text() {
    String path = "/" + String.join("/", segments);
    return open ? (segments.isEmpty() ? "/" + REST : path + "/" + REST) : path;
  }
}
