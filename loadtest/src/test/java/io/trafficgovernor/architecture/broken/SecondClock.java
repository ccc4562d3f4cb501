package io.trafficgovernor.architecture.broken;

import java.util.function.LongSupplier;

final class SecondClock {
  LongSupplier clock() {
    return System::nanoTime;
  }
}
