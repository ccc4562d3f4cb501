package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A status for people: what an operator needs to see first, first. */
final class StatusText {
  private StatusText() {}

  static String render(JsonObject status) {
    StringBuilder text = new StringBuilder();
    recovery(text, status);
    stores(text, status);
    warnings(text, status);
    line(text, "");
    classes(text, status);
    line(text, "");
    nodes(text, status);
    return text.toString();
  }

  private static void recovery(StringBuilder text, JsonObject status) {
    line(
        text,
        "%s  phase %s  (%s)",
        status.getString("node"),
        status.getString("phase"),
        status.getString("why"));
    line(
        text,
        "effective %s   mode %s   plan %s%s   epoch %d",
        status.getString("effective"),
        status.getString("mode"),
        status.getString("plan"),
        status.getBoolean("shadow", false) ? "   SHADOW: nothing is refused" : "",
        status.getLong("epoch"));
    line(
        text,
        "ceiling %.0f/s   window %.0f   reference %.0f/s   full %s",
        status.getDouble("ceiling_rps"),
        status.getDouble("window"),
        status.getDouble("reference_rps"),
        full(status.getJsonObject("forecast")));
  }

  /** One line of each backend, where there are several: the lines above are the first one's. */
  private static void stores(StringBuilder text, JsonObject status) {
    JsonObject stores = status.getJsonObject("stores", new JsonObject());
    JsonArray all = stores.getJsonArray("each", new JsonArray());
    if (all.size() < 2) {
      return;
    }
    for (Object each : all) {
      JsonObject of = (JsonObject) each;
      line(
          text,
          "backend %s   phase %s  (%s)   ceiling %.0f/s   window %.0f   epoch %d%s",
          of.getString("name"),
          of.getString("phase"),
          of.getString("why"),
          of.getDouble("ceiling_rps"),
          of.getDouble("window"),
          of.getLong("epoch"),
          of.getBoolean("alive", true) ? "" : "   NO ANSWER TO PROBES");
    }
    line(text, "reads go to the second: %s", stores.getBoolean("diverting") ? "yes" : "no");
  }

  private static String full(JsonObject forecast) {
    String blocked = forecast.getString("blocked_by");
    return blocked.isEmpty()
        ? PlanText.when(forecast.getDouble("full_in_s"))
        : "not in sight: " + blocked;
  }

  private static void warnings(StringBuilder text, JsonObject status) {
    String excluded = status.getString("excluded", "");
    if (!excluded.isEmpty()) {
      line(text, "THE LEDGER REFUSES THIS NODE: %s", excluded);
    }
    JsonObject noLease = status.getJsonObject("no_lease");
    if (noLease != null) {
      line(
          text,
          "NO LEASE for %.1f s, %d renewals in vain: %s",
          noLease.getDouble("for_ms") / 1e3,
          noLease.getLong("renewals"),
          noLease.getString("why"));
    }
    for (Object each : status.getJsonArray("refused_nodes", new JsonArray())) {
      JsonObject node = (JsonObject) each;
      line(text, "REFUSED: %s: %s", node.getString("name"), node.getString("why"));
    }
    for (Object each : status.getJsonArray("one_time", new JsonArray())) {
      JsonObject of = (JsonObject) each;
      String since = of.getString("remembers_since");
      if (!of.getBoolean("whole")) {
        line(
            text,
            "one-time tokens of %s: remembered since %s%s",
            of.getString("class"),
            since == null ? "nobody knows when" : since,
            since == null ? "" : "; whole at " + of.getString("whole_at"));
      }
    }
    JsonObject failed = status.getJsonObject("failed");
    if (failed != null) {
      line(
          text,
          "failed: %s %.2f, bar %.2f, class %s, node %s, at %.0f/s, %d times; bound now %.0f/s",
          failed.getString("signal"),
          failed.getDouble("value"),
          failed.getDouble("bar"),
          failed.getString("class"),
          failed.getString("node"),
          failed.getDouble("ceiling_rps"),
          failed.getInteger("times"),
          failed.getDouble("limit_rps"));
    }
    JsonObject frozen = status.getJsonObject("frozen");
    if (frozen != null) {
      line(
          text,
          "THIS NODE IS FROZEN at %.1f/s by %s: %s",
          frozen.getDouble("rps"),
          frozen.getString("actor"),
          frozen.getString("reason"));
    }
  }

  private static void classes(StringBuilder text, JsonObject status) {
    line(
        text,
        "%-14s %5s %9s %6s %9s %9s %8s %8s  %s",
        "class",
        "open",
        "offered/s",
        "tries",
        "admit/s",
        "shed/s",
        "success",
        "p99 ms",
        "blocked by");
    for (Object each : status.getJsonArray("classes")) {
      JsonObject of = (JsonObject) each;
      line(
          text,
          "%-14s %4.0f%% %9.1f %6.2f %9.1f %9.1f %8s %8.1f  %s",
          of.getString("name"),
          100 * of.getDouble("open_share"),
          of.getDouble("offered_rps", 0.0),
          of.getDouble("amplification", 1.0),
          of.getDouble("admitted_rps", 0.0),
          of.getDouble("shed_rps", 0.0),
          success(of.getDouble("success_ratio")),
          of.getDouble("p99_ms", 0.0),
          of.getString("blocked_by"));
    }
  }

  /** A class of which nothing was answered has neither failed nor done well. */
  private static String success(@Nullable Double ratio) {
    return ratio == null ? "-" : String.format(Locale.ROOT, "%.1f%%", 100 * ratio);
  }

  private static void nodes(StringBuilder text, JsonObject status) {
    line(text, "%-14s %9s %9s %9s %9s", "node", "lease/s", "slots", "in flight", "age ms");
    for (Object each : status.getJsonArray("nodes")) {
      JsonObject of = (JsonObject) each;
      line(
          text,
          "%-14s %9.1f %9d %9d %9.0f",
          of.getString("name"),
          of.getDouble("lease_rps"),
          of.getInteger("slots"),
          of.getInteger("in_flight"),
          of.getDouble("lease_age_ms"));
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).stripTrailing()).append('\n');
  }
}
