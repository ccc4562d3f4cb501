/**
 * Real member processes that are killed, frozen and restarted, and a witness of what they were
 * granted. Start at {@link io.trafficgovernor.cluster.chaos.MemberFaultsIT}.
 */
@NullMarked
package io.trafficgovernor.cluster.chaos;

import org.jspecify.annotations.NullMarked;
