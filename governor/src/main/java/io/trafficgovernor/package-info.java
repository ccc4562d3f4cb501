/** The command line of the governor. Start at {@link io.trafficgovernor.Main}. */
@NullMarked
package io.trafficgovernor;

import org.jspecify.annotations.NullMarked;
