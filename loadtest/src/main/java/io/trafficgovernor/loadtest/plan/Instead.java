package io.trafficgovernor.loadtest.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a class's requests get without the store, as the governor is configured for it. */
public enum Instead {
  /** A refusal. */
  REJECT,
  /** What the store answered earlier. */
  STALE,
  /** A configured answer; the request shows a token that is good for one time. */
  FAIL_OPEN,
  /** A receipt: the write is on disk and will be delivered. */
  JOURNAL;

  /** The word of {@code on-shed}: the name in lower case, words joined by a hyphen. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Every word. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Instead::word).toList();
  }

  /** What that word stands for. */
  public static Optional<Instead> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
