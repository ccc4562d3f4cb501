/**
 * The deterministic simulator: virtual time, seeded chance, and the production classes of admission
 * and lease holding. Start at {@link io.trafficgovernor.loadtest.sim.Simulation}.
 */
@NullMarked
package io.trafficgovernor.loadtest.sim;

import org.jspecify.annotations.NullMarked;
