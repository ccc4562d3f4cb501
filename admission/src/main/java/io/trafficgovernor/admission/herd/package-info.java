/**
 * When refused clients should come back: after the tokens for them exist, and not all at once.
 * Start at {@link io.trafficgovernor.admission.herd.ReturnSchedule}.
 */
@NullMarked
package io.trafficgovernor.admission.herd;

import org.jspecify.annotations.NullMarked;
