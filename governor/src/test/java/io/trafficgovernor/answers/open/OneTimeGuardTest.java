package io.trafficgovernor.answers.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.answers.open.OneTimeGuard.By;
import io.trafficgovernor.answers.open.OneTimeGuard.Verdict;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class OneTimeGuardTest {
  private final VirtualTime time = new VirtualTime();
  private final Set<String> noted = new HashSet<>();
  private boolean away;
  private final TokenBook book =
      new TokenBook() {
        @Override
        public CompletionStage<Boolean> first(String hash) {
          return away
              ? CompletableFuture.failedFuture(new IllegalStateException("away"))
              : CompletableFuture.completedFuture(noted.add(hash));
        }

        @Override
        public void live(String hash) {
          noted.add(hash);
        }
      };
  private final OneTimeGuard one = guard();
  private final OneTimeGuard other = guard();

  private OneTimeGuard guard() {
    return new OneTimeGuard(book, 1000, Duration.ofMinutes(10), time);
  }

  private static Verdict show(OneTimeGuard guard, String token) {
    return guard.show("verify", token).toCompletableFuture().join();
  }

  @Test
  void token_isFirstOnce_onWhateverNode() {
    assertThat(show(one, "t")).isEqualTo(Verdict.FIRST);
    assertThat(show(one, "t")).isEqualTo(Verdict.SEEN);
    assertThat(show(other, "t")).isEqualTo(Verdict.SEEN);
    assertThat(show(other, "u")).isEqualTo(Verdict.FIRST);
  }

  @Test
  void gridAway_nothingIsAccepted_andNothingIsUsedUp() {
    away = true;
    assertThat(show(one, "t")).isEqualTo(Verdict.UNKNOWN);
    assertThat(show(one, "t")).isEqualTo(Verdict.UNKNOWN);
    away = false;
    assertThat(show(one, "t")).isEqualTo(Verdict.FIRST);
    away = true;
    assertThat(show(one, "t")).as("known here").isEqualTo(Verdict.SEEN);
  }

  @Test
  void learned_isSeen_alsoWithoutTheGrid() {
    assertThat(one.seen("verify", "t")).isFalse();
    one.learn(OneTimeGuard.hash("verify", "t"), By.GATEWAY);
    assertThat(one.seen("verify", "t")).isTrue();
    assertThat(one.seen("other", "t")).as("another class's").isFalse();
    time.advanceMillis(600_001);
    assertThat(one.seen("verify", "t")).isFalse();
  }

  /** The backend knows what it has accepted: only while it is away the guard answers for it. */
  @Test
  void live_isNotAcceptedOnceMore_andNotRefusedForTheBackend() {
    one.live("verify", "t");
    assertThat(one.seen("verify", "t")).isFalse();
    assertThat(show(one, "t")).isEqualTo(Verdict.SEEN);
    assertThat(show(other, "t")).isEqualTo(Verdict.SEEN);
    // what was accepted without the backend stays so, whatever is heard of it later
    assertThat(show(one, "u")).isEqualTo(Verdict.FIRST);
    one.learn(OneTimeGuard.hash("verify", "u"), By.BACKEND);
    assertThat(one.seen("verify", "u")).isTrue();
  }

  @Test
  void hash_hidesTheToken_andTellsClassAndTokenApart() {
    assertThat(OneTimeGuard.hash("a", "bc")).hasSize(32).isNotEqualTo(OneTimeGuard.hash("ab", "c"));
    assertThat(OneTimeGuard.hash("a", "secret")).doesNotContain("secret");
  }
}
