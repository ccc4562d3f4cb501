/** Half of a circle. */
@NullMarked
package io.trafficgovernor.architecture.broken.here;

import org.jspecify.annotations.NullMarked;
