package io.trafficgovernor.ctl;

import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.tls.Authorities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code governor ctl}: status, audit and every verb of the operator table. Exit codes: 0 done, 1
 * the governor said no, 2 wrong usage, 3 no answer.
 */
@Command(
    name = "ctl",
    description = "Steers a running governor through its operator API.",
    mixinStandardHelpOptions = true,
    subcommands = {
      StatusCommand.class,
      StatusCommand.Watch.class,
      AuditCommand.class,
      PlanCommand.class,
      FreezeCommand.class,
      FreezeCommand.Undo.class
    })
public final class Ctl implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:9900",
      description = "operator address of a node (default: ${DEFAULT-VALUE})")
  private URI url = URI.create("http://127.0.0.1:9900");

  @Option(
      names = "--token",
      defaultValue = "${env:GOVERNOR_TOKEN}",
      description = "bearer token (default: the environment variable GOVERNOR_TOKEN)")
  private @Nullable String token;

  @Option(
      names = "--ca",
      description = "PEM file with who may have signed the node's certificate (default: the JDK's)")
  private @Nullable Path authorities;

  /** The command with a subcommand for each verb. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Ctl());
    for (Verb verb : Verb.values()) {
      line.addSubcommand(
          verb.word(), verb == Verb.PIN ? new RampCommand.Pin() : new RampCommand(verb));
    }
    return line;
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return Asking.USAGE;
  }

  OperatorClient client() throws IOException {
    Optional<SSLContext> trust =
        authorities == null ? Optional.empty() : Optional.of(Authorities.trusting(authorities));
    return new OperatorClient(url, Optional.ofNullable(token).filter(t -> !t.isBlank()), trust);
  }

  URI url() {
    return url;
  }
}
