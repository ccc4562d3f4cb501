package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * One address of the backend.
 *
 * @param tls whether it is spoken to in TLS
 */
public record Origin(String host, int port, boolean tls) {
  private static final int DEFAULT_PORT = 80;
  private static final int DEFAULT_TLS_PORT = 443;

  /** A plain one. */
  public Origin(String host, int port) {
    this(host, port, false);
  }

  public Origin {
    requireNonNull(host, "host");
  }

  /**
   * The origin of {@code http://host:port} or {@code https://host:port}; empty if the text is
   * anything else. Pure.
   */
  public static Optional<Origin> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
    boolean tls = "https".equals(uri.getScheme());
    boolean bare =
        (tls || "http".equals(uri.getScheme()))
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
    int byDefault = tls ? DEFAULT_TLS_PORT : DEFAULT_PORT;
    return Optional.of(new Origin(host, uri.getPort() < 0 ? byDefault : uri.getPort(), tls));
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
