package io.trafficgovernor.loadtest.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.trafficgovernor.loadtest.shell.Units;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One mapping of a scenario's file, read key by key. What is missing or wrong is noted as a fault
 * and answered with a stand-in, so that all faults come out together; {@link #end} notes the keys
 * that nobody asked for.
 */
final class Fields {
  private final JsonNode node;
  private final String path;
  private final List<String> faults;
  private final TreeSet<String> known = new TreeSet<>();

  Fields(JsonNode node, String path, List<String> faults) {
    this.node = node;
    this.path = path;
    this.faults = faults;
    if (!node.isObject()) {
      fault("", node, "keys and values");
    }
  }

  private String at(String key) {
    return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
  }

  private void fault(String key, JsonNode got, String allowed) {
    faults.add(at(key) + ": got " + shown(got) + ", allowed " + allowed);
  }

  /** A fault in the words of whoever found it. */
  void fault(String key, String words) {
    faults.add(at(key) + ": " + words);
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : node.toString();
  }

  boolean has(String key) {
    known.add(key);
    return node.has(key);
  }

  private JsonNode take(String key) {
    known.add(key);
    return node.path(key);
  }

  double number(String key, double byDefault, double least, double most) {
    JsonNode found = take(key);
    if (found.isMissingNode()) {
      return byDefault;
    }
    if (!found.isNumber() || found.asDouble() < least || found.asDouble() > most) {
      fault(key, found, "a number from " + least + " to " + most);
      return byDefault;
    }
    return found.asDouble();
  }

  int integer(String key, int byDefault, int least, int most) {
    JsonNode found = take(key);
    if (found.isMissingNode()) {
      return byDefault;
    }
    if (!found.isIntegralNumber() || found.asLong() < least || found.asLong() > most) {
      fault(key, found, "a whole number from " + least + " to " + most);
      return byDefault;
    }
    return found.asInt();
  }

  boolean flag(String key) {
    JsonNode found = take(key);
    if (!found.isMissingNode() && !found.isBoolean()) {
      fault(key, found, "true or false");
    }
    return found.asBoolean(false);
  }

  String text(String key, String byDefault) {
    JsonNode found = take(key);
    if (found.isMissingNode() && !byDefault.isEmpty()) {
      return byDefault;
    }
    if (!found.isTextual()) {
      fault(key, found, "a text");
      return byDefault;
    }
    return found.asText();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    JsonNode found = take(key);
    if (!found.isMissingNode() && !found.isArray()) {
      fault(key, found, "a list of texts");
    }
    found.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  List<Integer> integers(String key, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    JsonNode found = take(key);
    if (!found.isArray() || found.isEmpty()) {
      fault(key, found, "a list of whole numbers");
    }
    for (JsonNode each : found) {
      if (!each.isIntegralNumber() || each.asLong() < least || each.asLong() > most) {
        fault(key, each, "whole numbers from " + least + " to " + most);
      } else {
        numbers.add(each.asInt());
      }
    }
    return numbers;
  }

  /** Seconds, written as a duration. */
  double seconds(String key, double byDefault) {
    JsonNode found = take(key);
    if (found.isMissingNode()) {
      return byDefault;
    }
    try {
      return Units.duration(found.asText()).toNanos() / 1e9;
    } catch (IllegalArgumentException e) {
      faults.add(at(key) + ": " + e.getMessage());
      return byDefault;
    }
  }

  /** Per second, written as a rate. */
  double rate(String key, double byDefault) {
    JsonNode found = take(key);
    if (found.isMissingNode()) {
      return byDefault;
    }
    try {
      return Units.perSecond(found.asText());
    } catch (IllegalArgumentException e) {
      faults.add(at(key) + ": " + e.getMessage());
      return byDefault;
    }
  }

  /** A constant by its name in lower case, words joined by hyphens. */
  <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
    JsonNode found = take(key);
    Optional<E> constant =
        Arrays.stream(type.getEnumConstants())
            .filter(each -> tag(each).equals(found.asText()))
            .findFirst();
    if (constant.isEmpty()) {
      fault(
          key,
          found,
          Arrays.stream(type.getEnumConstants())
              .map(Fields::tag)
              .collect(Collectors.joining(", ")));
    }
    return constant;
  }

  static String tag(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A mapping below this one; an empty one if there is none. */
  Fields section(String key) {
    JsonNode found = take(key);
    return found.isMissingNode()
        ? new Fields(
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(),
            at(key),
            faults)
        : new Fields(found, at(key), faults);
  }

  /** The mappings of a list. */
  List<Fields> sections(String key) {
    JsonNode found = take(key);
    if (!found.isMissingNode() && !found.isArray()) {
      fault(key, found, "a list");
    }
    List<Fields> sections = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      sections.add(new Fields(found.get(i), at(key) + "[" + i + "]", faults));
    }
    return sections;
  }

  /** Notes the keys that nobody asked for. */
  void end() {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                faults.add(at(key) + ": no such key here, allowed " + String.join(", ", known));
              }
            });
  }
}
