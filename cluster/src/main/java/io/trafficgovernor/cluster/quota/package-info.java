/**
 * How much each tenant may ask for, over all nodes. Start at {@link
 * io.trafficgovernor.cluster.quota.TenantQuotas}: requests are counted here, and what they may use
 * is fetched from the grid in the background.
 */
@NullMarked
package io.trafficgovernor.cluster.quota;

import org.jspecify.annotations.NullMarked;
