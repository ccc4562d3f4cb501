package io.trafficgovernor.architecture.broken;

import java.util.concurrent.TimeUnit;

final class Sleeper {
  void sleep() throws InterruptedException {
    TimeUnit.SECONDS.sleep(1);
  }
}
