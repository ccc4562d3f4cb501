/**
 * Time and timers of a real process: the only place that reads a clock. Start at {@link
 * io.trafficgovernor.runtime.SystemTicker}.
 */
@NullMarked
package io.trafficgovernor.runtime;

import org.jspecify.annotations.NullMarked;
