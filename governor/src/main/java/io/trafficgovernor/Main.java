package io.trafficgovernor;

import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.ctl.Ctl;
import io.trafficgovernor.process.Node;
import io.trafficgovernor.process.StartFailedException;
import io.trafficgovernor.runtime.SystemTicker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code java -jar governor.jar}: {@code run}, {@code check} and {@code ctl}. Exit codes: 0 done, 1
 * it could not start (or the governor said no), 2 wrong usage or configuration, 3 no answer.
 */
@Command(
    name = "governor",
    description = "A gateway that lets a recovering backend come back without a surge.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Main.Run.class, Main.Check.class})
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  @Spec private @Nullable CommandSpec spec;

  Main() {}

  /** Runs a command and ends the process: threads of the grid would keep it alive otherwise. */
  public static void main(String[] arguments) {
    // before any class of Hazelcast or of the common pool is touched: on two processors the pool
    // would start a thread for each answer of the grid
    System.setProperty("java.util.concurrent.ForkJoinPool.common.parallelism", "2");
    System.setProperty("hazelcast.logging.type", "slf4j");
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(arguments));
  }

  /** All commands. */
  static CommandLine commandLine() {
    return new CommandLine(new Main()).addSubcommand("ctl", Ctl.commandLine());
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return USAGE;
  }

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"governor " + (version == null ? "(not packaged)" : version)};
    }
  }

  /** The configuration, if it is sound; all its faults go to {@code err} otherwise. */
  private static Optional<GovernorConfig> load(Path file, PrintWriter err) {
    ConfigLoader.Result result = ConfigLoader.ofThisProcess().load(file);
    if (result instanceof ConfigLoader.Faulty faulty) {
      faulty.faults().forEach(fault -> err.println(file + ": " + fault.text()));
      err.println(faulty.faults().size() + (faulty.faults().size() == 1 ? " fault" : " faults"));
      return Optional.empty();
    }
    return Optional.of(((ConfigLoader.Loaded) result).config());
  }

  /** {@code governor check}. */
  @Command(name = "check", description = "Shows all faults of a configuration file at once.")
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", required = true, description = "governor.yaml")
    private Path config = Path.of("governor.yaml");

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      boolean sound = load(config, spec.commandLine().getErr()).isPresent();
      if (sound) {
        out.println(config + ": no faults");
      }
      return sound ? 0 : USAGE;
    }
  }

  /** {@code governor run}. */
  @Command(name = "run", description = "Runs the gateway until SIGTERM.")
  static final class Run implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", required = true, description = "governor.yaml")
    private Path config = Path.of("governor.yaml");

    @Override
    public Integer call() throws InterruptedException {
      PrintWriter err = spec.commandLine().getErr();
      Optional<GovernorConfig> loaded = load(config, err);
      if (loaded.isEmpty()) {
        return USAGE;
      }
      try {
        Node node = Node.start(loaded.get(), new SystemTicker());
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "governor-ending"));
        node.awaitEnd();
        return 0;
      } catch (StartFailedException e) {
        err.println("governor: " + e.getMessage());
        return FAILED;
      }
    }
  }
}
