/**
 * A store that dies and comes back cold: its physics, which the simulator and the live store share.
 * Start at {@link io.trafficgovernor.loadtest.store.StoreModel}.
 */
@NullMarked
package io.trafficgovernor.loadtest.store;

import org.jspecify.annotations.NullMarked;
