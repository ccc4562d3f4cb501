package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.gateway.head.RequestTarget;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client's side of one request. Confined to its event loop. */
public interface Asker {
  /** Whether there is nobody left to answer. */
  boolean over();

  /** To be called before the head of an answer is written. */
  void prepare();

  /** Goes on to the backend, if the law admits it. */
  void decide();

  /** Refuses it: an operator has closed its class. */
  void close();

  /** Refuses it: it would have to wait in the journal, which has no room. */
  void journalFull();

  /**
   * Refuses it: the journal has not taken it in time.
   *
   * @param bodyRead false if the client owes its body; true if the disk does not answer, and the
   *     write may be on it or not
   */
  void late(boolean bodyRead);

  /** Adds the headers with which it would be sent. */
  void headers(MultiMap to);

  /**
   * Reads its body and tells it once; null if it is longer than that, or was sent.
   *
   * @param most bytes
   */
  void body(int most, Consumer<@Nullable Buffer> then);

  /** Its time-out has passed, and there is nothing to give. */
  void timedOut();

  /**
   * What is asked.
   *
   * @param rank of its class
   * @param client hash of its session
   * @param deadlineNanos when its class's time-out passes
   */
  record Asked(
      HttpServerRequest request, RequestTarget target, int rank, long client, long deadlineNanos) {
    public Asked {
      requireNonNull(request, "request");
      requireNonNull(target, "target");
    }
  }
}
