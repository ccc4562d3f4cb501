/** Hand-made stand-ins for tests: builders of classes, leases and rounds. */
@NullMarked
package io.trafficgovernor.admission.testing;

import org.jspecify.annotations.NullMarked;
