package io.trafficgovernor.cluster.hazelcast;

import com.hazelcast.cluster.Member;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the proof that each member shows. One without it holds no secret of ours; its orders are
 * refused by whoever owns the entry, and here it is called by its address.
 */
record Strangers(GridSettings settings) {
  static final String NODE = "governor-node";
  static final String PROOF = "governor-proof";
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** Whether it is one of us; raises the alarm if it is not. */
  boolean checked(Member member) {
    String node = member.getAttribute(NODE);
    String proof = member.getAttribute(PROOF);
    boolean ours =
        node != null
            && proof != null
            && proof.equals(settings.secret().proof(settings.clusterName(), node));
    if (!ours) {
      LOG.error(
          "ALARM: grid member {} (node {}) does not have the cluster's secret; it gets no lease",
          member.getAddress(),
          node);
    }
    return ours;
  }
}
