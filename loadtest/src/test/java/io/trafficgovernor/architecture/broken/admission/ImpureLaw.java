package io.trafficgovernor.architecture.broken.admission;

import java.util.Random;

final class ImpureLaw {
  private final Random dice = new Random(1);

  int decide() {
    return dice.nextInt();
  }
}
