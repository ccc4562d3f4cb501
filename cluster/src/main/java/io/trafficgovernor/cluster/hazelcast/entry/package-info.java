/**
 * The entry and the steps that its owner takes on it. Start at {@link
 * io.trafficgovernor.cluster.hazelcast.entry.LedgerProcessor}.
 */
@NullMarked
package io.trafficgovernor.cluster.hazelcast.entry;

import org.jspecify.annotations.NullMarked;
