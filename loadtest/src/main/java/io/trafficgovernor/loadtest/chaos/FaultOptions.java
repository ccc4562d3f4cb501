package io.trafficgovernor.loadtest.chaos;

import io.trafficgovernor.loadtest.fault.FaultCase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What {@code loadtest chaos --all} is told besides. */
public final class FaultOptions {
  private static final Set<Integer> NODES = Set.of(3, 5);

  @Option(
      names = "--all",
      description = "each fault for itself under a pinned ceiling, and a table of what it did")
  private boolean all;

  @Option(
      names = "--faults",
      split = ",",
      description = "with --all: these only: ${COMPLETION-CANDIDATES}")
  private Set<FaultCase> faults = EnumSet.noneOf(FaultCase.class);

  @Option(names = "--nodes", defaultValue = "3", description = "with --all: 3 or 5 governors")
  private int nodes;

  @Option(names = OwnNamespace.WORD, hidden = true)
  private boolean inNamespace;

  /** Whether the table was asked for. */
  public boolean all() {
    return all;
  }

  /** Whether this process is in a network namespace of its own already. */
  public boolean inNamespace() {
    return inNamespace;
  }

  public int nodes() {
    return nodes;
  }

  /** What is wrong with them; nothing if nothing is. */
  public List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    if (!NODES.contains(nodes)) {
      wrong.add("--nodes: got " + nodes + ", allowed 3 or 5");
    }
    if (!all && (!faults.isEmpty() || nodes != 3)) {
      wrong.add("--faults and --nodes: allowed with --all only");
    }
    return wrong;
  }

  /** In the order in which they are played. */
  public List<FaultCase> cases() {
    return faults.isEmpty() ? List.of(FaultCase.values()) : List.copyOf(EnumSet.copyOf(faults));
  }

  /** The words that ask for the same. */
  public List<String> words() {
    List<String> words = new ArrayList<>(List.of("--all", "--nodes=" + nodes));
    faults.forEach(each -> words.add("--faults=" + each));
    return words;
  }
}
