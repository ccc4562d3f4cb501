package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.Owner;
import java.security.SecureRandom;

/**
 * What a member lends to the processors that run on it: the law, its clock, and its view of the
 * members. Kept in the instance's user context.
 */
public final class LedgerHost {
  /** Key of the user context. */
  public static final String KEY = "ledger-host";

  private final Ledger ledger;
  private final Ticker ticker;
  private final Quorum quorum;
  private final SecureRandom random = new SecureRandom();

  /**
   * For one member.
   *
   * @param quorum what must be there for anything to be written
   */
  public LedgerHost(Ledger ledger, Ticker ticker, Quorum quorum) {
    this.ledger = requireNonNull(ledger, "ledger");
    this.ticker = requireNonNull(ticker, "ticker");
    this.quorum = requireNonNull(quorum, "quorum");
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

  Quorum quorum() {
    return quorum;
  }
}
