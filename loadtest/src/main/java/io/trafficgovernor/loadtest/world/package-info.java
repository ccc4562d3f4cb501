/**
 * A cluster in virtual time: the production admission, lease holder and ledger on nodes whose
 * clocks drift and whose messages are late, lost or doubled. Start at {@link
 * io.trafficgovernor.loadtest.world.Cluster}.
 */
@NullMarked
package io.trafficgovernor.loadtest.world;

import org.jspecify.annotations.NullMarked;
