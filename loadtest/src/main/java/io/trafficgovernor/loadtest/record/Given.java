package io.trafficgovernor.loadtest.record;

import java.util.List;

/**
 * What the clients of a governed run were given without the store, and what became of it.
 *
 * @param systems in the order of the population
 */
public record Given(List<OfSystem> systems, Ages ages, Writes writes, Tokens tokens) {
  public Given {
    systems = List.copyOf(systems);
  }

  /**
   * What one system's clients were given.
   *
   * @param stale answers that the store had given earlier
   * @param oldestSeconds age that the oldest of them told
   * @param journaled writes acknowledged with a receipt
   * @param lost those of them that the store has not done by the end
   * @param opened tokens accepted without the store
   * @param used tokens refused because they had been accepted before
   */
  public record OfSystem(
      long stale, double oldestSeconds, long journaled, long lost, long opened, long used) {}

  /**
   * Whether stale answers told their age.
   *
   * @param answers how many there were
   * @param untold those without an age
   * @param wrong those whose age was not that since the store made them
   * @param worstErrorSeconds furthest that an age was off
   */
  public record Ages(long answers, long untold, long wrong, double worstErrorSeconds) {}

  /**
   * What became of acknowledged writes.
   *
   * @param acknowledged writes with a receipt
   * @param lost those of them that the store has not done by the end
   * @param repeats deliveries that the store knew as done, by their key, and did not do again
   * @param waiting still in the governors' journals at the end
   * @param reported told to be expired or refused by the governors
   */
  public record Writes(long acknowledged, long lost, long repeats, long waiting, long reported) {}

  /**
   * What became of one-time tokens.
   *
   * @param accepted by the store or without it, at least once
   * @param opened accepted without it
   * @param again shown once more after they were accepted, or twice at once
   * @param twice accepted more than once
   * @param openedTwice those of them that were accepted twice without the store
   */
  public record Tokens(long accepted, long opened, long again, long twice, long openedTwice) {}
}
