package io.trafficgovernor.architecture.broken.cluster;

import io.trafficgovernor.architecture.broken.gateway.SleepyHandler;

final class Backwards {
  SleepyHandler handler() {
    return new SleepyHandler();
  }
}
