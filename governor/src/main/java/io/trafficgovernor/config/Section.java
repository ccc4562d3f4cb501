package io.trafficgovernor.config;

import io.trafficgovernor.config.YamlNode.Mapping;
import io.trafficgovernor.config.YamlNode.Scalar;
import io.trafficgovernor.config.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the file, read key by key. A key that is missing or wrong is noted as a fault and
 * answered with a stand-in, so that reading goes on and all faults come out together; {@link #end}
 * notes the keys nobody asked for.
 */
final class Section {
  private static final Form<String> SECRET =
      Form.text("\\S{16,256}", "16 to 256 characters without spaces");
  private static final String STAND_IN = "0".repeat(16);

  private final Reading reading;
  private final String path;
  private final int line;
  private final Map<String, YamlNode> entries;
  private final TreeSet<String> known = new TreeSet<>();

  private Section(Reading reading, String path, @Nullable YamlNode node) {
    this.reading = reading;
    this.path = path;
    this.line = node == null ? 0 : node.line();
    this.entries = node instanceof Mapping mapping ? mapping.entries() : Map.of();
    boolean nothing = node instanceof Scalar scalar && scalar.kind() == YamlNode.Kind.NOTHING;
    if (node != null && !nothing && !(node instanceof Mapping)) {
      reading.fault(path, line, "got " + node.shown() + ", allowed keys and values");
    }
  }

  static Section root(Reading reading, @Nullable YamlNode node) {
    return new Section(reading, "", node);
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** A fault at the line of the key's value, or of the section if it has none. */
  void fault(String key, String message) {
    YamlNode node = entries.get(key);
    int at = node != null ? node.line() : path.isEmpty() ? 0 : line;
    reading.add(new Fault(path(key), at > 0 ? OptionalInt.of(at) : OptionalInt.empty(), message));
  }

  /** The value, or the default where there is none. */
  <T> T optional(String key, Form<T> form, T byDefault) {
    return present(key, form, byDefault).orElse(byDefault);
  }

  /** The value; where there is none it is a fault, and the stand-in is given. */
  <T> T required(String key, Form<T> form, T standIn) {
    Optional<T> value = present(key, form, standIn);
    if (value.isEmpty()) {
      fault(key, "is missing; allowed: " + form.allowed());
    }
    return value.orElse(standIn);
  }

  /** The value if there is one; the stand-in if it is wrong. */
  <T> Optional<T> present(String key, Form<T> form, T standIn) {
    known.add(key);
    YamlNode override = reading.override(path(key));
    YamlNode node = override == null ? entries.get(key) : override;
    return node == null ? Optional.empty() : Optional.of(scalar(path(key), node, form, standIn));
  }

  /** A secret if there is one: what was got is not shown, for faults end up in logs. */
  Optional<String> secret(String key) {
    known.add(key);
    YamlNode override = reading.override(path(key));
    YamlNode node = override == null ? entries.get(key) : override;
    if (node == null) {
      return Optional.empty();
    }
    Optional<String> value =
        node instanceof Scalar scalar ? SECRET.parse().apply(scalar) : Optional.<String>empty();
    if (value.isEmpty()) {
      String got = node instanceof Scalar scalar ? length(scalar.text()) : node.shown();
      reading.fault(path(key), node.line(), "got " + got + ", allowed: " + SECRET.allowed());
    }
    return Optional.of(value.orElse(STAND_IN));
  }

  private static String length(String text) {
    return text.length() + " characters" + (text.matches("\\S*") ? "" : " with spaces");
  }

  private <T> T scalar(String where, YamlNode node, Form<T> form, T standIn) {
    Optional<T> value =
        node instanceof Scalar scalar ? form.parse().apply(scalar) : Optional.<T>empty();
    if (value.isEmpty()) {
      reading.fault(where, node.line(), "got " + node.shown() + ", allowed: " + form.allowed());
    }
    return value.orElse(standIn);
  }

  /** The items of a list of values; wrong ones are left out. Empty if there is no list. */
  <T> List<T> list(String key, Form<T> form) {
    known.add(key);
    YamlNode override = reading.listOverride(path(key));
    YamlNode node = override == null ? entries.get(key) : override;
    List<T> values = new ArrayList<>();
    List<YamlNode> items = items(key, node);
    for (int i = 0; i < items.size(); i++) {
      YamlNode item = items.get(i);
      Optional<T> value =
          item instanceof Scalar scalar ? form.parse().apply(scalar) : Optional.<T>empty();
      value.ifPresent(values::add);
      if (value.isEmpty()) {
        String where = path(key) + "[" + i + "]";
        reading.fault(where, item.line(), "got " + item.shown() + ", allowed: " + form.allowed());
      }
    }
    return List.copyOf(values);
  }

  /** The nodes of a list. */
  List<YamlNode> items(String key) {
    known.add(key);
    return items(key, entries.get(key));
  }

  private List<YamlNode> items(String key, @Nullable YamlNode node) {
    if (node == null) {
      return List.of();
    }
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    reading.fault(path(key), node.line(), "got " + node.shown() + ", allowed: a list");
    return List.of();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  /** A mapping below this one; an empty one if there is none. */
  Section section(String key) {
    known.add(key);
    return new Section(reading, path(key), entries.get(key));
  }

  /** The mappings of a list. */
  List<Section> sections(String key) {
    List<YamlNode> items = items(key);
    List<Section> sections = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      sections.add(item(key, i, items.get(i)));
    }
    return List.copyOf(sections);
  }

  Section item(String key, int index, YamlNode node) {
    return new Section(reading, path(key) + "[" + index + "]", node);
  }

  /** Keys that are free to choose, and their text. */
  Map<String, YamlNode> all() {
    known.addAll(entries.keySet());
    return entries;
  }

  /** A key that the design knows and the program does not yet. */
  void notBuilt(String key) {
    known.add(key);
    if (entries.containsKey(key)) {
      fault(key, "not built yet");
    }
  }

  /** Notes the keys that nobody asked for. */
  void end() {
    for (Map.Entry<String, YamlNode> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        reading.fault(
            path(entry.getKey()),
            entry.getValue().line(),
            "no such key here, or not built yet; allowed: " + String.join(", ", known));
      }
    }
  }
}
