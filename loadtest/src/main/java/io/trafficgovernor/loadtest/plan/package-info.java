/**
 * Who asks for what: classes, systems and the habits of their clients. Start at {@link
 * io.trafficgovernor.loadtest.plan.Population}.
 */
@NullMarked
package io.trafficgovernor.loadtest.plan;

import org.jspecify.annotations.NullMarked;
