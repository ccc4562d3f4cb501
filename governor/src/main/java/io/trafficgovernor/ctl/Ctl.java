package io.trafficgovernor.ctl;

import static java.util.Objects.requireNonNull;

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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
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
      FreezeCommand.Undo.class,
      OverrideCommand.class
    })
public final class Ctl implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  private URI url = URI.create("http://127.0.0.1:9900");

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:GOVERNOR_TOKEN}",
      description = "bearer token (default: the environment variable GOVERNOR_TOKEN)")
  private @Nullable String token;

  @Option(
      names = "--ca",
      description = "PEM file with who may have signed the node's certificate (default: the JDK's)")
  private @Nullable Path authorities;

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      defaultValue = "http://127.0.0.1:9900",
      description = "operator address of a node (default: ${DEFAULT-VALUE})")
  void setUrl(URI given) {
    if (given.getHost() == null || !("" + given.getScheme()).matches("https?")) {
      throw new ParameterException(
          requireNonNull(spec, "spec").commandLine(),
          "--url: got " + given + ", allowed such as http://127.0.0.1:9900");
    }
    url = given;
  }

  /** The command with a subcommand for each verb. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Ctl());
    for (Verb verb : Verb.values()) {
      line.addSubcommand(verb.word(), RampCommand.line(verb));
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
