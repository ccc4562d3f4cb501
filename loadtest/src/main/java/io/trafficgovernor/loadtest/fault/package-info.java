/**
 * What a fault did, measured by the store's arrival log against the ceiling that an operator
 * pinned, and told as a table. Start at {@link io.trafficgovernor.loadtest.fault.FaultJudge}.
 */
@NullMarked
package io.trafficgovernor.loadtest.fault;

import org.jspecify.annotations.NullMarked;
