/**
 * The second store: reads that the first one refuses while it is away, or on its way back, may go
 * there. Start at {@link io.trafficgovernor.gateway.fallback.Diversion}, which says when; whether
 * is up to the second store's own admission.
 */
@NullMarked
package io.trafficgovernor.gateway.fallback;

import org.jspecify.annotations.NullMarked;
