/**
 * Who watches a simulated run, and what must never be seen: invariants I1 to I9, each checked as
 * the run goes. Start at {@link io.trafficgovernor.loadtest.witness.Witness}.
 */
@NullMarked
package io.trafficgovernor.loadtest.witness;

import org.jspecify.annotations.NullMarked;
