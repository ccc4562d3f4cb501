/**
 * Asks the backend whether it is there, apart from the traffic. Start at {@link
 * io.trafficgovernor.probe.Prober}.
 */
@NullMarked
package io.trafficgovernor.probe;

import org.jspecify.annotations.NullMarked;
