/**
 * Who decides what reaches the store: the governor, and what it is measured against. Start at
 * {@link io.trafficgovernor.loadtest.rival.Control}: a new rival is one more class of that kind,
 * and one more name in {@link io.trafficgovernor.loadtest.rival.Controls}.
 */
@NullMarked
package io.trafficgovernor.loadtest.rival;

import org.jspecify.annotations.NullMarked;
