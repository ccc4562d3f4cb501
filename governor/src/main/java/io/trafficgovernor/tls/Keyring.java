package io.trafficgovernor.tls;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Scheduler;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The certificates of a node.
 *
 * @param listen what clients see; empty if they come in plain
 * @param operator what operators see; empty if they come in plain
 * @param backend what the node shows to origins with TLS; empty if there are none
 * @param fallback the same for the origins of the second store
 */
public record Keyring(
    Optional<Certificates> listen,
    Optional<Certificates> operator,
    Optional<Certificates> backend,
    Optional<Certificates> fallback) {
  public Keyring {
    requireNonNull(listen, "listen");
    requireNonNull(operator, "operator");
    requireNonNull(backend, "backend");
    requireNonNull(fallback, "fallback");
  }

  /** No TLS anywhere. */
  public static Keyring none() {
    return new Keyring(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Looks at all the files from time to time, on the scheduler's thread. */
  public void watch(Scheduler scheduler) {
    Stream.of(listen, operator, backend, fallback)
        .flatMap(Optional::stream)
        .forEach(each -> each.watch(scheduler));
  }
}
