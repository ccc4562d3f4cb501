/**
 * What a request costs: the governor beside a bare forwarder, HAProxy and nginx, in front of the
 * same origin and under the same load. Start at {@link
 * io.trafficgovernor.loadtest.bench.GatewayBench}.
 */
@NullMarked
package io.trafficgovernor.loadtest.bench;

import org.jspecify.annotations.NullMarked;
