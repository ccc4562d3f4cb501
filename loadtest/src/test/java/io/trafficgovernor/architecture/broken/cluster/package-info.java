/** A module that reaches upwards. */
@NullMarked
package io.trafficgovernor.architecture.broken.cluster;

import org.jspecify.annotations.NullMarked;
