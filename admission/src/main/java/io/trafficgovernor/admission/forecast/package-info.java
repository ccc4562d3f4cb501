/**
 * What a ramp will look like, before it runs or while it does. Start at {@link
 * io.trafficgovernor.admission.forecast.Forecast}.
 */
@NullMarked
package io.trafficgovernor.admission.forecast;

import org.jspecify.annotations.NullMarked;
