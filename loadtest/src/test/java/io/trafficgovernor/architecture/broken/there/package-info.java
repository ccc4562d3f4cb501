/** The other half. */
@NullMarked
package io.trafficgovernor.architecture.broken.there;

import org.jspecify.annotations.NullMarked;
