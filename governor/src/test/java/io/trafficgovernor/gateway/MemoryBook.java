package io.trafficgovernor.gateway;

import io.trafficgovernor.answers.open.TokenBook;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A book of one process that answers on another thread, and can be away. */
final class MemoryBook implements TokenBook {
  private final Set<String> noted = ConcurrentHashMap.newKeySet();
  volatile boolean away;

  @Override
  public CompletionStage<Boolean> first(String hash) {
    return CompletableFuture.supplyAsync(
        () -> {
          if (away) {
            throw new IllegalStateException("away");
          }
          return noted.add(hash);
        });
  }

  @Override
  public void live(String hash) {
    if (!away) {
      noted.add(hash);
    }
  }

  /** Whether nothing that was shown can be read from it. */
  boolean hides(String token) {
    return noted.stream().noneMatch(each -> each.contains(token));
  }
}
