package io.trafficgovernor.loadtest.scenario;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds scenarios: those that come with this program by their names, others by the paths of their
 * files. A file may say {@code like: NAME} and give only what is different: mappings are merged,
 * lists and values replaced.
 */
public final class Scenarios {
  /** The names there are. */
  public static final List<String> NAMES =
      List.of(
          "S1",
          "S2",
          "S3",
          "S4",
          "S4b",
          "S5",
          "S6",
          "low-rate",
          "silent-top",
          "app-errors",
          "failing-class",
          "failing-origin",
          "nat",
          "small-nodes",
          "small-store-50",
          "small-store-50-quota",
          "skew-8",
          "skew-50",
          "skew-1000",
          "hot-node",
          "hot-node-50",
          "hot-node-1000",
          "herd",
          "herd-60000",
          "herd-60000-70",
          "herd-60000-0",
          "herd-sockets",
          "cascade",
          "sessions",
          "random-faults",
          "osdi22",
          JuneTwelve.NAME,
          JuneTwelve.HALF);

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int MAX_LIKES = 8;

  private Scenarios() {}

  /**
   * What was found.
   *
   * @param scenario empty if there are faults
   * @param faults all of them, in words
   */
  public record Found(Optional<Scenario> scenario, List<String> faults) {
    public Found {
      faults = List.copyOf(faults);
    }

    private static Found fault(String words) {
      return new Found(Optional.empty(), List.of(words));
    }
  }

  /** The scenario of that name, or of the file at that path. */
  public static Found find(String nameOrPath) {
    if (nameOrPath.equals(JuneTwelve.NAME)) {
      return new Found(Optional.of(JuneTwelve.scenario()), List.of());
    }
    if (nameOrPath.equals(JuneTwelve.HALF)) {
      return new Found(Optional.of(JuneTwelve.half()), List.of());
    }
    try {
      if (NAMES.contains(nameOrPath)) {
        return read(nameOrPath, resource(nameOrPath));
      }
      Path path = Path.of(nameOrPath);
      if (!Files.isRegularFile(path)) {
        return Found.fault(
            "scenario: got %s, allowed the path of a file, or %s"
                .formatted(nameOrPath, String.join(", ", NAMES)));
      }
      return read(nameOrPath, Files.readString(path));
    } catch (IOException e) {
      return Found.fault("scenario: got " + nameOrPath + ", which cannot be read: " + e);
    }
  }

  /**
   * A scenario that comes with this program.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Scenario named(String name) {
    Found found = find(name);
    return found
        .scenario()
        .orElseThrow(() -> new IllegalArgumentException(String.join("; ", found.faults())));
  }

  /** The scenario in that text. */
  public static Found read(String source, String yaml) {
    try {
      ScenarioReader.Read read = new ScenarioReader().read(whole(YAML.readTree(yaml), 0));
      return new Found(
          read.scenario(),
          read.faults().stream().distinct().map(fault -> source + ": " + fault).toList());
    } catch (JsonProcessingException e) {
      return Found.fault(source + ": is not YAML: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      return Found.fault(source + ": " + e.getMessage());
    }
  }

  /** The tree with everything it is like. */
  private static JsonNode whole(JsonNode tree, int depth) throws JsonProcessingException {
    if (!tree.has("like")) {
      return tree;
    }
    String base = tree.get("like").asText();
    if (depth == MAX_LIKES || !NAMES.contains(base) || base.startsWith(JuneTwelve.NAME)) {
      throw new IllegalArgumentException(
          "like: got " + base + ", allowed one of " + String.join(", ", NAMES) + ", in no circle");
    }
    ObjectNode whole = (ObjectNode) whole(YAML.readTree(resource(base)), depth + 1);
    ObjectNode own = tree.deepCopy();
    own.remove("like");
    merge(whole, own);
    return whole;
  }

  private static void merge(ObjectNode into, JsonNode from) {
    from.properties()
        .forEach(
            entry -> {
              JsonNode before = into.get(entry.getKey());
              if (before instanceof ObjectNode mapping && entry.getValue().isObject()) {
                merge(mapping, entry.getValue());
              } else {
                into.set(entry.getKey(), entry.getValue());
              }
            });
  }

  private static String resource(String name) {
    String path = "/scenarios/" + name + ".yaml";
    try (InputStream file = Scenarios.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException("the resource " + path + " is missing");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
