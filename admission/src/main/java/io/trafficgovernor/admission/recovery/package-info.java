/**
 * The phases of a recovery and what moves them: rounds, probes and operators. Start at {@link
 * io.trafficgovernor.admission.recovery.RecoveryMachine}, a pure function from state to state.
 */
@NullMarked
package io.trafficgovernor.admission.recovery;

import org.jspecify.annotations.NullMarked;
