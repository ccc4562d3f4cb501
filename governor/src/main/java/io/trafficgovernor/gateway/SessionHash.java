package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.config.SessionKeySource;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the session of a request: the first source that is present, and the client's address if
 * none is. The same on every node. Immutable, thread-safe.
 */
final class SessionHash {
  private final List<SessionKeySource> sources;

  SessionHash(List<SessionKeySource> sources) {
    this.sources = List.copyOf(sources);
  }

  /** 64-bit hash of the session. Pure. */
  long of(MultiMap headers, String clientAddress) {
    for (SessionKeySource source : sources) {
      String found = find(source, headers, clientAddress);
      if (found != null && !found.isEmpty()) {
        return SessionKey.hash(found);
      }
    }
    return SessionKey.hash(clientAddress);
  }

  private static @Nullable String find(
      SessionKeySource source, MultiMap headers, String clientAddress) {
    if (source instanceof SessionKeySource.Cookie cookie) {
      return cookie(headers.getAll("cookie"), cookie.name());
    }
    if (source instanceof SessionKeySource.Header header) {
      return headers.get(header.name());
    }
    return clientAddress;
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
