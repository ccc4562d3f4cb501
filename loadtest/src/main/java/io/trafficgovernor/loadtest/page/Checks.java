package io.trafficgovernor.loadtest.page;

import io.trafficgovernor.loadtest.judge.Check;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Checks, told in every form that a report needs. */
public final class Checks {
  private Checks() {}

  /** A heading and a table of them all. */
  public static String html(List<Check> checks) {
    StringBuilder html =
        new StringBuilder("<h2>Checks</h2><table><tr><th>check<th class='n'>value<th class='n'>bar")
            .append("<th>outcome<th>what</tr>\n");
    for (Check check : checks) {
      html.append(
          "<tr><td>%s<td class='n'>%s<td class='n'>%.2f<td class='%s'>%s<td>%s</tr>%n"
              .formatted(
                  Sheet.escape(check.id()),
                  check.value() == null ? "-" : "%.2f".formatted(check.value()),
                  check.bar(),
                  check.outcome(),
                  check.outcome(),
                  Sheet.escape(check.note())));
    }
    return html.append("</table>\n").toString();
  }

  /** One object for each; a value that never came to be, or is infinite, is null. */
  public static JsonArray json(List<Check> checks) {
    JsonArray array = new JsonArray();
    for (Check check : checks) {
      array.add(
          new JsonObject()
              .put("id", check.id())
              .put("value", finite(check.value()))
              .put("bar", finite(check.bar()))
              .put("pass", check.pass())
              .put("outcome", check.outcome().name().toLowerCase(Locale.ROOT))
              .put("note", check.note()));
    }
    return array;
  }

  /** One line for people. */
  public static String line(Check check) {
    return "%s %s: got %s, allowed %.2f (%s)"
        .formatted(check.outcome(), check.id(), check.value(), check.bar(), check.note());
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || value.isNaN() || value.isInfinite() ? null : value;
  }
}
