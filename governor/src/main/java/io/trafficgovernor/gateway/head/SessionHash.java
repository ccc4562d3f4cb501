package io.trafficgovernor.gateway.head;

import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.config.pattern.SessionKeySource;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session of a request: the first source that is present, and the client's address if
 * none is. The same on every node. Immutable, thread-safe.
 */
public final class SessionHash {
  private final List<SessionKeySource> sources;

  /** Looks in those places, in that order. */
  public SessionHash(List<SessionKeySource> sources) {
    this.sources = ordered(sources);
  }

  /** Those before the address: it is always present, and stands at the end anyway. */
  private static List<SessionKeySource> ordered(List<SessionKeySource> sources) {
    int address = sources.indexOf(new SessionKeySource.PeerAddress());
    return List.copyOf(address < 0 ? sources : sources.subList(0, address));
  }

  /** 64-bit hash of the session; the address is asked for only if it is needed. Pure. */
  public long of(MultiMap headers, Supplier<String> clientAddress) {
    for (SessionKeySource source : sources) {
      String found = find(source, headers);
      if (found != null && !found.isEmpty()) {
        return SessionKey.hash(found);
      }
    }
    return SessionKey.hash(clientAddress.get());
  }

  private static @Nullable String find(SessionKeySource source, MultiMap headers) {
    if (source instanceof SessionKeySource.Cookie cookie) {
      return cookie(headers.getAll("cookie"), cookie.name());
    }
    return source instanceof SessionKeySource.Header header ? headers.get(header.name()) : null;
  }

  /** The value of the first cookie of that name; quotes stay. Source: RFC 6265 section 4.2.1. */
  static @Nullable String cookie(List<String> headers, String name) {
    for (String header : headers) {
      int from = 0;
      while (from < header.length()) {
        int semicolon = header.indexOf(';', from);
        int to = semicolon < 0 ? header.length() : semicolon;
        while (from < to && header.charAt(from) == ' ') {
          from++;
        }
        boolean named =
            header.startsWith(name, from)
                && from + name.length() < to
                && header.charAt(from + name.length()) == '=';
        if (named) {
          return header.substring(from + name.length() + 1, to).trim();
        }
        from = to + 1;
      }
    }
    return null;
  }
}
