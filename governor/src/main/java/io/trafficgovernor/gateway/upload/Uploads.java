package io.trafficgovernor.gateway.upload;

import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.request.NodeSnapshot;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many requests of a node have a slot while their client still sends the body. They may take
 * their time, so at most half of the slots are theirs, and never the last one: else a dozen slow
 * clients of the lowest class held a whole window. Thread-safe.
 */
public final class Uploads implements Shareable {
  private final boolean bound;
  private final AtomicInteger taken = new AtomicInteger();

  /** None yet; without a bound in shadow mode, where nobody is refused. */
  public Uploads(boolean bound) {
    this.bound = bound;
  }

  /** The place of one upload. Confined to its event loop. */
  public final class Place {
    private boolean held = true;

    /** The body is there, or will not come. Idempotent. */
    public void give() {
      if (held) {
        held = false;
        taken.decrementAndGet();
      }
    }
  }

  /** A place for a request of that rank under the lease at hand; null if there is none. */
  public @Nullable Place take(NodeSnapshot node, int rank) {
    if (taken.incrementAndGet() <= slots(node, rank) / 2 || !bound) {
      return new Place();
    }
    taken.decrementAndGet();
    return null;
  }

  private static int slots(NodeSnapshot node, int rank) {
    return node.lease().map(lease -> slots(lease.grant(), rank)).orElse(0);
  }

  private static int slots(Grant grant, int rank) {
    return grant.slots() + (grant.cluster().topRanks().contains(rank) ? grant.topSlots() : 0);
  }
}
