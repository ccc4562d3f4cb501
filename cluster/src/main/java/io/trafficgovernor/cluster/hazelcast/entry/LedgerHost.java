package io.trafficgovernor.cluster.hazelcast.entry;

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
public final class LedgerHost {
  /** Key of the user context. */
  public static final String KEY = "ledger-host";

  private final Ledger ledger;
  private final Ticker ticker;
  private final int majority;
  private final SecureRandom random = new SecureRandom();

  /**
   * For one member.
   *
   * @param majority voters that must be in view for anything to be written
   */
  public LedgerHost(Ledger ledger, Ticker ticker, int majority) {
    this.ledger = requireNonNull(ledger, "ledger");
    this.ticker = requireNonNull(ticker, "ticker");
    this.majority = majority;
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
    return seen >= majority
        ? Optional.empty()
        : Optional.of("members in view: got " + seen + ", allowed " + majority + " or more");
  }
}
