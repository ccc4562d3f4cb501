package io.trafficgovernor.architecture.broken.here;

import io.trafficgovernor.architecture.broken.there.There;

/** Needs what needs it. */
public final class Here {
  There there() {
    return new There();
  }
}
