package io.trafficgovernor.architecture.broken.gateway;

import java.util.concurrent.CompletableFuture;

/** Waits for an answer on the thread that has to bring it. */
public final class SleepyHandler {
  /** Never comes. */
  public String handle() {
    return new CompletableFuture<String>().join();
  }
}
