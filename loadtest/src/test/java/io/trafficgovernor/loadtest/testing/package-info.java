/** Made-up runs for tests. Start at {@link io.trafficgovernor.loadtest.testing.RunSketch}. */
@NullMarked
package io.trafficgovernor.loadtest.testing;

import org.jspecify.annotations.NullMarked;
