package io.trafficgovernor.gateway.comeback;

import io.trafficgovernor.admission.herd.HeldRefusals;
import io.trafficgovernor.admission.herd.SeenKeys;
import io.vertx.core.shareddata.Shareable;

/**
 * What the event loops of a node share about clients that come again. Thread-safe.
 *
 * @param held refusals that are being held
 * @param seen values of {@code Idempotency-Key} that came by
 */
public record NodeHerd(HeldRefusals held, SeenKeys seen) implements Shareable {
  /** Nobody has come yet. */
  public static NodeHerd empty() {
    return new NodeHerd(new HeldRefusals(HeldRefusals.MAX_HELD), new SeenKeys());
  }
}
