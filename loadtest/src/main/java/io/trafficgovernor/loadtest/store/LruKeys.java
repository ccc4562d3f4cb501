package io.trafficgovernor.loadtest.store;

import java.util.LinkedHashMap;
import java.util.Map;

/** The keys in the cache; the least recently used goes first. Not thread-safe. */
final class LruKeys {
  private final Map<Integer, Boolean> keys;

  LruKeys(int limit) {
    keys =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > limit;
          }
        };
  }

  /** Whether the key is there; it becomes the most recently used. */
  boolean hit(int key) {
    return keys.get(key) != null;
  }

  void add(int key) {
    keys.put(key, true);
  }

  void clear() {
    keys.clear();
  }

  /** Forgets every second key. */
  void halve() {
    boolean[] odd = {false};
    keys.keySet().removeIf(key -> odd[0] ^= true);
  }

  int size() {
    return keys.size();
  }
}
