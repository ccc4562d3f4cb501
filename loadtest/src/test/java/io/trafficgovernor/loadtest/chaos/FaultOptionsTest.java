package io.trafficgovernor.loadtest.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.loadtest.fault.FaultCase;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class FaultOptionsTest {
  @CommandLine.Command
  static final class Host {
    @CommandLine.Mixin FaultOptions options = new FaultOptions();
  }

  private static FaultOptions parsed(String... words) {
    Host host = new Host();
    new CommandLine(host).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(words);
    return host.options;
  }

  @Test
  void all_isEveryFaultInItsOrder() {
    FaultOptions options = parsed("--all", "--nodes", "5");
    assertThat(options.all()).isTrue();
    assertThat(options.cases()).containsExactly(FaultCase.values());
    assertThat(options.wrong()).isEmpty();
    assertThat(options.inNamespace()).isFalse();
  }

  /** The same words, said again in a namespace, ask for the same. */
  @Test
  void words_areUnderstoodAgain() {
    FaultOptions options = parsed("--all", "--nodes=5", "--faults=stop_long,KILL_OWNER");
    FaultOptions again = parsed(options.words().toArray(String[]::new));
    assertThat(again.cases())
        .containsExactly(FaultCase.KILL_OWNER, FaultCase.STOP_LONG)
        .isEqualTo(options.cases());
    assertThat(again.nodes()).isEqualTo(5);
  }

  @Test
  void wrong_namesIt() {
    assertThat(parsed("--all", "--nodes=4").wrong())
        .containsExactly("--nodes: got 4, allowed 3 or 5");
    assertThat(parsed("--faults=CLOCK").wrong())
        .containsExactly("--faults and --nodes: allowed with --all only");
  }

  /** Two of three are the majority: without them nobody leases, which another fault shows. */
  @Test
  void killTwo_needsFive() {
    assertThat(FaultCase.KILL_TWO.suits(3)).isFalse();
    assertThat(FaultCase.KILL_TWO.suits(5)).isTrue();
    assertThat(FaultCase.KILL_OWNER.suits(3)).isTrue();
  }
}
