package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.LedgerGrid;
import io.trafficgovernor.operator.door.Problem;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The backends that commands steer, each of which has a ledger of its own.
 *
 * @param first name of the protected one, which a command is for that names none
 * @param grid of its ledger
 * @param others ledgers of the backends beside it, by name
 * @param shadow whether nothing is enforced, whatever is commanded
 */
public record Steered(
    String first, LedgerGrid grid, Map<String, LedgerGrid> others, boolean shadow) {
  private static final String PARAMETER = "backend";

  public Steered {
    requireNonNull(first, "first");
    requireNonNull(grid, "grid");
    others = Map.copyOf(others);
  }

  /**
   * The backend that a command is for.
   *
   * @param query of the request: {@code backend}, or nothing for the first
   * @throws Reasons.Malformed if there is none of that name, or another parameter: one that is not
   *     understood may be what the command is meant for, and is never passed over
   */
  String backend(MultiMap query) {
    for (String name : query.names()) {
      if (!name.equals(PARAMETER)) {
        throw new Reasons.Malformed(strange(name, PARAMETER));
      }
    }
    int times = query.getAll(PARAMETER).size();
    if (times > 1) {
      String detail = PARAMETER + ": got " + times + " of them, allowed one";
      throw new Reasons.Malformed(new Problem(400, "repeated query parameter", detail));
    }
    return named(query.get(PARAMETER));
  }

  /** Of what is of the first backend always: goes on if there are no parameters, else says 400. */
  static Handler<RoutingContext> notNamed(Handler<RoutingContext> then) {
    return context -> {
      Optional<String> strange = context.queryParams().names().stream().findFirst();
      if (strange.isPresent()) {
        strange(strange.get(), "none").answer(context.response());
      } else {
        then.handle(context);
      }
    };
  }

  private static Problem strange(String name, String allowed) {
    String detail = "query parameter: got " + name + ", allowed " + allowed;
    return new Problem(400, "no such query parameter", detail);
  }

  private String named(@Nullable String named) {
    if (named == null || named.equals(first)) {
      return first;
    }
    if (!others.containsKey(named)) {
      List<String> allowed = new ArrayList<>(List.of(first));
      others.keySet().stream().sorted().forEach(allowed::add);
      throw new Reasons.Malformed(
          new Problem(
              404,
              "no such backend",
              "backend: got " + named + ", allowed " + String.join(", ", allowed)));
    }
    return named;
  }

  /** The ledger of a backend that there is. */
  LedgerGrid ledger(String backend) {
    return others.getOrDefault(backend, grid);
  }
}
