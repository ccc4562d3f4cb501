/**
 * Clients that come again. Start at {@link io.trafficgovernor.gateway.comeback.Refusals}: how a
 * refused one is told when to; {@link io.trafficgovernor.gateway.comeback.Attempts}: how one is
 * known for a retry.
 */
@NullMarked
package io.trafficgovernor.gateway.comeback;

import org.jspecify.annotations.NullMarked;
