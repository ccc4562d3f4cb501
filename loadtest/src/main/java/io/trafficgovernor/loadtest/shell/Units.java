package io.trafficgovernor.loadtest.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations and rates as people write them: {@code 20s}, {@code 250ms}, {@code 300/s}. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m)");
  private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)/s");

  private Units() {}

  /**
   * A duration such as {@code 20s}, {@code 1.5s}, {@code 250ms} or {@code 2m}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "duration: got '" + text + "', allowed such as 250ms, 20s, 1.5s, 2m");
    }
    double nanosPerUnit =
        switch (matcher.group(2)) {
          case "ms" -> 1e6;
          case "s" -> 1e9;
          default -> 60e9;
        };
    return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * nanosPerUnit));
  }

  /**
   * A rate per second such as {@code 300/s}; {@code off} is no bound at all.
   *
   * @throws IllegalArgumentException for anything else, and for 0
   */
  public static double perSecond(String text) {
    if (text.equals("off")) {
      return Double.POSITIVE_INFINITY;
    }
    Matcher matcher = RATE.matcher(text);
    double rate = matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    if (rate <= 0) {
      throw new IllegalArgumentException("rate: got '" + text + "', allowed such as 300/s, or off");
    }
    return rate;
  }

  /** An option that is a duration. */
  public static final class DurationOption implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        return duration(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** An option that is a rate. */
  public static final class RateOption implements ITypeConverter<Double> {
    @Override
    public Double convert(String value) {
      try {
        return perSecond(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
