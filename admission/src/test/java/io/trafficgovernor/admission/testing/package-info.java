/** Hand-made stand-ins for tests: virtual time, and builders of grants and rounds. */
@NullMarked
package io.trafficgovernor.admission.testing;

import org.jspecify.annotations.NullMarked;
