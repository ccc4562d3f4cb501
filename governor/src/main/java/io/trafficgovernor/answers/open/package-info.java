/**
 * The guard of a door that fails open: what may be used once is not accepted twice. Start at {@link
 * io.trafficgovernor.answers.open.OneTimeGuard}; the cluster's memory is behind the port {@link
 * io.trafficgovernor.answers.open.TokenBook}.
 */
@NullMarked
package io.trafficgovernor.answers.open;

import org.jspecify.annotations.NullMarked;
