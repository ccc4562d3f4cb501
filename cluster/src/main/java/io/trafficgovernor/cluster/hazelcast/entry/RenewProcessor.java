package io.trafficgovernor.cluster.hazelcast.entry;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.cluster.wire.RecordCodec;
import org.jspecify.annotations.Nullable;

/** A node's renewal, on its way to the owner of the ledger. */
public final class RenewProcessor extends LedgerProcessor {
  private static final long serialVersionUID = 1;

  /** The reply in an envelope: the codec writes records only. */
  record Answer(GrantReply reply) {}

  RenewProcessor() {}

  public RenewProcessor(Renewal renewal) {
    super(renewal);
  }

  @Override
  Stepped step(Ledger ledger, Owner owner, @Nullable LedgerState before, byte[] order) {
    Renewal renewal = RecordCodec.read(Renewal.class, order);
    Ledger.Renewed renewed = ledger.renew(before, renewal, owner);
    return new Stepped(renewed.state(), new Answer(renewed.reply()));
  }

  @Override
  Record refusal(String why) {
    return new Answer(new GrantReply.Refused(why));
  }

  /** The reply that came back. */
  public static GrantReply answer(byte[] bytes) {
    return RecordCodec.read(Answer.class, bytes).reply();
  }

  @Override
  public int getClassId() {
    return WireFactory.RENEW;
  }
}
