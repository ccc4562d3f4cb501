/**
 * How nodes share one ledger: a port for the grid, and the holder that keeps a node's lease fresh.
 * Start at {@link io.trafficgovernor.cluster.LeaseHolder}.
 */
@NullMarked
package io.trafficgovernor.cluster;

import org.jspecify.annotations.NullMarked;
