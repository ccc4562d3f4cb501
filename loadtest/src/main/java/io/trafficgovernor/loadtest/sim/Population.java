package io.trafficgovernor.loadtest.sim;

import io.trafficgovernor.loadtest.store.Zipf;
import java.util.List;

/**
 * Who asks for what.
 *
 * @param ratePerSecond first attempts of all systems together
 * @param systems their shares add up to 1
 * @param honouring part of the clients that wait as long as Retry-After says
 * @param keys how keys are drawn
 */
record Population(double ratePerSecond, List<Client> systems, double honouring, Zipf keys) {
  /**
   * One system's clients.
   *
   * @param rank of the class its requests belong to
   * @param retries further attempts after a failed one
   * @param backoffSeconds pause before the first retry; doubles with each
   */
  record Client(
      String name,
      int rank,
      double share,
      double timeoutSeconds,
      int retries,
      double backoffSeconds) {}

  Population {
    systems = List.copyOf(systems);
    double sum = systems.stream().mapToDouble(Client::share).sum();
    if (Math.abs(sum - 1) > 1e-6) {
      throw new IllegalArgumentException(
          "shares of the systems: got a sum of " + sum + ", allowed 1");
    }
  }
}
