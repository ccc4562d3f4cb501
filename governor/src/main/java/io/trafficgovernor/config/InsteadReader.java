package io.trafficgovernor.config;

import java.time.Duration;
import java.util.Optional;

/** Reads what requests get without the backend, and the bounds of what is kept for that. */
final class InsteadReader {
  private static final Duration USUAL_MAX_STALE = Duration.ofMinutes(10);
  private static final Form<Duration> MAX_STALE =
      Form.duration(Duration.ofSeconds(1), Duration.ofDays(7));
  private static final long KIB = 1L << 10;
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private InsteadReader() {}

  /** The keys of one class. */
  static ClassConfig.Instead read(Section section) {
    OnShed onShed = section.optional("on-shed", Form.oneOf(OnShed.class), OnShed.REJECT);
    Optional<Duration> maxStale = section.present("max-stale", MAX_STALE, USUAL_MAX_STALE);
    if (onShed == OnShed.STALE && maxStale.isEmpty()) {
      maxStale = Optional.of(USUAL_MAX_STALE);
    }
    return new ClassConfig.Instead(onShed, maxStale);
  }

  /** The section of the node's cache. */
  static GovernorConfig.Cache cache(Section section) {
    long total = section.optional("max-bytes", Form.bytes(MIB, 64 * GIB), 64 * MIB);
    long answer = section.optional("max-answer", Form.bytes(KIB, 64 * MIB), MIB);
    section.end();
    if (answer > total / 4) {
      section.fault(
          "max-answer",
          "got "
              + Form.shownBytes(answer)
              + ", allowed at most a quarter of max-bytes: "
              + Form.shownBytes(total / 4));
    }
    return new GovernorConfig.Cache(total, (int) answer);
  }
}
