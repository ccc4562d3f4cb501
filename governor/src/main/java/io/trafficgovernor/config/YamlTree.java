package io.trafficgovernor.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.trafficgovernor.config.YamlNode.Kind;
import io.trafficgovernor.config.YamlNode.Mapping;
import io.trafficgovernor.config.YamlNode.Scalar;
import io.trafficgovernor.config.YamlNode.Sequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document into nodes that know their lines, which Jackson's own tree does not. Aliases
 * and repeated keys are faults: each would let a reader of the file see something else than the
 * program.
 */
final class YamlTree {
  private static final JsonFactory YAML = new YAMLFactory();
  private static final JsonFactory JSON = new JsonFactory();

  private final Reading reading;
  private final JsonParser parser;

  private YamlTree(JsonParser parser, Reading reading) {
    this.parser = parser;
    this.reading = reading;
  }

  /** The document's root; null if it is empty or no YAML, of which the reading is told. */
  static @Nullable YamlNode parse(String yaml, Reading reading) {
    return parse(YAML, yaml, reading);
  }

  /** The same of a JSON text. */
  static @Nullable YamlNode parseJson(String json, Reading reading) {
    return parse(JSON, json, reading);
  }

  private static @Nullable YamlNode parse(JsonFactory format, String text, Reading reading) {
    try (JsonParser parser = format.createParser(text)) {
      return new YamlTree(parser, reading).document();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      reading.add(
          new Fault(
              "",
              line > 0 ? OptionalInt.of(line) : OptionalInt.empty(),
              "is not " + format.getFormatName() + ": " + cause(e)));
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("reading a string failed", e);
    }
  }

  /** What the parser says, without the lines in which it points into the text. */
  private static String cause(JsonProcessingException e) {
    return e.getOriginalMessage()
        .lines()
        .filter(line -> !line.startsWith(" "))
        .collect(Collectors.joining(", "));
  }

  private @Nullable YamlNode document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      reading.add(new Fault("", OptionalInt.empty(), "is empty"));
      return null;
    }
    YamlNode root = node("");
    if (parser.nextToken() != null) {
      reading.fault("", line(), "got a second document, allowed one");
    }
    return root;
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private YamlNode node(String path) throws IOException {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      reading.fault(path, line(), "got an alias, allowed plain values");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(path);
      case START_ARRAY -> sequence(path);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Kind.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> scalar(Kind.FLAG);
      case VALUE_NULL -> new Scalar(Kind.NOTHING, "", line());
      default -> scalar(Kind.TEXT);
    };
  }

  private Scalar scalar(Kind kind) throws IOException {
    return new Scalar(kind, parser.getText(), line());
  }

  private Mapping mapping(String path) throws IOException {
    int line = line();
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      String keyPath = path.isEmpty() ? key : path + "." + key;
      int keyLine = line();
      parser.nextToken();
      YamlNode value = node(keyPath);
      if (entries.putIfAbsent(key, value) != null) {
        reading.fault(keyPath, keyLine, "got it twice, allowed once");
      }
    }
    return new Mapping(entries, line);
  }

  private Sequence sequence(String path) throws IOException {
    int line = line();
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(path + "[" + items.size() + "]"));
    }
    return new Sequence(items, line);
  }

  /** The value of an environment variable as a node without a line; text if it is no YAML. */
  static YamlNode value(String text) {
    try (JsonParser parser = YAML.createParser(text)) {
      JsonToken token = parser.nextToken();
      Kind kind =
          token == null || token == JsonToken.VALUE_NULL
              ? Kind.NOTHING
              : token.isNumeric() ? Kind.NUMBER : token.isBoolean() ? Kind.FLAG : Kind.TEXT;
      boolean single = token == null || (token.isScalarValue() && parser.nextToken() == null);
      return single ? new Scalar(kind, text.strip(), 0) : new Scalar(Kind.TEXT, text, 0);
    } catch (IOException e) {
      return new Scalar(Kind.TEXT, text, 0);
    }
  }
}
