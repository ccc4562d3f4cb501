/**
 * Clients that come again: how a refused one is told when to ({@link
 * io.trafficgovernor.gateway.comeback.Refusals}), and how one is known for a retry ({@link
 * io.trafficgovernor.gateway.comeback.Attempts}).
 */
@NullMarked
package io.trafficgovernor.gateway.comeback;

import org.jspecify.annotations.NullMarked;
