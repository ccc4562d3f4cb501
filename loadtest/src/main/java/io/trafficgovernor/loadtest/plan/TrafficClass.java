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
 * @param instead what its requests get without the store
 */
public record TrafficClass(
    String name, List<String> after, Duration patience, Duration timeout, Instead instead) {
  /** A class that is given nothing without the store. */
  public TrafficClass(String name, List<String> after, Duration patience, Duration timeout) {
    this(name, after, patience, timeout, Instead.REJECT);
  }

  public TrafficClass {
    requireNonNull(name, "name");
    requireNonNull(patience, "patience");
    requireNonNull(timeout, "timeout");
    requireNonNull(instead, "instead");
    after = List.copyOf(after);
  }
}
