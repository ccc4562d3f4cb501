package io.trafficgovernor.ctl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** Calls a node's operator API. Blocks; for command lines and harnesses, not for event loops. */
public final class OperatorClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI base;
  private final Optional<String> token;
  private final HttpClient client;

  /**
   * A client of the node at that address.
   *
   * @param base such as {@code http://127.0.0.1:9900}
   * @param token sent as bearer token, if there is one
   */
  public OperatorClient(URI base, Optional<String> token) {
    this(base, token, Optional.empty());
  }

  /**
   * A client of the node at that address.
   *
   * @param authorities who may have signed the node's certificate; empty for those of the JDK
   */
  public OperatorClient(URI base, Optional<String> token, Optional<SSLContext> authorities) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
    authorities.ifPresent(builder::sslContext);
    this.client = builder.build();
    this.base = requireNonNull(base, "base");
    this.token = requireNonNull(token, "token");
  }

  /** An HTTP answer. */
  public record Reply(int status, String body) {
    public boolean ok() {
      return status / 100 == 2;
    }

    /** The body as JSON. */
    public JsonObject json() {
      return new JsonObject(body);
    }
  }

  /**
   * Reads a path.
   *
   * @throws IOException if the node cannot be reached or does not answer
   */
  public Reply get(String path) throws IOException {
    return send(request(path).GET().build());
  }

  /**
   * Sends a command for the first backend.
   *
   * @param ifMatch the If-Match header, as it stands there
   * @throws IOException if the node cannot be reached or does not answer
   */
  public Reply ramp(String verb, String ifMatch, JsonObject body) throws IOException {
    return ramp(verb, Optional.empty(), ifMatch, body);
  }

  /**
   * Sends a command.
   *
   * @param backend name of the one it is for; empty for the first
   * @param ifMatch the If-Match header, as it stands there
   * @throws IOException if the node cannot be reached or does not answer
   */
  public Reply ramp(String verb, Optional<String> backend, String ifMatch, JsonObject body)
      throws IOException {
    String query = backend.map(name -> "?backend=" + URLEncoder.encode(name, UTF_8)).orElse("");
    return send(
        request("/v1/ramp/" + verb + query)
            .header("If-Match", ifMatch)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  /**
   * Sends a body with that method.
   *
   * @throws IOException if the node cannot be reached or does not answer
   */
  public Reply send(String method, String path, JsonObject body) throws IOException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  /**
   * Sends a body with that method, for the state that If-Match names.
   *
   * @throws IOException if the node cannot be reached or does not answer
   */
  public Reply send(String method, String path, String ifMatch, JsonObject body)
      throws IOException {
    return send(
        request(path)
            .header("If-Match", ifMatch)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.encode()))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
    return builder;
  }

  private Reply send(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + request.uri(), e);
    }
  }
}
