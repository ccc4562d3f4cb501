/**
 * What is shown of a node: meters, and one log line for each change of state. All names are in
 * {@link io.trafficgovernor.observe.Meters}.
 */
@NullMarked
package io.trafficgovernor.observe;

import org.jspecify.annotations.NullMarked;
