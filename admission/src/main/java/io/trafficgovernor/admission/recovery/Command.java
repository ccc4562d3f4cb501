package io.trafficgovernor.admission.recovery;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * An operator's order.
 *
 * @param actor who; not empty
 * @param reason why; not empty
 * @param ifMatch the epoch the operator saw; empty means "whatever it is now"
 * @param ratePerSecond for {@link Verb#PIN}, more than 0; ignored otherwise
 */
public record Command(
    Verb verb, String actor, String reason, OptionalLong ifMatch, double ratePerSecond) {
  public Command {
    requireNonNull(verb, "verb");
    requireNonNull(actor, "actor");
    requireNonNull(reason, "reason");
    requireNonNull(ifMatch, "ifMatch");
    if (verb == Verb.PIN && !(ratePerSecond > 0 && Double.isFinite(ratePerSecond))) {
      throw new IllegalArgumentException(
          "rps: got " + ratePerSecond + ", allowed a number above 0");
    }
    if (ifMatch.isEmpty() && !verb.stops()) {
      throw new IllegalArgumentException(
          "If-Match of " + verb.word() + ": got *, allowed an epoch");
    }
  }
}
