/**
 * The way to the backend: its connections and one call over one of them, under one permit. Start at
 * {@link io.trafficgovernor.gateway.origin.OriginCall}. Each event loop has its own {@link
 * io.trafficgovernor.gateway.origin.Origins}; nothing here is shared between loops.
 */
@NullMarked
package io.trafficgovernor.gateway.origin;

import org.jspecify.annotations.NullMarked;
