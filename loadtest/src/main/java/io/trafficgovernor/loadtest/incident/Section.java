package io.trafficgovernor.loadtest.incident;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.shell.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A mapping in a YAML file. A fault in it goes to a list that the whole file shares, and the value
 * reads as a harmless one, so that reading goes on and all faults are told at once. Not
 * thread-safe.
 */
final class Section {
  private final String path;
  private final JsonNode node;
  private final List<String> faults;
  private final Set<String> read = new HashSet<>();

  /**
   * A section whose faults go to that list.
   *
   * @param path where it stands, for the messages; empty for the file itself
   */
  Section(String path, JsonNode node, List<String> faults) {
    this.path = path;
    this.node = node;
    this.faults = faults;
    if (!node.isObject() && !node.isMissingNode()) {
      fault(path.isEmpty() ? "the file" : path, node, "a mapping");
    }
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private void fault(String what, JsonNode got, String allowed) {
    faults.add(what + ": got " + (got.isMissingNode() ? "nothing" : got) + ", allowed " + allowed);
  }

  /** The value of that key; missing where the section itself is, which was told already. */
  private JsonNode value(String name) {
    read.add(name);
    return node.path(name);
  }

  private JsonNode value(String name, String allowed, boolean good) {
    JsonNode value = value(name);
    if (!good && !node.isMissingNode()) {
      fault(at(name), value, allowed);
    }
    return value;
  }

  boolean has(String name) {
    return node.has(name);
  }

  /** Some text; empty if it is at fault. */
  String text(String name) {
    JsonNode value = node.path(name);
    boolean good = value.isValueNode() && !value.isNull() && !value.asText().isBlank();
    return value(name, "some text", good).asText();
  }

  /** A number in [lowest, highest]; the lowest if it is at fault. */
  double number(String name, double lowest, double highest) {
    JsonNode value = node.path(name);
    boolean good = value.isNumber() && value.asDouble() >= lowest && value.asDouble() <= highest;
    value(name, "a number from %s to %s".formatted(lowest, highest), good);
    return good ? value.asDouble() : lowest;
  }

  /** A whole number in [lowest, highest]; the lowest if it is at fault. */
  int count(String name, int lowest, int highest) {
    JsonNode value = node.path(name);
    boolean good = value.isInt() && value.intValue() >= lowest && value.intValue() <= highest;
    value(name, "a whole number from %d to %d".formatted(lowest, highest), good);
    return good ? value.intValue() : lowest;
  }

  boolean flag(String name) {
    JsonNode value = node.path(name);
    return value(name, "true or false", value.isBoolean()).asBoolean();
  }

  /** A duration over 0; 1 s if it is at fault. */
  Duration duration(String name) {
    Duration duration = units(name, Units::duration, Duration.ZERO);
    if (duration.isZero()) {
      return Duration.ofSeconds(1);
    }
    return duration;
  }

  /** What a class is given without the store; a refusal if it is at fault. */
  Instead instead(String name) {
    Optional<Instead> read = Instead.of(node.path(name).asText());
    value(name, "one of " + Instead.words(), read.isPresent());
    return read.orElse(Instead.REJECT);
  }

  /** A rate such as {@code 300/s}, or infinity for {@code off}. */
  double perSecond(String name) {
    return units(name, Units::perSecond, Double.POSITIVE_INFINITY);
  }

  private <T> T units(String name, Function<String, T> reader, T otherwise) {
    JsonNode value = value(name);
    if (node.isMissingNode()) {
      return otherwise;
    }
    try {
      return reader.apply(isOff(value) ? "off" : value.asText());
    } catch (IllegalArgumentException e) {
      faults.add(at(name) + ": " + e.getMessage());
      return otherwise;
    }
  }

  /** YAML reads the bare word {@code off} as a boolean. */
  private static boolean isOff(JsonNode value) {
    return value.isBoolean() && !value.booleanValue();
  }

  Section section(String name) {
    JsonNode value = node.path(name);
    return new Section(at(name), value(name, "a mapping", !value.isMissingNode()), faults);
  }

  /** The names of all its keys; each counts as read. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The mappings of a list. */
  List<Section> sections(String name) {
    List<Section> sections = new ArrayList<>();
    JsonNode list = list(name);
    for (int i = 0; i < list.size(); i++) {
      sections.add(new Section("%s[%d]".formatted(at(name), i), list.get(i), faults));
    }
    return sections;
  }

  /** The words of a list. */
  List<String> words(String name) {
    List<String> words = new ArrayList<>();
    list(name).forEach(each -> words.add(each.asText()));
    return words;
  }

  private JsonNode list(String name) {
    JsonNode value = node.path(name);
    value(name, "a list", value.isArray());
    return value.isArray() ? value : MissingNode.getInstance();
  }

  /** Whatever was not asked for is a fault too. */
  void end() {
    for (String name : names()) {
      if (!read.contains(name)) {
        faults.add(at(name) + ": unknown key, allowed " + read.stream().sorted().toList());
      }
    }
  }
}
