package io.trafficgovernor.config;

import java.time.Duration;
import java.util.Optional;

/** Reads what requests get without the backend, and the bounds of what is kept for that. */
final class InsteadReader {
  private static final Duration USUAL_MAX_STALE = Duration.ofMinutes(10);
  private static final Form<Duration> MAX_STALE =
      Form.duration(Duration.ofSeconds(1), Duration.ofDays(7));
  private static final Form<Duration> MAX_AGE =
      Form.duration(Duration.ofSeconds(1), Duration.ofDays(7));
  private static final Form<Duration> REMEMBER =
      Form.duration(Duration.ofSeconds(1), Duration.ofDays(7));
  private static final Form<String> TOKEN_NAME =
      Form.text("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,64}", "a header's or parameter's name");
  private static final Form<String> CONTENT_TYPE =
      Form.text("[\\x21-\\x7E][\\x20-\\x7E]{0,127}", "a media type");
  private static final Form<String> BODY =
      Form.text("(?s).{0,65536}", "a text of at most 65536 characters");
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
    Optional<OpenAnswer> open =
        section.has("open-answer")
            ? Optional.of(open(section.section("open-answer")))
            : Optional.empty();
    if (onShed == OnShed.FAIL_OPEN && open.isEmpty()) {
      section.fault("open-answer", "is missing; allowed: what is given with on-shed: fail-open");
    }
    return new ClassConfig.Instead(onShed, maxStale, open);
  }

  private static OpenAnswer open(Section section) {
    int status = section.optional("status", Form.whole(200, 299), 200);
    String type = section.optional("content-type", CONTENT_TYPE, "application/json");
    String body = section.optional("body", BODY, "");
    Optional<OpenAnswer.OneTime> oneTime =
        section.has("one-time")
            ? Optional.of(oneTime(section.section("one-time")))
            : Optional.empty();
    section.end();
    return new OpenAnswer(status, type, body, oneTime);
  }

  private static OpenAnswer.OneTime oneTime(Section section) {
    Optional<String> header = section.present("header", TOKEN_NAME, "X-Token");
    Optional<String> query = section.present("query", TOKEN_NAME, "token");
    Duration remember = section.optional("remember", REMEMBER, Duration.ofHours(1));
    int most = section.optional("most", Form.whole(1000, 10_000_000), 100_000);
    boolean alsoLive = section.optional("also-live", Form.flag(), false);
    section.end();
    if (header.isPresent() == query.isPresent()) {
      section.fault("header", "got both or none of header and query, allowed: one of them");
    }
    OpenAnswer.Place place = query.isPresent() ? OpenAnswer.Place.QUERY : OpenAnswer.Place.HEADER;
    return new OpenAnswer.OneTime(
        place, query.or(() -> header).orElse("X-Token"), remember, most, alsoLive);
  }

  /** The section of the node's journal. */
  static GovernorConfig.Journal journal(Section section) {
    GovernorConfig.Journal journal =
        new GovernorConfig.Journal(
            section.optional("max-bytes", Form.bytes(MIB, 16 * GIB), 64 * MIB),
            section.optional("max-body", Form.bytes(KIB, 4 * MIB), 64 * KIB).intValue(),
            section.optional("max-age", MAX_AGE, Duration.ofHours(1)));
    section.end();
    return journal;
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
