/** A law that is not pure. */
@NullMarked
package io.trafficgovernor.architecture.broken.admission;

import org.jspecify.annotations.NullMarked;
