package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads {@code governor.yaml} and the {@code GOVERNOR_*} variables over it. It never stops at the
 * first fault: the result is a whole configuration or the list of everything that is wrong.
 */
public final class ConfigLoader {
  private final Map<String, String> environment;
  private final int processors;

  /** What came of it. */
  public sealed interface Result {}

  /** All is well. */
  public record Loaded(GovernorConfig config) implements Result {
    public Loaded {
      requireNonNull(config, "config");
    }
  }

  /** At least one fault. */
  public record Faulty(List<Fault> faults) implements Result {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }

  /**
   * A loader for that environment.
   *
   * @param environment all variables; those that do not begin with {@code GOVERNOR_} are left alone
   * @param processors of this machine; the default number of event loops
   */
  public ConfigLoader(Map<String, String> environment, int processors) {
    this.environment = Map.copyOf(environment);
    this.processors = processors;
  }

  /** A loader for the environment of this process. */
  public static ConfigLoader ofThisProcess() {
    return new ConfigLoader(System.getenv(), Runtime.getRuntime().availableProcessors());
  }

  /** Reads a file. Blocks; a file that cannot be read is a fault. */
  public Result load(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (NoSuchFileException e) {
      return unreadable(file, "no such file");
    } catch (MalformedInputException e) {
      return unreadable(file, "is not UTF-8 text");
    } catch (IOException e) {
      return unreadable(file, "cannot be read: " + e.getMessage());
    }
  }

  private static Result unreadable(Path file, String why) {
    return new Faulty(List.of(new Fault(file.toString(), OptionalInt.empty(), why)));
  }

  /** Reads a text. Pure, but for the certificates that it names. */
  public Result parse(String yaml) {
    Reading reading = new Reading(environment);
    YamlNode tree = YamlTree.parse(yaml, reading);
    if (tree == null) {
      return new Faulty(reading.faults());
    }
    GovernorConfig config = new ConfigReader(processors).read(Section.root(reading, tree));
    List<Fault> faults = reading.faults();
    return faults.isEmpty() ? new Loaded(config) : new Faulty(faults);
  }
}
