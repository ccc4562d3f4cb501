/**
 * What travels between a node and the ledger. Start at the two ends: a {@link
 * io.trafficgovernor.admission.lease.Renewal} one way, a {@link
 * io.trafficgovernor.admission.lease.Grant} the other.
 */
@NullMarked
package io.trafficgovernor.admission.lease;

import org.jspecify.annotations.NullMarked;
