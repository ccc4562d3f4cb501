/**
 * The controller: from what came back in a round to the next ceiling and window. Pure functions
 * over immutable state; start at {@link io.trafficgovernor.admission.control.CeilingController}.
 * The law and its reasons are in the module's DESIGN.md, section "The evidence-bounded ramp".
 */
@NullMarked
package io.trafficgovernor.admission.control;

import org.jspecify.annotations.NullMarked;
