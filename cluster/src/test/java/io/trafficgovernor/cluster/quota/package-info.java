/** Quotas in virtual time, with a grid that can be away. */
@NullMarked
package io.trafficgovernor.cluster.quota;

import org.jspecify.annotations.NullMarked;
