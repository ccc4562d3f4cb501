package io.trafficgovernor.loadtest.live;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/** Where clients knock: an address that speaks plain HTTP. */
public record Door(String host, int port) {
  private static final int HTTP_PORT = 80;

  public Door {
    requireNonNull(host, "host");
  }

  /** A port of the loopback address. */
  public static Door loopback(int port) {
    return new Door("127.0.0.1", port);
  }

  /**
   * The door that such a URL names.
   *
   * @throws IllegalArgumentException if it is no http URL, or has a path or a query
   */
  public static Door of(String url) {
    URI uri = URI.create(url);
    boolean bare = uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
    if (!"http".equals(uri.getScheme())
        || uri.getHost() == null
        || !bare
        || uri.getQuery() != null) {
      throw new IllegalArgumentException(
          "URL: got '" + url + "', allowed such as http://127.0.0.1:8080");
    }
    return new Door(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
  }
}
