/**
 * What is simulated, as data: the store, who asks, what goes wrong when, and what must hold. Start
 * at {@link io.trafficgovernor.loadtest.scenario.Scenario}; {@link
 * io.trafficgovernor.loadtest.scenario.Scenarios} finds one by its name or its file.
 */
@NullMarked
package io.trafficgovernor.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
