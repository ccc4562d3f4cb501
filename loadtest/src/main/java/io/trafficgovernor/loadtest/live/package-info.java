/**
 * Real sockets: clients that send on their own schedule, and what a run asks of the store and the
 * governors meanwhile. Start at {@link io.trafficgovernor.loadtest.live.OpenLoop}.
 */
@NullMarked
package io.trafficgovernor.loadtest.live;

import org.jspecify.annotations.NullMarked;
