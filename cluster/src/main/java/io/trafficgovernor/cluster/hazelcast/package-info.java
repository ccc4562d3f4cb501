/**
 * The grid on Hazelcast: one map entry per backend, stepped by entry processors on its owner. Start
 * at {@link io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid}.
 */
@NullMarked
package io.trafficgovernor.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
