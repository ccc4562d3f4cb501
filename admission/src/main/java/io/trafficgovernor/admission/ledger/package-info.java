/**
 * The one shared entry of a backend: who holds which lease, what came back, and where the recovery
 * stands. Start at {@link io.trafficgovernor.admission.ledger.Ledger}, a pure function over it;
 * somebody else stores it and serialises its callers.
 */
@NullMarked
package io.trafficgovernor.admission.ledger;

import org.jspecify.annotations.NullMarked;
