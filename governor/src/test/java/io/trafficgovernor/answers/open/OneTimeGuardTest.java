package io.trafficgovernor.answers.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.VirtualTime;
import io.trafficgovernor.answers.open.OneTimeGuard.By;
import io.trafficgovernor.answers.open.OneTimeGuard.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class OneTimeGuardTest {
  private final VirtualTime time = new VirtualTime();
  private final Map<String, By> noted = new HashMap<>();
  private boolean away;
  private CompletableFuture<Boolean> slow = CompletableFuture.completedFuture(true);
  private final TokenBook book =
      new TokenBook() {
        @Override
        public CompletionStage<Boolean> first(String hash) {
          return away
              ? CompletableFuture.failedFuture(new IllegalStateException("away"))
              : CompletableFuture.completedFuture(noted.put(hash, By.GATEWAY) == null);
        }

        @Override
        public CompletionStage<Boolean> live(String hash) {
          if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("away"));
          }
          boolean unused = noted.putIfAbsent(hash, By.BACKEND) != By.GATEWAY;
          return slow.thenApply(ignored -> unused);
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
    assertThat(live(one, "t")).isTrue();
    assertThat(live(one, "t")).as("the backend's to judge").isTrue();
    assertThat(one.seen("verify", "t")).isFalse();
    assertThat(show(one, "t")).isEqualTo(Verdict.SEEN);
    assertThat(show(other, "t")).isEqualTo(Verdict.SEEN);
    // what was accepted without the backend stays so, whatever is heard of it later
    assertThat(show(one, "u")).isEqualTo(Verdict.FIRST);
    one.learn(OneTimeGuard.hash("verify", "u"), By.BACKEND);
    assertThat(one.seen("verify", "u")).isTrue();
  }

  private static boolean live(OneTimeGuard guard, String token) {
    return guard.live("verify", token).toCompletableFuture().join();
  }

  /** Of two copies of one token, one by the door and one by the backend, one is accepted. */
  @Test
  void live_isNotPassedOn_ifADoorWasFaster() {
    assertThat(show(one, "t")).isEqualTo(Verdict.FIRST);
    assertThat(live(one, "t")).isFalse();
    assertThat(show(other, "else")).as("a door is open there too").isEqualTo(Verdict.FIRST);
    assertThat(live(other, "t")).isFalse();
    assertThat(other.seen("verify", "t")).as("learned by asking").isTrue();
    // negative control: what no door has accepted
    assertThat(live(other, "u")).isTrue();
  }

  /** Nobody waits for the grid where no door was open lately, and nobody is refused without it. */
  @Test
  void live_waitsOnlyWhileADoorWasOpen() {
    slow = new CompletableFuture<>();
    assertThat(one.live("verify", "a").toCompletableFuture()).isCompletedWithValue(true);
    assertThat(show(one, "else")).isEqualTo(Verdict.FIRST);
    assertThat(one.live("verify", "b").toCompletableFuture()).isNotDone();
    time.advanceMillis(60_001);
    assertThat(one.live("verify", "c").toCompletableFuture()).isCompletedWithValue(true);
    one.learn(OneTimeGuard.hash("verify", "x"), By.GATEWAY);
    assertThat(one.live("verify", "d").toCompletableFuture()).as("elsewhere").isNotDone();
    away = true;
    assertThat(live(one, "e")).as("the backend is believed").isTrue();
  }

  @Test
  void hash_hidesTheToken_andTellsClassAndTokenApart() {
    assertThat(OneTimeGuard.hash("a", "bc")).hasSize(32).isNotEqualTo(OneTimeGuard.hash("ab", "c"));
    assertThat(OneTimeGuard.hash("a", "secret")).doesNotContain("secret");
  }
}
