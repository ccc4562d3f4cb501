/**
 * The operator's command line: a thin client of the HTTP API. Start at {@link
 * io.trafficgovernor.ctl.Ctl}.
 */
@NullMarked
package io.trafficgovernor.ctl;

import org.jspecify.annotations.NullMarked;
