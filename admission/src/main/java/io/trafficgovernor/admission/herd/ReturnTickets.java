package io.trafficgovernor.admission.herd;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * Signed tickets that show when their holder was called back. Whoever comes in time is served
 * before newcomers of the same class; a ticket gives nothing else, so a stolen one is worth little.
 *
 * <p>A ticket holds the instant and a MAC over it, the class, the session and the incident: it is
 * good on every node, for one session, and void with the next incident. Without a configured secret
 * the incident's salt, which never leaves the cluster, is all that a forger lacks.
 *
 * <p>Not thread-safe: one for each event loop. Instants are wall-clock milliseconds, since they
 * travel between machines; they decide on precedence only, never on a rate.
 */
public final class ReturnTickets {
  /** How long after its instant a ticket is good. */
  public static final long GOOD_MILLIS = 30_000;

  /** How much too early one may come: clocks of nodes differ. */
  public static final long EARLY_MILLIS = 250;

  private static final String PURPOSE = "governor return ticket";
  private static final int TICKET_BYTES = Long.BYTES + Seal.BYTES;
  private static final int TEXT_LENGTH = TICKET_BYTES / 3 * 4;

  private final Seal seal;

  /**
   * Whose a ticket is.
   *
   * @param rank of the request's class
   * @param sessionHash of the request
   * @param incidentSalt of the present incident
   */
  public record Holder(int rank, long sessionHash, long incidentSalt) {}

  /**
   * Tickets under that secret, which is the same on every node.
   *
   * @param secret empty to rely on the incident's salt
   */
  public ReturnTickets(Optional<String> secret) {
    seal = new Seal(PURPOSE, secret.orElse(""));
  }

  /** A ticket for coming back at that instant: 32 characters that need no escaping. */
  public String issue(Holder holder, long atMillis) {
    byte[] ticket =
        ByteBuffer.allocate(TICKET_BYTES)
            .putLong(atMillis)
            .put(seal.of(claim(holder, atMillis)))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(ticket);
  }

  private static byte[] claim(Holder holder, long atMillis) {
    return ByteBuffer.allocate(Integer.BYTES + 3 * Long.BYTES)
        .putInt(holder.rank())
        .putLong(holder.sessionHash())
        .putLong(holder.incidentSalt())
        .putLong(atMillis)
        .array();
  }

  /** Whether the text is a ticket of that holder, and comes in time. */
  public boolean due(String text, Holder holder, long nowMillis) {
    if (text.length() != TEXT_LENGTH) {
      return false;
    }
    ByteBuffer ticket;
    try {
      ticket = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (ticket.remaining() != Long.BYTES + Seal.BYTES) {
      return false;
    }
    long atMillis = ticket.getLong();
    byte[] shown = new byte[Seal.BYTES];
    ticket.get(shown);
    return seal.fits(shown, claim(holder, atMillis))
        && nowMillis >= atMillis - EARLY_MILLIS
        && nowMillis <= atMillis + GOOD_MILLIS;
  }
}
