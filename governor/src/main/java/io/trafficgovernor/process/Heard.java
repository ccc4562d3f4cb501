package io.trafficgovernor.process;

import io.trafficgovernor.admission.request.Lease;
import io.trafficgovernor.cluster.LeaseHolder;

/** Two listeners of one lease, told in that order. */
record Heard(LeaseHolder.Listener first, LeaseHolder.Listener second)
    implements LeaseHolder.Listener {
  @Override
  public void granted(Lease lease) {
    first.granted(lease);
    second.granted(lease);
  }

  @Override
  public void refused(String why) {
    first.refused(why);
    second.refused(why);
  }

  @Override
  public void slept() {
    first.slept();
    second.slept();
  }

  @Override
  public void failed(Throwable cause) {
    first.failed(cause);
    second.failed(cause);
  }
}
