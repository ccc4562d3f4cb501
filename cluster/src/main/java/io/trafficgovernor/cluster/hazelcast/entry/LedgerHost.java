package io.trafficgovernor.cluster.hazelcast.entry;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member lends to the processors that run on it: the law, its clock, and its view of the
 * members. Kept in the instance's user context.
 */
public final class LedgerHost {
  /** Key of the user context. */
  public static final String KEY = "ledger-host";

  private static final Logger LOG = LoggerFactory.getLogger(LedgerHost.class);

  private final Ledger ledger;
  private final Map<String, Ledger> others;
  private final Ticker ticker;
  private final Quorum quorum;
  private final ClusterSecret secret;
  private final AtomicLong refused = new AtomicLong();
  private final SecureRandom random = new SecureRandom();

  /** By key; there is one for each backend. */
  private final Map<String, Copy> copies = new ConcurrentHashMap<>();

  /**
   * For one member.
   *
   * @param quorum what must be there for anything to be written
   */
  public LedgerHost(Ledger ledger, Ticker ticker, Quorum quorum, ClusterSecret secret) {
    this(ledger, Map.of(), ticker, quorum, secret);
  }

  /**
   * For one member with entries under different laws.
   *
   * @param ledger of each entry that has no law of its own
   * @param others laws of single entries, by their keys
   */
  public LedgerHost(
      Ledger ledger,
      Map<String, Ledger> others,
      Ticker ticker,
      Quorum quorum,
      ClusterSecret secret) {
    this.ledger = requireNonNull(ledger, "ledger");
    this.others = Map.copyOf(others);
    this.ticker = requireNonNull(ticker, "ticker");
    this.quorum = requireNonNull(quorum, "quorum");
    this.secret = requireNonNull(secret, "secret");
  }

  static LedgerHost of(@Nullable HazelcastInstance instance) {
    Object host = requireNonNull(instance, "not on a member").getUserContext().get(KEY);
    return (LedgerHost) requireNonNull(host, "a member without a ledger host");
  }

  /** The law of that entry. */
  Ledger ledger(String key) {
    return others.getOrDefault(key, ledger);
  }

  /**
   * This member as the owner of that entry.
   *
   * @param present what it has of it; null if there is none
   */
  Owner owner(HazelcastInstance instance, String key, @Nullable LedgerEntry present) {
    String id = instance.getCluster().getLocalMember().getUuid().toString();
    long now = ticker.nanos();
    Copy copy = copies.get(key);
    boolean same =
        copy != null && present != null && copy.authority().equals(present.state().authority());
    long held = same ? Math.max(0, now - requireNonNull(copy).sinceNanos()) : 0;
    return new Owner(id, now, random.nextLong(), held);
  }

  /**
   * Notes when this member was given a copy: by that it knows, as its next owner, how old it is.
   */
  void installed(String key, LedgerState state) {
    copies.put(key, new Copy(state.authority(), ticker.nanos()));
  }

  /** The latest copy of an entry that this member was given. */
  private record Copy(LedgerState.Authority authority, long sinceNanos) {}

  /** Orders that came without the cluster's secret; each is an alarm. */
  public long refusedOrders() {
    return refused.get();
  }

  /** Whether the order comes from one of us; raises the alarm if it does not. */
  boolean accepts(byte[] order, byte[] seal) {
    boolean ours = secret.accepts(order, seal);
    if (!ours && Long.bitCount(refused.incrementAndGet()) == 1) {
      LOG.error(
          "ALARM: somebody without the cluster's secret asks for leases and gets none;"
              + " {} times so far",
          refused.get());
    }
    return ours;
  }

  Quorum quorum() {
    return quorum;
  }
}
