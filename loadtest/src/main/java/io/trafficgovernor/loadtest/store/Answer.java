package io.trafficgovernor.loadtest.store;

/** How the store answers a request. */
public enum Answer {
  OK(200),
  /** Over the provider's quota. */
  QUOTA(429),
  /** The queue is full. */
  FULL(503),
  /** The application failed. */
  FAILED(500),
  /** The request was lost in a restart: the connection breaks. */
  BROKEN(0),
  /** The store is down: no connection. */
  UNREACHABLE(0);

  private final int status;

  Answer(int status) {
    this.status = status;
  }

  /** The HTTP status; 0 where there is none. */
  public int status() {
    return status;
  }
}
