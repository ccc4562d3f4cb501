/**
 * What the head of a request says, and what becomes of it on its way to the backend. Start at
 * {@link io.trafficgovernor.gateway.head.RequestTarget}, which refuses what two readers could
 * understand differently. Everything here is pure and thread-safe but {@link
 * io.trafficgovernor.gateway.head.ClassClaims}, of which each loop has its own.
 */
@NullMarked
package io.trafficgovernor.gateway.head;

import org.jspecify.annotations.NullMarked;
