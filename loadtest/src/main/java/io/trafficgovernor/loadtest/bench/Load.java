package io.trafficgovernor.loadtest.bench;

/**
 * What a load generator has seen in one run.
 *
 * @param requests answers, of any status
 * @param perSecond the same, per second
 * @param p50Millis median time of an answer
 * @param p99Millis its 99th percentile
 * @param refused answers that are not 2xx or 3xx
 * @param broken connections that broke or timed out
 */
record Load(
    long requests,
    double perSecond,
    double p50Millis,
    double p99Millis,
    long refused,
    long broken) {}
