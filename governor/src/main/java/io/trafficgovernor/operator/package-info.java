/**
 * The operator's door: status, commands, audit and health over HTTP, on a port and an event loop of
 * its own. Start at {@link io.trafficgovernor.operator.OperatorVerticle}, whose head is the route
 * table.
 */
@NullMarked
package io.trafficgovernor.operator;

import org.jspecify.annotations.NullMarked;
