/**
 * The proof: a live store, load over real sockets, the replay of June 12, the simulator. Start at
 * {@link io.trafficgovernor.loadtest.LoadTest}.
 */
@NullMarked
package io.trafficgovernor.loadtest;

import org.jspecify.annotations.NullMarked;
