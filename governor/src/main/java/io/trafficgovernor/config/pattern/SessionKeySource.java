package io.trafficgovernor.config.pattern;

import static java.util.Objects.requireNonNull;

/** Where the identity of a session is looked for. */
public sealed interface SessionKeySource {
  /** The value of that cookie. */
  record Cookie(String name) implements SessionKeySource {
    public Cookie {
      requireNonNull(name, "name");
    }
  }

  /** The value of that header. */
  record Header(String name) implements SessionKeySource {
    public Header {
      requireNonNull(name, "name");
    }
  }

  /** The client's address; always present. */
  record PeerAddress() implements SessionKeySource {}
}
