package io.trafficgovernor.loadtest.plan;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/**
 * A class of requests as the governor is configured for it.
 *
 * @param name unique; also the first segment of its requests' paths
 * @param after names of the classes it depends on
 * @param patience longest wait at a gateway
 * @param timeout the gateway's time to the response head
 */
public record TrafficClass(String name, List<String> after, Duration patience, Duration timeout) {
  public TrafficClass {
    requireNonNull(name, "name");
    requireNonNull(patience, "patience");
    requireNonNull(timeout, "timeout");
    after = List.copyOf(after);
  }
}
