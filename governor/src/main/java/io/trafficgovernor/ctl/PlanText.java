package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A dry run for people. */
final class PlanText {
  /** Lines of the ceiling's course at most. */
  private static final int LINES = 13;

  private PlanText() {}

  static String render(JsonObject plan) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "plan %s, %s, %d nodes, as the %s has it",
        plan.getString("plan"),
        plan.getString("begins").equals("now") ? "from where it stands" : "begun anew",
        plan.getInteger("nodes"),
        plan.getString("basis"));
    line(
        text,
        "from %.1f/s, growing by %.1f %% a second at first: full %s,"
            + " at most %.0f requests beyond the ceiling",
        plan.getDouble("from_rps"),
        100 * plan.getDouble("growth_per_s"),
        when(plan.getDouble("full_in_s")),
        plan.getDouble("worst_excess_tokens"));
    line(text, "");
    line(text, "%-14s %9s  %s", "class", "demand/s", "open");
    for (Object each : plan.getJsonArray("classes")) {
      JsonObject of = (JsonObject) each;
      String name = of.getString("name");
      line(
          text,
          "%-14s %9.1f  %s",
          name,
          plan.getJsonObject("demand_rps").getDouble(name),
          when(of.getDouble("opens_in_s")));
    }
    line(text, "");
    line(text, "%9s %9s", "after s", "ceiling/s");
    JsonArray points = plan.getJsonArray("ceiling");
    int step = Math.max(1, (points.size() + LINES - 2) / (LINES - 1));
    for (int i = 0; i < points.size() - 1; i += step) {
      point(text, points.getJsonObject(i));
    }
    point(text, points.getJsonObject(points.size() - 1));
    return text.toString();
  }

  /** In seconds, or minutes; null stands for what is not in sight. */
  static String when(@Nullable Double seconds) {
    if (seconds == null) {
      return "not within the hour";
    }
    if (seconds < 0.5) {
      return "at once";
    }
    return seconds < 120
        ? String.format(Locale.ROOT, "in %.0f s", seconds)
        : String.format(Locale.ROOT, "in %.0f min", seconds / 60);
  }

  private static void point(StringBuilder text, JsonObject point) {
    line(text, "%9.0f %9.1f", point.getDouble("at_s"), point.getDouble("rps"));
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
