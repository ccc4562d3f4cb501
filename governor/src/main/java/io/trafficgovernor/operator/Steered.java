package io.trafficgovernor.operator;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.LedgerGrid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  public Steered {
    requireNonNull(first, "first");
    requireNonNull(grid, "grid");
    others = Map.copyOf(others);
  }

  /**
   * The backend that a command is for.
   *
   * @param named as the command says; null if it says nothing
   * @throws Reasons.Malformed if there is none of that name
   */
  String backend(@Nullable String named) {
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
