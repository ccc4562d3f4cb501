package io.trafficgovernor.loadtest.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import io.trafficgovernor.loadtest.shell.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the incidents that come with this program. */
final class IncidentFile {
  /** The incidents there are. */
  static final List<String> NAMES = List.of("june-12");

  private IncidentFile() {}

  /**
   * The incident of that name.
   *
   * @throws IllegalArgumentException if there is none, or its file is at fault
   */
  static Incident named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("incident: got '" + name + "', allowed " + NAMES);
    }
    String path = "/incidents/" + name + ".yaml";
    try (InputStream file = IncidentFile.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException("the resource " + path + " is missing");
      }
      return incident(new YAMLMapper().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Incident incident(JsonNode file) {
    Map<String, String> published = new LinkedHashMap<>();
    at(file, "published")
        .properties()
        .forEach(e -> published.put(e.getKey(), e.getValue().asText()));
    return new Incident(
        text(file, "name"),
        text(file, "title"),
        published,
        list(
            at(file, "timeline"),
            each ->
                new Incident.Moment(
                    text(each, "at"), at(each, "minute").asInt(), text(each, "what"))),
        replay(at(file, "replay")),
        list(at(file, "classes"), IncidentFile::trafficClass),
        list(at(file, "systems"), IncidentFile::row));
  }

  private static Incident.Replay replay(JsonNode node) {
    JsonNode store = at(node, "store");
    return new Incident.Replay(
        at(node, "rate-per-second").asDouble(),
        duration(node, "outage"),
        Units.perSecond(text(node, "quota")),
        duration(node, "quota-for"),
        at(node, "honouring").asDouble(),
        duration(node, "backoff"),
        new Incident.Store(
            at(store, "servers").asInt(),
            duration(store, "hit"),
            duration(store, "miss"),
            at(store, "keys").asInt(),
            at(store, "zipf").asDouble(),
            at(store, "cache-keys").asInt()));
  }

  private static TrafficClass trafficClass(JsonNode node) {
    return new TrafficClass(
        text(node, "name"),
        list(at(node, "after"), JsonNode::asText),
        duration(node, "patience"),
        duration(node, "timeout"));
  }

  private static Incident.Row row(JsonNode node) {
    return new Incident.Row(
        text(node, "name"),
        text(node, "impact"),
        text(node, "asks"),
        text(node, "degraded"),
        list(at(node, "clients"), IncidentFile::client));
  }

  private static Incident.Client client(JsonNode node) {
    return new Incident.Client(
        node.has("part") ? text(node, "part") : null,
        text(node, "class"),
        at(node, "share").asDouble(),
        at(node, "writes").asBoolean(),
        duration(node, "timeout"),
        at(node, "retries").asInt());
  }

  private static Duration duration(JsonNode node, String name) {
    return Units.duration(text(node, name));
  }

  private static String text(JsonNode node, String name) {
    return at(node, name).asText();
  }

  private static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
    List<T> list = new ArrayList<>();
    array.forEach(each -> list.add(reader.apply(each)));
    return list;
  }

  private static JsonNode at(JsonNode node, String name) {
    JsonNode found = node.get(name);
    if (found == null) {
      throw new IllegalArgumentException("incident: '" + name + "' is missing in " + node);
    }
    return found;
  }
}
