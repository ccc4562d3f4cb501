package io.trafficgovernor.cluster.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.Owner;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * What a member lends to the processors that run on it: the law, its clock, and its view of the
 * members. Kept in the instance's user context.
 */
final class LedgerHost {
  static final String KEY = "ledger-host";

  private final Ledger ledger;
  private final Ticker ticker;
  private final GridSettings settings;
  private final SecureRandom random = new SecureRandom();

  LedgerHost(Ledger ledger, Ticker ticker, GridSettings settings) {
    this.ledger = ledger;
    this.ticker = ticker;
    this.settings = settings;
  }

  static LedgerHost of(HazelcastInstance instance) {
    Object host = instance.getUserContext().get(KEY);
    return (LedgerHost) requireNonNull(host, "a member without a ledger host");
  }

  Ledger ledger() {
    return ledger;
  }

  Owner owner(HazelcastInstance instance) {
    String id = instance.getCluster().getLocalMember().getUuid().toString();
    return new Owner(id, ticker.nanos(), random.nextLong());
  }

  /**
   * Why nothing may be written now, in words; empty if this member sees a majority. Split-brain
   * protection alone reacts too late: an owner that wakes from a pause would grant to itself first.
   */
  Optional<String> minority(HazelcastInstance instance) {
    int seen = instance.getCluster().getMembers().size();
    return seen >= settings.majority()
        ? Optional.empty()
        : Optional.of(
            "members in view: got " + seen + ", allowed " + settings.majority() + " or more");
  }
}
