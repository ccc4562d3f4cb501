package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** One address of the backend. Plain HTTP; TLS is not built yet. */
public record Origin(String host, int port) {
  private static final int DEFAULT_PORT = 80;

  public Origin {
    requireNonNull(host, "host");
  }

  /** The origin of {@code http://host:port}; empty if the text is anything else. Pure. */
  public static Optional<Origin> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    boolean bare =
        "http".equals(uri.getScheme())
            && uri.getHost() != null
            && uri.getUserInfo() == null
            && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getPort() != 0
            && uri.getPort() <= 65535;
    if (!bare) {
      return Optional.empty();
    }
    String host = uri.getHost().replaceAll("^\\[|\\]$", "");
    return Optional.of(new Origin(host, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort()));
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
