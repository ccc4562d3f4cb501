package io.trafficgovernor.operator;

import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request that changes something: JSON, with a reason. Pure. */
final class Reasons {
  /** It stands in log lines and on terminals: no line ends, no escape sequences. */
  private static final Pattern PRINTABLE =
      Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}]{1,500}");

  private Reasons() {}

  /** What cannot be done, said to its sender. */
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problem problem;

    Malformed(Problem problem) {
      super(problem.detail());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  /**
   * The body, which has a reason and nothing but what is allowed.
   *
   * @param allowed members besides the reason
   * @throws Malformed if it has not
   */
  static JsonObject read(@Nullable String body, String... allowed) {
    JsonObject json = json(body);
    Object reason = json.getValue("reason");
    boolean printable =
        reason instanceof String text && PRINTABLE.matcher(text).matches() && !text.isBlank();
    if (!printable) {
      throw new Malformed(
          new Problem(
              400,
              "no reason",
              "reason: got "
                  + (reason instanceof String ? "a text that is none" : reason)
                  + ", allowed 1 to 500 printable characters in one line"));
    }
    List<String> others = Arrays.asList(allowed);
    for (String key : json.fieldNames()) {
      if (!key.equals("reason") && !others.contains(key)) {
        String all = others.isEmpty() ? "reason" : "reason and " + String.join(", ", others);
        throw new Malformed(
            new Problem(400, "unknown member", "body: got " + key + ", allowed " + all));
      }
    }
    return json;
  }

  private static JsonObject json(@Nullable String body) {
    if (body == null || body.isBlank()) {
      throw new Malformed(
          new Problem(400, "no reason", "body: got nothing, allowed {\"reason\": \"...\"}"));
    }
    try {
      return new JsonObject(body);
    } catch (RuntimeException e) {
      throw new Malformed(
          new Problem(400, "not JSON", "body: got no JSON object, allowed {\"reason\": \"...\"}"));
    }
  }
}
