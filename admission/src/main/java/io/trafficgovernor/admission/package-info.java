/**
 * The words every other package speaks: classes of requests, outcomes, reasons, and the two ports
 * for time. Start reading at {@link io.trafficgovernor.admission.RequestClass}; a request's way
 * goes through {@code request}, a control round's through {@code ledger}.
 */
@NullMarked
package io.trafficgovernor.admission;

import org.jspecify.annotations.NullMarked;
