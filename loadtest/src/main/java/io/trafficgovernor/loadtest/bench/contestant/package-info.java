/**
 * Who takes part in a bench: how each is configured, started, and asked whether it serves. Start at
 * {@link io.trafficgovernor.loadtest.bench.contestant.Contestant}.
 */
@NullMarked
package io.trafficgovernor.loadtest.bench.contestant;

import org.jspecify.annotations.NullMarked;
