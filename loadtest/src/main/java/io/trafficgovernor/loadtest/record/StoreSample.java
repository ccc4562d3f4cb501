package io.trafficgovernor.loadtest.record;

/**
 * The store at one instant.
 *
 * @param capacityPerSecond what it could serve; 0 while it is down
 * @param hitShare share of cache hits, in [0, 1]
 * @param backlog requests waiting or in service
 * @param restarts how often it restarted by itself
 * @param arrivals requests that reached it so far, probes included
 */
public record StoreSample(
    long atNanos,
    boolean up,
    double capacityPerSecond,
    double hitShare,
    int backlog,
    int restarts,
    long arrivals) {}
