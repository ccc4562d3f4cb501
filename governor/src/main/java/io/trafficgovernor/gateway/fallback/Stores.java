package io.trafficgovernor.gateway.fallback;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ShedReason;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** The stores of one event loop, and which of them a request goes to. Confined to it. */
public final class Stores {
  private final Store first;
  private final @Nullable Store second;
  private final Diversion diversion;

  /** The protected one alone. */
  public Stores(Store first) {
    this.first = requireNonNull(first, "first");
    this.second = null;
    this.diversion = Diversion.none();
  }

  /** Two of them. */
  public Stores(Store first, Store second, Diversion diversion) {
    this.first = requireNonNull(first, "first");
    this.second = requireNonNull(second, "second");
    this.diversion = requireNonNull(diversion, "diversion");
  }

  /** The one that every request is for. */
  public Store first() {
    return first;
  }

  /**
   * Where else a request may go that was refused.
   *
   * @param refusing the store whose admission did
   * @param rank of the request's class
   * @return null if nowhere; else its own admission decides
   */
  public @Nullable Store instead(
      Store refusing, HttpServerRequest request, int rank, ShedReason why, long nowNanos) {
    Store other = second;
    boolean goes =
        other != null
            && !refusing.isSecond()
            && diversion.takes(rank, request.method(), why, nowNanos)
            && !"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
    return goes ? other : null;
  }

  /** Closes every connection to them. */
  public void close() {
    first.origins().close();
    if (second != null) {
      second.origins().close();
    }
  }
}
