package io.trafficgovernor.answers.open;

import java.util.concurrent.CompletionStage;

/** What the cluster remembers of one-time tokens: their hashes, for a while. */
public interface TokenBook {
  /**
   * Notes a token. Never blocks.
   *
   * @return whether nobody in the cluster had noted it; fails if that cannot be known, because the
   *     grid is away or without a majority, or the book is full
   */
  CompletionStage<Boolean> first(String hash);

  /**
   * Notes a token that the backend has accepted. Never blocks.
   *
   * @return whether nobody had accepted it without the backend; fails as {@link #first} does, and
   *     the note may be lost then
   */
  CompletionStage<Boolean> live(String hash);
}
