package io.trafficgovernor.operator;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * A file of the jar, read once and served from memory. They hold nothing about this node, so
 * everybody may read them; the page asks the API for its figures, with the reader's token.
 */
record Page(String type, Buffer body) {
  /** Only our own files, no script or style in the page itself, and nobody may frame it. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  /**
   * The file of that name.
   *
   * @throws IllegalStateException if the jar lacks it
   */
  static Page of(String name, String type) {
    try (InputStream in = Page.class.getResourceAsStream("/operator/" + name)) {
      if (in == null) {
        throw new IllegalStateException("this jar lacks operator/" + name);
      }
      return new Page(type, Buffer.buffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void serve(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Type", type)
        .putHeader("Cache-Control", "no-cache")
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .end(body);
  }
}
