/**
 * Processes that a run starts, and stops again whatever happens. Start at {@link
 * io.trafficgovernor.loadtest.process.Children}.
 */
@NullMarked
package io.trafficgovernor.loadtest.process;

import org.jspecify.annotations.NullMarked;
