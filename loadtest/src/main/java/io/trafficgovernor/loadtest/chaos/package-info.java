/**
 * Does each fault for itself to a cluster of real processes under a pinned ceiling. Start at {@link
 * io.trafficgovernor.loadtest.chaos.FaultRun}; what is measured is in {@link
 * io.trafficgovernor.loadtest.fault.FaultJudge}.
 */
@NullMarked
package io.trafficgovernor.loadtest.chaos;

import org.jspecify.annotations.NullMarked;
