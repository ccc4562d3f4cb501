/**
 * What every command here stands on: the console it writes to, the event loop it runs on, options
 * with units. Start at {@link io.trafficgovernor.loadtest.shell.LoopScheduler}.
 */
@NullMarked
package io.trafficgovernor.loadtest.shell;

import org.jspecify.annotations.NullMarked;
