package io.trafficgovernor.loadtest;

import io.trafficgovernor.loadtest.account.WitnessCommand;
import io.trafficgovernor.loadtest.bench.BenchCommand;
import io.trafficgovernor.loadtest.herd.HerdCommand;
import io.trafficgovernor.loadtest.phase.PhaseCommand;
import io.trafficgovernor.loadtest.process.Parent;
import io.trafficgovernor.loadtest.replay.ChaosCommand;
import io.trafficgovernor.loadtest.replay.LiveCommand;
import io.trafficgovernor.loadtest.replay.ReplayCommand;
import io.trafficgovernor.loadtest.shell.Console;
import io.trafficgovernor.loadtest.sim.SimCommand;
import io.trafficgovernor.loadtest.store.StoreCommand;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line of the proof. Every subcommand is named in {@link #commandLine}. */
@Command(
    name = "loadtest",
    mixinStandardHelpOptions = true,
    versionProvider = LoadTest.Version.class,
    scope = ScopeType.INHERIT,
    description = "The proof that the governor brings traffic back without a surge.",
    synopsisSubcommandLabel = "COMMAND")
public final class LoadTest {
  private LoadTest() {}

  @Option(
      names = "--end-with-parent",
      description = "ends when the process that started this one ends")
  void endWithParent(boolean wanted) {
    if (wanted) {
      Parent.endWith();
    }
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = LoadTest.class.getPackage().getImplementationVersion();
      return new String[] {"loadtest " + (version == null ? "(not packaged)" : version)};
    }
  }

  /** Runs a subcommand; exits 0 if it passed, 1 if it failed, 2 if it was called wrongly. */
  public static void main(String[] arguments) {
    // Figures are read by programs too: 1.5 is 1.5 wherever this runs.
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine(Console.ofProcess()).execute(arguments));
  }

  /** All subcommands, writing to that console. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new LoadTest())
        .addSubcommand(new StoreCommand(console))
        .addSubcommand(new SimCommand(console))
        .addSubcommand(new PhaseCommand(console))
        .addSubcommand(new LiveCommand(console))
        .addSubcommand(new ReplayCommand(console, LoadTest.class))
        .addSubcommand(new ChaosCommand(console, LoadTest.class))
        .addSubcommand(new HerdCommand(console, LoadTest.class))
        .addSubcommand(new WitnessCommand(console))
        .addSubcommand("bench", BenchCommand.commandLine(console, LoadTest.class))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }
}
