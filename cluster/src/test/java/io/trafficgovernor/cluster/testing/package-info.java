/** The contract that every grid has to keep, and helpers for it. */
@NullMarked
package io.trafficgovernor.cluster.testing;

import org.jspecify.annotations.NullMarked;
