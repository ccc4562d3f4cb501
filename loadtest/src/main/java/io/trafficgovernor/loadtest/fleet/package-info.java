/**
 * The processes of a run on this machine: the store, the governors before it, and the one event
 * loop from which they are watched. Start at {@link io.trafficgovernor.loadtest.fleet.Bench}.
 */
@NullMarked
package io.trafficgovernor.loadtest.fleet;

import org.jspecify.annotations.NullMarked;
