package io.trafficgovernor.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A piece of YAML that remembers its line; a line of 0 means that it is not from the file. */
sealed interface YamlNode {
  /** In the file, from 1. */
  int line();

  /** What it looks like in a fault's message. */
  String shown();

  /** What a scalar was written as. */
  enum Kind {
    TEXT,
    NUMBER,
    FLAG,
    NOTHING
  }

  /** A single value. */
  record Scalar(Kind kind, String text, int line) implements YamlNode {
    @Override
    public String shown() {
      return kind == Kind.NOTHING ? "nothing" : "\"" + text + "\"";
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Keys and values, in the order of the file. */
  record Mapping(Map<String, YamlNode> entries, int line) implements YamlNode {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String shown() {
      return "keys and values";
    }
  }
}
