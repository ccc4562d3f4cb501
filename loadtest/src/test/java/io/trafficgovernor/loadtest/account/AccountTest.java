package io.trafficgovernor.loadtest.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.judge.Check;
import io.trafficgovernor.loadtest.record.ArrivalColumns;
import io.trafficgovernor.loadtest.testing.CapturedConsole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Books that were kept by hand: honest ones pass, cooked ones do not. */
final class AccountTest {
  private static final long MILLI = 1_000_000L;
  private static final int SECONDS = 30;

  /** A node with a steady rate, ten looks a second. */
  private static List<String> looks(double rate, double ceiling) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i <= 10 * SECONDS; i++) {
      double granted = rate * i / 10;
      lines.add(
          "%d %.3f %d %.3f %.3f 1"
              .formatted(100L * i * MILLI, granted, (long) granted, rate, ceiling));
    }
    return lines;
  }

  private static ArrivalColumns arrivals(double perSecond) {
    ArrivalColumns arrivals = new ArrivalColumns();
    for (int i = 0; i < perSecond * SECONDS; i++) {
      long at = (long) (i * 1e9 / perSecond);
      arrivals.add(at + 2 * MILLI, at, "read");
    }
    return arrivals;
  }

  private static List<Check> checks(ArrivalColumns arrivals, List<List<String>> books) {
    List<NodeLog> nodes = new ArrayList<>();
    for (List<String> book : books) {
      nodes.add(NodeLog.of("gw-" + nodes.size(), book));
    }
    return new Account(nodes, arrivals, 1).checks();
  }

  private static Check.Outcome outcome(List<Check> checks, String id) {
    return checks.stream()
        .filter(check -> check.id().equals(id))
        .map(Check::outcome)
        .findFirst()
        .orElseThrow();
  }

  private static final List<List<String>> HONEST =
      List.of(looks(50, 150), looks(60, 150), looks(40, 150));

  @Test
  void honestBooks_pass() {
    assertThat(checks(arrivals(150), HONEST)).hasSize(4).allMatch(Check::pass);
  }

  /** I1: two holders of one part. Its books agree with the store, but not with the ceiling. */
  @Test
  void grantsBeyondTheCeiling_areFoundInTheBooksAlone() {
    List<Check> checks =
        checks(arrivals(200), List.of(looks(50, 150), looks(100, 150), looks(50, 150)));
    assertThat(outcome(checks, "granted-1000ms")).isEqualTo(Check.Outcome.FAIL);
    assertThat(outcome(checks, "arrived-1000ms")).isEqualTo(Check.Outcome.PASS);
  }

  /** I2: a node that sends more than it writes down. */
  @Test
  void arrivalsThatNobodyWasGranted_areFound() {
    List<Check> checks = checks(arrivals(300), HONEST);
    assertThat(outcome(checks, "granted-1000ms")).isEqualTo(Check.Outcome.PASS);
    assertThat(outcome(checks, "arrived-1000ms")).isEqualTo(Check.Outcome.FAIL);
  }

  @Test
  void aNodeWhoseLogIsMissing_isFound() {
    assertThat(outcome(checks(arrivals(150), HONEST.subList(0, 2)), "arrived-1000ms"))
        .isEqualTo(Check.Outcome.FAIL);
  }

  /** In OPEN the rate does not bind: what is sent then proves nothing either way. */
  @Test
  void timeInWhichTheRateDoesNotBind_isNotJudged() {
    List<String> open =
        looks(50, 150).stream().map(line -> line.substring(0, line.length() - 1) + "0").toList();
    assertThat(checks(arrivals(150), List.of(open, looks(60, 150))))
        .allMatch(check -> check.outcome() == Check.Outcome.INCONCLUSIVE);
  }

  @Test
  void noArrivals_proveNothing() {
    assertThat(outcome(checks(new ArrivalColumns(), HONEST), "arrived-100ms"))
        .isEqualTo(Check.Outcome.INCONCLUSIVE);
  }

  /** After a restart a node counts from 0; its account goes on. */
  @Test
  void aRestart_goesOnWithTheAccount() {
    NodeLog log =
        NodeLog.of(
            "gw-1",
            List.of("0 0 0 10 20 1", "1000 10 9 10 20 1", "5000 0 0 0 0 1", "6000 5 4 5 20 1"));
    assertThat(log.granted(500)).isCloseTo(5, within(1e-9));
    assertThat(log.granted(3000)).as("between its lives").isCloseTo(10, within(1e-9));
    assertThat(log.granted(6000)).isCloseTo(15, within(1e-9));
    assertThat(log.granted(9000)).isCloseTo(15, within(1e-9));
    assertThat(log.highestCeiling(0, 10)).isEqualTo(20);
    assertThat(log.highestRate()).isEqualTo(10);
  }

  @Test
  void aLineThatIsNone_isNamed() {
    assertThatThrownBy(() -> NodeLog.of("gw-1", List.of("0 0 0 1 1 1", "torn")))
        .hasMessageContaining("gw-1, line 2: got 'torn', allowed 'nanos granted");
  }

  @TempDir private Path folder;
  private final CapturedConsole console = new CapturedConsole();

  private int run() {
    return new CommandLine(new WitnessCommand(console.console())).execute(folder.toString());
  }

  @Test
  void command_joinsTheLogsOfADirectory() throws IOException {
    assertThat(run()).isEqualTo(2);
    assertThat(console.err()).contains("got no witness.log");
    for (int node = 0; node < HONEST.size(); node++) {
      Path data = Files.createDirectories(folder.resolve("data").resolve("gw-" + node));
      Files.write(data.resolve("witness.log"), HONEST.get(node));
    }
    Files.write(folder.resolve("arrivals.log"), arrivals(150).lines());
    assertThat(run()).isZero();
    assertThat(console.out())
        .contains("3 nodes: [gw-0, gw-1, gw-2]; 4500 arrivals")
        .contains("verdict: PASS");
    Files.write(folder.resolve("arrivals.log"), arrivals(300).lines());
    assertThat(run()).isEqualTo(1);
    assertThat(console.out()).contains("verdict: FAIL");
  }
}
