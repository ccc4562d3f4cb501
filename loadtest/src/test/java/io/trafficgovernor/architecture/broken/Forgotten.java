package io.trafficgovernor.architecture.broken;

import org.junit.jupiter.api.Test;

final class Forgotten {
  @Test
  void runsNowhere() {}
}
