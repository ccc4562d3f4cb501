package io.trafficgovernor.answers.stale;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads HTTP dates. Source: RFC 9110 section 5.6.7, the two obsolete forms included. */
final class HttpDate {
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
  private static final DateTimeFormatter RFC_850 =
      DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ROOT);

  private HttpDate() {}

  /** Milliseconds since 1970; empty if it is no date, as in {@code Expires: 0}. Pure. */
  static OptionalLong millis(@Nullable String text) {
    if (text == null || text.length() < 24) {
      return OptionalLong.empty();
    }
    String date = text.trim();
    try {
      if (date.charAt(3) == ',') {
        return of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME));
      }
      DateTimeFormatter form = date.indexOf(',') < 0 ? ASCTIME : RFC_850;
      return of(LocalDateTime.parse(date, form).atZone(ZoneOffset.UTC));
    } catch (DateTimeException malformed) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong of(ZonedDateTime date) {
    return OptionalLong.of(date.toInstant().toEpochMilli());
  }
}
