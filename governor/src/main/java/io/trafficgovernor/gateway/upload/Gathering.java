package io.trafficgovernor.gateway.upload;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A streamed body that is read to its end, to be kept: no more of it than so many bytes. Confined
 * to its event loop.
 */
public final class Gathering {
  private final HttpServerRequest from;
  private final Buffer all;
  private final int most;
  private final Consumer<@Nullable Buffer> then;
  private boolean told;

  /**
   * Of a paused request.
   *
   * @param before what was read of it already; null if that is nothing
   * @param most bytes, with what was read before
   * @param then told the body once; null if it is longer
   */
  public Gathering(
      HttpServerRequest from, @Nullable Buffer before, int most, Consumer<@Nullable Buffer> then) {
    this.from = requireNonNull(from, "from");
    this.all = before == null ? Buffer.buffer() : Buffer.buffer().appendBuffer(before);
    this.most = most;
    this.then = requireNonNull(then, "then");
  }

  /** Takes the body from the client from now on. */
  public void begin() {
    from.handler(this::chunk);
    from.endHandler(ignored -> tell(all));
    from.resume();
  }

  private void chunk(Buffer chunk) {
    if (!told && all.length() + chunk.length() > most) {
      tell(null);
    } else if (!told) {
      all.appendBuffer(chunk);
    }
  }

  private void tell(@Nullable Buffer body) {
    if (!told) {
      told = true;
      then.accept(body);
    }
  }

  /** Whether the body has neither ended nor grown too long. */
  public boolean clientOwes() {
    return !told;
  }

  /** How many have come so far. */
  public long bytes() {
    return all.length();
  }
}
