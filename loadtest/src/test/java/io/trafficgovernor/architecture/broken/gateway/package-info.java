/** Handlers that wait. */
@NullMarked
package io.trafficgovernor.architecture.broken.gateway;

import org.jspecify.annotations.NullMarked;
