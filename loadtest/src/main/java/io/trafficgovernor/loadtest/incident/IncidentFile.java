package io.trafficgovernor.loadtest.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.trafficgovernor.loadtest.plan.Instead;
import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads incidents: those that come with this program, or anybody's file. */
public final class IncidentFile {
  /** The incidents there are. */
  public static final List<String> NAMES = List.of("june-12");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final double RATE_LIMIT = 100_000;
  private static final int COUNT_LIMIT = 10_000_000;

  private final List<String> faults = new ArrayList<>();

  private IncidentFile() {}

  /**
   * The incident of that name.
   *
   * @throws IllegalArgumentException if there is none, or its file is at fault
   */
  public static Incident named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("incident: got '" + name + "', allowed " + NAMES);
    }
    String path = "/incidents/" + name + ".yaml";
    try (InputStream file = IncidentFile.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException("the resource " + path + " is missing");
      }
      return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The incident that such a text tells of.
   *
   * @throws IllegalArgumentException if it is at fault; the message has a line for each fault
   */
  public static Incident of(String text) {
    JsonNode root;
    try {
      root = YAML.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("incident: no YAML: " + e.getOriginalMessage(), e);
    }
    IncidentFile file = new IncidentFile();
    Optional<Incident> incident = file.incident(new Section("", root, file.faults));
    if (!file.faults.isEmpty()) {
      throw new IllegalArgumentException(
          "incident: %d faults%n  %s"
              .formatted(
                  file.faults.size(), String.join(System.lineSeparator() + "  ", file.faults)));
    }
    return incident.orElseThrow();
  }

  /** Empty if something is at fault. */
  private Optional<Incident> incident(Section file) {
    Map<String, String> published = new LinkedHashMap<>();
    Section told = file.section("published");
    told.names().forEach(name -> published.put(name, told.text(name)));
    List<Incident.Moment> timeline =
        file.sections("timeline").stream().map(IncidentFile::moment).toList();
    String name = file.text("name");
    String title = file.text("title");
    Incident.Replay replay = replay(file.section("replay"));
    List<TrafficClass> classes =
        file.sections("classes").stream().map(IncidentFile::trafficClass).toList();
    List<Incident.Row> rows = file.sections("systems").stream().map(IncidentFile::row).toList();
    file.end();
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    Incident incident = new Incident(name, title, published, timeline, replay, classes, rows);
    try {
      var unused = incident.population();
    } catch (IllegalArgumentException e) {
      faults.add(String.valueOf(e.getMessage()));
    }
    return Optional.of(incident);
  }

  private static Incident.Moment moment(Section section) {
    Incident.Moment moment =
        new Incident.Moment(
            section.text("at"), section.count("minute", 0, COUNT_LIMIT), section.text("what"));
    section.end();
    return moment;
  }

  private static Incident.Replay replay(Section section) {
    Incident.Replay replay =
        new Incident.Replay(
            section.number("rate-per-second", 1, RATE_LIMIT),
            section.duration("outage"),
            section.perSecond("quota"),
            section.duration("quota-for"),
            section.number("honouring", 0, 1),
            section.duration("backoff"),
            store(section.section("store")));
    section.end();
    return replay;
  }

  private static Incident.Store store(Section section) {
    Incident.Store store =
        new Incident.Store(
            section.count("servers", 1, COUNT_LIMIT),
            section.duration("hit"),
            section.duration("miss"),
            section.count("keys", 1, COUNT_LIMIT),
            section.number("zipf", 0, 5),
            section.count("cache-keys", 1, COUNT_LIMIT));
    section.end();
    return store;
  }

  private static TrafficClass trafficClass(Section section) {
    TrafficClass read =
        new TrafficClass(
            section.text("name"),
            section.words("after"),
            section.duration("patience"),
            section.duration("timeout"),
            section.has("on-shed") ? section.instead("on-shed") : Instead.REJECT);
    section.end();
    return read;
  }

  private static Incident.Row row(Section section) {
    Incident.Row row =
        new Incident.Row(
            section.text("name"),
            section.text("impact"),
            section.text("asks"),
            section.text("degraded"),
            section.sections("clients").stream().map(IncidentFile::client).toList());
    section.end();
    return row;
  }

  private static Incident.Client client(Section section) {
    Incident.Client client =
        new Incident.Client(
            section.has("part") ? section.text("part") : null,
            section.text("class"),
            section.number("share", 0, 1),
            section.flag("writes"),
            section.duration("timeout"),
            section.count("retries", 0, SystemTraffic.RETRIES_LIMIT));
    section.end();
    return client;
  }
}
