/**
 * A herd over real sockets: thousands of clients within a moment, at three governors in front of a
 * store that has just come back. Start at {@link io.trafficgovernor.loadtest.herd.HerdRun}.
 */
@NullMarked
package io.trafficgovernor.loadtest.herd;

import org.jspecify.annotations.NullMarked;
