package io.trafficgovernor.ctl;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ctl status}. */
@Command(name = "status", description = "Shows where the recovery stands.")
sealed class StatusCommand extends Asking {
  @Option(names = "--json", description = "as the API says it")
  private boolean json;

  @Override
  final OperatorClient.Reply ask(OperatorClient client) throws IOException {
    return client.get("/v1/status");
  }

  @Override
  final String text(OperatorClient.Reply reply) {
    return json ? reply.body() : StatusText.render(reply.json());
  }

  /** {@code ctl watch}. */
  @Command(name = "watch", description = "Shows the status again and again, until Ctrl-C.")
  static final class Watch extends StatusCommand {
    @Option(names = "--seconds", defaultValue = "1", description = "pause (default: 1)")
    private int seconds = 1;

    @Option(names = "--times", defaultValue = "86400", description = "how often (default: 86400)")
    private int times = 86_400;

    @Override
    public Integer call() throws InterruptedException {
      CountDownLatch never = new CountDownLatch(1);
      int code = 0;
      for (int i = 0; i < times; i++) {
        if (i > 0 && never.await(seconds, TimeUnit.SECONDS)) {
          break;
        }
        code = once();
      }
      return code;
    }
  }
}
