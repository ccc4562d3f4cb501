package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.gateway.head.RequestTarget;
import io.vertx.core.http.HttpServerRequest;

/** The client's side of one request. Confined to its event loop. */
public interface Asker {
  /** Whether there is nobody left to answer. */
  boolean over();

  /** To be called before the head of an answer is written. */
  void prepare();

  /** Goes on to the backend, if the law admits it. */
  void decide();

  /** Its time-out has passed, and there is nothing to give. */
  void timedOut();

  /**
   * What is asked.
   *
   * @param rank of its class
   * @param deadlineNanos when its class's time-out passes
   */
  record Asked(HttpServerRequest request, RequestTarget target, int rank, long deadlineNanos) {
    public Asked {
      requireNonNull(request, "request");
      requireNonNull(target, "target");
    }
  }
}
