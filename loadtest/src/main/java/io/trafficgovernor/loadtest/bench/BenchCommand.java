package io.trafficgovernor.loadtest.bench;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.bench.contestant.PeerCommand;
import io.trafficgovernor.loadtest.shell.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code loadtest bench}: what things cost. */
@Command(name = "bench", description = "What a request costs, beside others in the same run.")
public final class BenchCommand implements Callable<Integer> {
  private final Console console;

  private BenchCommand(Console console) {
    this.console = requireNonNull(console, "console");
  }

  /**
   * The command with its subcommands, writing to that console.
   *
   * @param main main class of this program, which also runs origin and bare forwarder
   */
  public static CommandLine commandLine(Console console, Class<?> main) {
    return new CommandLine(new BenchCommand(console))
        .addSubcommand(new GatewayBench(console, main))
        .addSubcommand(new PeerCommand.Origin())
        .addSubcommand(new PeerCommand.Forwarder())
        .addSubcommand(new PeerCommand.Member());
  }

  @Override
  public Integer call() {
    console.error("bench: allowed: gateway");
    return 2;
  }
}
