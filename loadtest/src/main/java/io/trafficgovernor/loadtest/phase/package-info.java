/**
 * The map of the metastable: for which demand, and after which trigger, a store stays down although
 * the trigger is gone, without the governor and with it. Start at {@link
 * io.trafficgovernor.loadtest.phase.PhaseCommand}: it fits the store's capacity on one published
 * pair of outcomes ({@code CapacityFit}), freezes it, looks where the threshold lies ({@code
 * Thresholds}) and draws the diagram ({@code Diagram}).
 */
@NullMarked
package io.trafficgovernor.loadtest.phase;

import org.jspecify.annotations.NullMarked;
