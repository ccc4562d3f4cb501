/**
 * The data path: one request from the client's first byte to the last byte of its answer. Start at
 * {@link io.trafficgovernor.gateway.Exchange}: a request is checked, classified, decided on,
 * forwarded and answered; {@link io.trafficgovernor.gateway.GatewayVerticle} is the door it comes
 * in by, and package {@code origin} the way to the backend. All of it runs on the event loop of the
 * client's connection; nothing here blocks, and nothing talks to the grid.
 */
@NullMarked
package io.trafficgovernor.gateway;

import org.jspecify.annotations.NullMarked;
