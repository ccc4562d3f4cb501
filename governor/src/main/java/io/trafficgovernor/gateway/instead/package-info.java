/**
 * What a request gets in place of the backend's answer, seen from the event loop. Start at {@link
 * io.trafficgovernor.gateway.instead.Instead}; what is kept and when it may be given is the
 * business of the packages below {@code answers}.
 */
@NullMarked
package io.trafficgovernor.gateway.instead;

import org.jspecify.annotations.NullMarked;
