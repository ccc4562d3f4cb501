/**
 * What happened, as a file tells it, and the clients and the store that a replay makes of it. Start
 * at {@link io.trafficgovernor.loadtest.incident.Incident}.
 */
@NullMarked
package io.trafficgovernor.loadtest.incident;

import org.jspecify.annotations.NullMarked;
