/**
 * What is shown of a node: meters, and one log line for each change of state. Start at {@link
 * io.trafficgovernor.observe.Meters}, which has all names.
 */
@NullMarked
package io.trafficgovernor.observe;

import org.jspecify.annotations.NullMarked;
