package io.trafficgovernor.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a configuration: the faults found so far, and the environment variables that stand
 * over the file. A variable is {@code GOVERNOR_} and the path in capitals, with {@code _} for
 * everything else: {@code listen.event-loops} is {@code GOVERNOR_LISTEN_EVENT_LOOPS}, {@code
 * classes[2].timeout} is {@code GOVERNOR_CLASSES_2_TIMEOUT}. A list takes its items with commas
 * between them.
 */
final class Reading {
  static final String PREFIX = "GOVERNOR_";

  /** Belongs to {@code ctl}; an operator's shell may carry it while a file is checked. */
  private static final String TOKEN = PREFIX + "TOKEN";

  private final Map<String, String> unread = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  Reading(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !name.equals(TOKEN)) {
            unread.put(name, value);
          }
        });
  }

  static String variable(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }

  /** The variable's value for a path; null if there is none. */
  @Nullable YamlNode override(String path) {
    String value = unread.remove(variable(path));
    return value == null ? null : YamlTree.value(value);
  }

  /** The variable's value for a path that holds a list; null if there is none. */
  @Nullable YamlNode listOverride(String path) {
    String value = unread.remove(variable(path));
    if (value == null) {
      return null;
    }
    List<YamlNode> items =
        Arrays.stream(value.split(","))
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .map(YamlTree::value)
            .toList();
    return new YamlNode.Sequence(items, 0);
  }

  void fault(String path, int line, String message) {
    String named = line == 0 && !path.isEmpty() ? path + " (" + variable(path) + ")" : path;
    add(new Fault(named, line > 0 ? OptionalInt.of(line) : OptionalInt.empty(), message));
  }

  void add(Fault fault) {
    faults.add(fault);
  }

  /** All faults; variables that nobody asked for are among them. */
  List<Fault> faults() {
    List<Fault> all = new ArrayList<>(faults);
    for (String name : new TreeSet<>(unread.keySet())) {
      all.add(
          new Fault(
              name,
              OptionalInt.empty(),
              "no key of that name; allowed: " + PREFIX + " and the path of a key in capitals"));
    }
    return List.copyOf(all);
  }
}
