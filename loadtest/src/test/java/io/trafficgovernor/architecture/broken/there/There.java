package io.trafficgovernor.architecture.broken.there;

import io.trafficgovernor.architecture.broken.here.Here;

/** Needs what needs it. */
public final class There {
  Here here() {
    return new Here();
  }
}
