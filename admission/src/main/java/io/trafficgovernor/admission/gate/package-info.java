/**
 * Which classes may return yet: a class waits for those it depends on. Start at {@link
 * io.trafficgovernor.admission.gate.Gates}, a pure function of what each round showed.
 */
@NullMarked
package io.trafficgovernor.admission.gate;

import org.jspecify.annotations.NullMarked;
