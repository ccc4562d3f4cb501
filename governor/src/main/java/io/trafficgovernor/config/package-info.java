/**
 * What {@code governor.yaml} says: immutable records, and a loader that reports every fault of the
 * file at once. Start at {@link io.trafficgovernor.config.ConfigLoader}; the commented {@code
 * reference.yaml} beside it holds every key.
 */
@NullMarked
package io.trafficgovernor.config;

import org.jspecify.annotations.NullMarked;
