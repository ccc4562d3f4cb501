/**
 * What a node remembers of the ledger across a restart of the whole grid. Start at {@link
 * io.trafficgovernor.cluster.memory.StateKeeper}.
 */
@NullMarked
package io.trafficgovernor.cluster.memory;

import org.jspecify.annotations.NullMarked;
