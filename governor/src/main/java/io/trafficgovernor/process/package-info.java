/**
 * The running process: everything put together by hand, started in order, and ended in order. Start
 * at {@link io.trafficgovernor.process.Node}.
 */
@NullMarked
package io.trafficgovernor.process;

import org.jspecify.annotations.NullMarked;
