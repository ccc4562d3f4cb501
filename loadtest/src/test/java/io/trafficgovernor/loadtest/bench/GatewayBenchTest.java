package io.trafficgovernor.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.loadtest.testing.CapturedConsole;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the bench reads, and what it makes of it. */
final class GatewayBenchTest {
  private static final String REPORT =
      """
      Running 8s test @ http://127.0.0.1:1/x
        1 threads and 64 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency     1.93ms  400.00us  20.02ms   91.00%
          Req/Sec    33.10k     1.20k   35.00k    80.00%
        Latency Distribution
           50%  870.00us
           75%    2.00ms
           90%    3.00ms
           99%    1.20s
        264000 requests in 8.00s, 60.00MB read
        %s
      Requests/sec:  33000.12
      Transfer/sec:      7.50MB
      """;

  @Test
  void report_isRead() {
    Load wrk = Wrk.parse(REPORT.replace("%s", ""));
    assertThat(wrk).isEqualTo(new Load(264_000, 33_000.12, 0.87, 1200, 0, 0));
  }

  @Test
  void report_withFailures() {
    String failures =
        "Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 77";
    Load wrk = Wrk.parse(REPORT.replace("%s", failures));
    assertThat(wrk.refused()).isEqualTo(77);
    assertThat(wrk.broken()).isEqualTo(10);
  }

  @Test
  void report_ofSomethingElse() {
    assertThatThrownBy(() -> Wrk.parse("unable to connect"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unable to connect");
  }

  /** The address comes last: what follows it wrk takes for a script's arguments. */
  @Test
  void connection_ofItsOwnForEachRequest() {
    assertThat(Wrk.closing("https://127.0.0.1:1/x", 64, 8))
        .containsAll(Wrk.command("https://127.0.0.1:1/x", 64, 8))
        .endsWith("-H", "Connection: close", "https://127.0.0.1:1/x");
  }

  @Test
  void paced_isReadFromReportAndLog() {
    String report =
        """
        finished in 2.00s, 400.00 req/s, 65.63KB/s
        requests: 804 total, 804 started, 800 done, 790 succeeded, 10 failed, 3 errored, 1 timeout
        status codes: 790 2xx, 0 3xx, 2 4xx, 5 5xx
        """;
    List<String> log = new ArrayList<>();
    for (int i = 100; i > 0; i--) {
      log.add("1795722677771122\t200\t" + i * 1000);
    }
    assertThat(H2Load.parse(report, log)).isEqualTo(new Load(800, 400, 50, 99, 7, 4));
    assertThatThrownBy(() -> H2Load.parse("unable to connect", log))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unable to connect");
  }

  /** The name of a process may hold spaces and parentheses. */
  @Test
  void cost_isReadBehindTheName() {
    String stat = "42 (a b) c) S 1 1 1 0 -1 4194304 9 0 0 0 700 50 0 0 20 0 30 0 5 1 2";
    assertThat(ProcessCost.parse(stat, "Name: x\nVmRSS:\t  2048 kB\n"))
        .isEqualTo(new ProcessCost(7_500, 0, 2048));
    assertThat(ProcessCost.of(ProcessHandle.current().pid()).residentKib()).isPositive();
  }

  @Test
  void table_holdsRatiosOfTheSameRun() {
    GatewayTable table = new GatewayTable();
    Load load = new Load(1, 1, 1, 1, 0, 0);
    table.add("bare Vert.x", "small", new GatewayTable.Figure(load, 20, 1024));
    table.add("governor", "small", new GatewayTable.Figure(load, 15, 2048));
    table.add("governor", "ramping", new GatewayTable.Figure(load, 9, 2048));
    assertThat(table.ratio("governor", "bare Vert.x", "small")).contains(0.75);
    assertThat(table.ratio("governor", "bare Vert.x", "ramping")).isEmpty();
    assertThat(table.ratio("governor", "HAProxy", "small")).isEmpty();
    assertThat(table.lines()).hasSize(4).last().asString().contains("ramping", "-");
    assertThat(table.json().getJsonArray("runs")).hasSize(3);
  }

  /** A proxy that answered nothing was not cheap, and not dear either. */
  @Test
  void table_hasNoRatioOfNothing() {
    GatewayTable table = new GatewayTable();
    Load nothing = new Load(0, 0, 0, 0, 0, 64);
    table.add("bare Vert.x", "TLS small", new GatewayTable.Figure(nothing, 5e5, 1024));
    table.add(
        "governor", "TLS small", new GatewayTable.Figure(new Load(1, 1, 1, 1, 0, 0), 15, 1024));
    assertThat(table.ratio("governor", "bare Vert.x", "TLS small")).isEmpty();
    assertThat(table.ratio("bare Vert.x", "governor", "TLS small")).isEmpty();
  }

  @Test
  void shortRuns_haveNoTls() {
    CapturedConsole console = new CapturedConsole();
    assertThat(
            BenchCommand.commandLine(console.console(), GatewayBenchTest.class)
                .execute("gateway", "--short", "--tls"))
        .isEqualTo(2);
    assertThat(console.err()).contains("got --short and --tls, allowed: one of them");
  }

  @Test
  void compilers_areToldByTheNamesOfTheirThreads() {
    String stat = "%s S 1 1 1 0 -1 4194368 1 0 0 0 30 12 0 0 20 0 1 0 9 0 0";
    assertThat(ProcessCost.compilerMillis(stat.formatted("7 (C2 CompilerThre)"))).isEqualTo(420);
    assertThat(ProcessCost.compilerMillis(stat.formatted("8 (vert.x-eventloo)"))).isZero();
  }

  @Test
  void compiling_isAPartOfTheTimeSinceThen() {
    ProcessCost before = new ProcessCost(1000, 900, 1);
    assertThat(new ProcessCost(2000, 950, 1).compiling(before)).isEqualTo(0.05);
    assertThat(before.compiling(before)).isZero();
  }

  @Test
  void start_isTheMiddleOne_besideTheFirst() {
    StartBench.Start middle =
        StartBench.median(
            List.of(
                new StartBench.Start("a", 900, 1),
                new StartBench.Start("a", 100, 2),
                new StartBench.Start("a", 400, 2048)));
    assertThat(middle.millis()).isEqualTo(400);
    assertThat(StartBench.lines(List.of(middle, new StartBench.Start("b", 600, 1024))))
        .last()
        .asString()
        .contains("600 ms (1.50 x), RSS 1 MB");
  }
}
