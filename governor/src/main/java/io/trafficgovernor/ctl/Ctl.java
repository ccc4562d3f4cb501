package io.trafficgovernor.ctl;

import io.trafficgovernor.admission.recovery.Verb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
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
      Ctl.Status.class,
      Ctl.Watch.class,
      Ctl.Audit.class,
      PlanCommand.class,
      Ctl.Freeze.class,
      Ctl.Unfreeze.class
    })
public final class Ctl implements Callable<Integer> {
  private static final int REFUSED = 1;
  static final int USAGE = 2;
  private static final int NO_ANSWER = 3;

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

  /** The command with a subcommand for each verb. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Ctl());
    for (Verb verb : Verb.values()) {
      line.addSubcommand(verb.word(), verb == Verb.PIN ? new Pin() : new Ramp(verb));
    }
    return line;
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getErr());
    }
    return USAGE;
  }

  private OperatorClient client() {
    return new OperatorClient(url, Optional.ofNullable(token).filter(t -> !t.isBlank()));
  }

  /** What a subcommand does with the node; its result is the exit code. */
  interface Call {
    int with(OperatorClient client) throws IOException;
  }

  static int calling(Ctl ctl, PrintWriter err, Call call) {
    try {
      return call.with(ctl.client());
    } catch (IOException e) {
      err.println("no answer from " + ctl.url + ": " + e);
      return NO_ANSWER;
    }
  }

  static int shown(OperatorClient.Reply reply, String text, PrintWriter out, PrintWriter err) {
    if (reply.ok()) {
      out.print(text);
      out.flush();
      return 0;
    }
    err.println(problem(reply));
    return REFUSED;
  }

  private static String problem(OperatorClient.Reply reply) {
    try {
      JsonObject json = reply.json();
      return reply.status() + " " + json.getString("title") + ": " + json.getString("detail");
    } catch (RuntimeException e) {
      return reply.status() + " " + reply.body();
    }
  }

  /** {@code ctl status}. */
  @Command(name = "status", description = "Shows where the recovery stands.")
  static final class Status implements Callable<Integer> {
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "as the API says it")
    private boolean json;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      return calling(
          ctl,
          err,
          client -> {
            OperatorClient.Reply reply = client.get("/v1/status");
            String text = json || !reply.ok() ? reply.body() : StatusText.render(reply.json());
            return shown(reply, text, out, err);
          });
    }
  }

  /** {@code ctl watch}. */
  @Command(name = "watch", description = "Shows the status again and again, until Ctrl-C.")
  static final class Watch implements Callable<Integer> {
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--seconds", defaultValue = "1", description = "pause (default: 1)")
    private int seconds = 1;

    @Option(names = "--times", defaultValue = "86400", description = "how often (default: 86400)")
    private int times = 86_400;

    @Override
    public Integer call() throws InterruptedException {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      CountDownLatch never = new CountDownLatch(1);
      int code = 0;
      for (int i = 0; i < times; i++) {
        if (i > 0 && never.await(seconds, TimeUnit.SECONDS)) {
          break;
        }
        code =
            calling(
                ctl,
                err,
                client -> {
                  OperatorClient.Reply reply = client.get("/v1/status");
                  String text = reply.ok() ? StatusText.render(reply.json()) + "\n" : "";
                  return shown(reply, text, out, err);
                });
      }
      return code;
    }
  }

  /** {@code ctl audit}. */
  @Command(name = "audit", description = "Shows the last commands, oldest first.")
  static final class Audit implements Callable<Integer> {
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      return calling(
          ctl,
          err,
          client -> {
            OperatorClient.Reply reply = client.get("/v1/audit");
            StringBuilder text = new StringBuilder();
            if (reply.ok()) {
              for (Object line : reply.json().getJsonArray("audit")) {
                text.append(((JsonObject) line).encode()).append('\n');
              }
            }
            return shown(reply, text.toString(), out, err);
          });
    }
  }

  /** {@code ctl freeze}. */
  @Command(name = "freeze", description = "Bounds what this node alone sends; needs no grid.")
  static final class Freeze implements Callable<Integer> {
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reason", required = true, description = "why; goes to the audit trail")
    private String reason = "";

    @Option(
        names = "--rps",
        description = "tokens per second, 0 stops the node; default: what its lease gives it now")
    private @Nullable Double rps;

    @Override
    public Integer call() {
      JsonObject body = new JsonObject().put("reason", reason);
      if (rps != null) {
        body.put("rps", rps);
      }
      return local(ctl, spec, "PUT", body);
    }
  }

  /** {@code ctl unfreeze}. */
  @Command(name = "unfreeze", description = "Takes the bound of this node alone off.")
  static final class Unfreeze implements Callable<Integer> {
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reason", required = true, description = "why; goes to the audit trail")
    private String reason = "";

    @Override
    public Integer call() {
      return local(ctl, spec, "DELETE", new JsonObject().put("reason", reason));
    }
  }

  private static int local(Ctl ctl, CommandSpec spec, String method, JsonObject body) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return calling(
        ctl,
        err,
        client -> {
          OperatorClient.Reply reply = client.send(method, "/v1/local/freeze", body);
          return shown(reply, reply.ok() ? reply.body() : "", out, err);
        });
  }

  /** A verb of the operator table. */
  @Command(description = "POST /v1/ramp/{verb}")
  static class Ramp implements Callable<Integer> {
    private final Verb verb;
    @ParentCommand private Ctl ctl = new Ctl();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(names = "--reason", required = true, description = "why; goes to the audit trail")
    private String reason = "";

    @Option(
        names = "--if-match",
        description = "epoch the command is for, or *; default: the present one is read first")
    private @Nullable String ifMatch;

    Ramp(Verb verb) {
      this.verb = verb;
    }

    JsonObject body() {
      return new JsonObject().put("reason", reason);
    }

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      return calling(
          ctl,
          err,
          client -> {
            OperatorClient.Reply reply = client.ramp(verb.word(), match(client), body());
            return shown(reply, reply.ok() ? reply.body() : "", out, err);
          });
    }

    /** Stopping needs no fresh read; everything else is for the state the operator sees now. */
    private String match(OperatorClient client) throws IOException {
      if (ifMatch != null) {
        return ifMatch.equals("*") || ifMatch.startsWith("\"") ? ifMatch : "\"" + ifMatch + "\"";
      }
      if (verb.stops()) {
        return "*";
      }
      OperatorClient.Reply status = client.get("/v1/status");
      return status.ok() ? "\"" + status.json().getLong("epoch") + "\"" : "\"0\"";
    }
  }

  /** {@code ctl pin}. */
  @Command(description = "POST /v1/ramp/pin")
  static final class Pin extends Ramp {
    @Option(names = "--rps", required = true, description = "the ceiling, tokens per second")
    private double rps;

    Pin() {
      super(Verb.PIN);
    }

    @Override
    JsonObject body() {
      return super.body().put("rps", rps);
    }
  }
}
