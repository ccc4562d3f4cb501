/**
 * What the operator API says of the ramp's future. Start at {@link
 * io.trafficgovernor.operator.forecast.Prospect}.
 */
@NullMarked
package io.trafficgovernor.operator.forecast;

import org.jspecify.annotations.NullMarked;
