/** The tokens a node may spend. Start at {@link io.trafficgovernor.admission.pool.TokenPool}. */
@NullMarked
package io.trafficgovernor.admission.pool;

import org.jspecify.annotations.NullMarked;
