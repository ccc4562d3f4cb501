/**
 * Ramp plans: upper bounds of the ceiling over elapsed ramp time. Start at {@link
 * io.trafficgovernor.admission.ramp.RampPlan}.
 */
@NullMarked
package io.trafficgovernor.admission.ramp;

import org.jspecify.annotations.NullMarked;
