package io.trafficgovernor.gateway;

import io.trafficgovernor.answers.open.TokenBook;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A book of one process that answers on another thread, and can be away. */
final class MemoryBook implements TokenBook {
  private static final String GATEWAY = "gateway";

  private final Map<String, String> noted = new ConcurrentHashMap<>();
  volatile boolean away;

  /** Until it is done nobody is told what the backend's note came to. */
  volatile CompletableFuture<Void> slow = CompletableFuture.completedFuture(null);

  @Override
  public CompletionStage<Boolean> first(String hash) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (away) {
            throw new IllegalStateException("away");
          }
          return noted.put(hash, GATEWAY) == null;
        });
  }

  @Override
  public CompletionStage<Boolean> live(String hash) {
    return slow.thenApplyAsync(
        ignored -> {
          if (away) {
            throw new IllegalStateException("away");
          }
          return noted.computeIfAbsent(hash, none -> "backend").equals(GATEWAY) == false;
        });
  }

  /** Whether nothing that was shown can be read from it. */
  boolean hides(String token) {
    return noted.keySet().stream().noneMatch(each -> each.contains(token));
  }
}
