package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * The answer of a class that fails open.
 *
 * @param status 200 to 299
 * @param oneTime the guard, if what opens the door may be used once only
 */
public record OpenAnswer(int status, String contentType, String body, Optional<OneTime> oneTime) {
  public OpenAnswer {
    requireNonNull(contentType, "contentType");
    requireNonNull(body, "body");
    requireNonNull(oneTime, "oneTime");
  }

  /** Where a one-time token stands in a request. */
  public enum Place {
    HEADER,
    QUERY
  }

  /**
   * The one-time guard.
   *
   * @param name of the header or of the query's parameter
   * @param remember how long a token is known after it was accepted
   * @param most tokens that are remembered in the whole cluster
   * @param alsoLive whether tokens that the backend accepts are remembered too
   */
  public record OneTime(Place place, String name, Duration remember, int most, boolean alsoLive) {
    public OneTime {
      requireNonNull(place, "place");
      requireNonNull(name, "name");
      requireNonNull(remember, "remember");
    }
  }
}
