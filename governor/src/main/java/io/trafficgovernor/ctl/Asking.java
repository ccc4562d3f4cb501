package io.trafficgovernor.ctl;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A subcommand of {@code ctl} that asks the node once and shows what it says. */
abstract sealed class Asking implements Callable<Integer>
    permits AuditCommand, PlanCommand, StatusCommand, Steering {
  static final int USAGE = 2;
  static final int REFUSED = 1;
  private static final int NO_ANSWER = 3;

  @ParentCommand private Ctl ctl = new Ctl();
  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The one question.
   *
   * @throws IOException if the node does not answer
   */
  abstract OperatorClient.Reply ask(OperatorClient client) throws IOException;

  /** What to show of an answer that says yes. */
  String text(OperatorClient.Reply reply) {
    return reply.body();
  }

  /** Whether an answer that says yes is good news. */
  boolean sound(OperatorClient.Reply reply) {
    return true;
  }

  @Override
  public Integer call() throws InterruptedException {
    return once();
  }

  /** Asks and shows; the result is the exit code. */
  final int once() {
    try {
      return shown(ask(ctl.client()));
    } catch (IOException e) {
      err().println("no answer from " + ctl.url() + ": " + e);
      return NO_ANSWER;
    }
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** To be thrown where what was typed turns out to be wrong: exit code 2, nothing was done. */
  final ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private int shown(OperatorClient.Reply reply) {
    if (!reply.ok()) {
      err().println(problem(reply));
      return REFUSED;
    }
    out().print(text(reply));
    out().flush();
    return sound(reply) ? 0 : REFUSED;
  }

  private static String problem(OperatorClient.Reply reply) {
    try {
      JsonObject json = reply.json();
      return reply.status() + " " + json.getString("title") + ": " + json.getString("detail");
    } catch (RuntimeException e) {
      return reply.status() + " " + reply.body();
    }
  }
}
