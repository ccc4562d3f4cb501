/**
 * What happens to one request on its node. Start at {@link
 * io.trafficgovernor.admission.request.AdmissionController#decide}: a request is admitted with a
 * permit, waits in its class's room, or is shed; the permit ends exactly once.
 */
@NullMarked
package io.trafficgovernor.admission.request;

import org.jspecify.annotations.NullMarked;
