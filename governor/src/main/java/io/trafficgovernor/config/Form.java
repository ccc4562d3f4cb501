package io.trafficgovernor.config;

import io.trafficgovernor.config.YamlNode.Kind;
import io.trafficgovernor.config.YamlNode.Scalar;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a value must look like.
 *
 * @param allowed in words, for the fault's message
 * @param parse the value; empty if it is not of this form
 */
record Form<T>(String allowed, Function<Scalar, Optional<T>> parse) {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)/(s|m|h)");
  private static final Pattern BYTES = Pattern.compile("(\\d{1,9})(KiB|MiB|GiB)");
  private static final double MAX_RATE_PER_SECOND = 1_000_000;

  /** Text that matches as a whole. */
  static Form<String> text(String regex, String allowed) {
    Pattern pattern = Pattern.compile(regex);
    return new Form<>(
        allowed,
        scalar ->
            scalar.kind() == Kind.TEXT && pattern.matcher(scalar.text()).matches()
                ? Optional.of(scalar.text())
                : Optional.empty());
  }

  /** Text that some parser understands. */
  static <T> Form<T> parsed(String allowed, Function<String, Optional<T>> parser) {
    return new Form<>(
        allowed,
        scalar -> scalar.kind() == Kind.TEXT ? parser.apply(scalar.text()) : Optional.<T>empty());
  }

  static Form<Integer> whole(int min, int max) {
    return new Form<>(
        "a whole number from " + min + " to " + max,
        scalar -> {
          if (scalar.kind() != Kind.NUMBER || !scalar.text().matches("-?\\d{1,9}")) {
            return Optional.empty();
          }
          int value = Integer.parseInt(scalar.text());
          return value < min || value > max ? Optional.empty() : Optional.of(value);
        });
  }

  static Form<Double> factor() {
    return new Form<>(
        "a number above 1 and at most 100",
        scalar -> {
          if (scalar.kind() != Kind.NUMBER || !scalar.text().matches("\\d{1,3}(\\.\\d{1,9})?")) {
            return Optional.empty();
          }
          double value = Double.parseDouble(scalar.text());
          return value > 1 && value <= 100 ? Optional.of(value) : Optional.empty();
        });
  }

  /** A number, fractions included. */
  static Form<Double> number(double min, double max) {
    return new Form<>(
        "a number from " + min + " to " + max,
        scalar -> {
          if (scalar.kind() != Kind.NUMBER || !scalar.text().matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Optional.empty();
          }
          double value = Double.parseDouble(scalar.text());
          return value >= min && value <= max ? Optional.of(value) : Optional.empty();
        });
  }

  static Form<Boolean> flag() {
    return new Form<>(
        "true or false",
        scalar ->
            scalar.kind() == Kind.FLAG
                ? Optional.of(Boolean.valueOf(scalar.text()))
                : Optional.empty());
  }

  static Form<Duration> duration(Duration min, Duration max) {
    return new Form<>(
        "a time with its unit (ms, s, m, h) from " + shown(min) + " to " + shown(max),
        scalar -> {
          Matcher matcher = DURATION.matcher(scalar.text());
          if (scalar.kind() != Kind.TEXT || !matcher.matches()) {
            return Optional.empty();
          }
          long number = Long.parseLong(matcher.group(1));
          Duration value =
              switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
              };
          boolean within = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
          return within ? Optional.of(value) : Optional.empty();
        });
  }

  /** An amount of bytes. */
  static Form<Long> bytes(long min, long max) {
    return new Form<>(
        "bytes with their unit (KiB, MiB, GiB) from " + shownBytes(min) + " to " + shownBytes(max),
        scalar -> {
          Matcher matcher = BYTES.matcher(scalar.text());
          if (scalar.kind() != Kind.TEXT || !matcher.matches()) {
            return Optional.empty();
          }
          long value = Long.parseLong(matcher.group(1)) << shift(matcher.group(2));
          return value >= min && value <= max ? Optional.of(value) : Optional.empty();
        });
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "KiB" -> 10;
      case "MiB" -> 20;
      default -> 30;
    };
  }

  static String shownBytes(long bytes) {
    for (String unit : new String[] {"GiB", "MiB"}) {
      if (bytes % (1L << shift(unit)) == 0) {
        return (bytes >> shift(unit)) + unit;
      }
    }
    return (bytes >> 10) + "KiB";
  }

  /** A rate, per second. */
  static Form<Double> rate() {
    return new Form<>(
        "a rate with its unit (/s, /m, /h) above 0 and at most 1000000/s",
        scalar -> {
          Matcher matcher = RATE.matcher(scalar.text());
          if (scalar.kind() != Kind.TEXT || !matcher.matches()) {
            return Optional.empty();
          }
          double number = new BigDecimal(matcher.group(1)).doubleValue();
          double perSecond =
              switch (matcher.group(2)) {
                case "s" -> number;
                case "m" -> number / 60;
                default -> number / 3600;
              };
          return perSecond > 0 && perSecond <= MAX_RATE_PER_SECOND
              ? Optional.of(perSecond)
              : Optional.empty();
        });
  }

  /** A constant by its name in lower case, words joined by hyphens. */
  static <E extends Enum<E>> Form<E> oneOf(Class<E> type) {
    String allowed =
        Arrays.stream(type.getEnumConstants()).map(Form::tag).collect(Collectors.joining(", "));
    return new Form<>(
        allowed,
        scalar ->
            Arrays.stream(type.getEnumConstants())
                .filter(each -> tag(each).equals(scalar.text()))
                .findFirst());
  }

  static String shown(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 3_600_000 == 0 && millis > 0) {
      return millis / 3_600_000 + "h";
    }
    if (millis % 60_000 == 0 && millis > 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1000 == 0 && millis > 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private static String tag(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
