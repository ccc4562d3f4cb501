package io.trafficgovernor.loadtest.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.trafficgovernor.loadtest.plan.SystemTraffic;
import io.trafficgovernor.loadtest.plan.TrafficClass;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IncidentFileTest {
  private static final String SMALL =
      """
      name: small
      title: A small one
      published: { critical-back: 2 min }
      timeline: [ { at: "17:52", minute: 0, what: it dies } ]
      replay:
        rate-per-second: 100
        outage: 5s
        quota: off
        quota-for: 1s
        honouring: 0.7
        backoff: 500ms
        store: { servers: 4, hit: 10ms, miss: 100ms, keys: 100, zipf: 0.8, cache-keys: 90 }
      classes:
        - { name: config, after: [], patience: 300ms, timeout: 1s }
        - { name: read, after: [config], patience: 150ms, timeout: 1s }
      systems:
        - { name: A, impact: all, asks: reads, degraded: stale, clients: [ { class: config, share: 0.5, writes: false, timeout: 1s, retries: 3 } ] }
        - { name: B, impact: all, asks: reads, degraded: stale, clients: [ { class: read, share: 0.5, writes: true, timeout: 1s, retries: 0 } ] }
      """;

  @Test
  void smallFile_isRead() {
    Incident incident = IncidentFile.of(SMALL);
    assertThat(incident.published()).containsEntry("critical-back", "2 min");
    assertThat(incident.replay().outage()).isEqualTo(Duration.ofSeconds(5));
    assertThat(incident.replay().quotaPerSecond()).isInfinite();
    assertThat(incident.replay().store().settings().capacity(0)).isCloseTo(40, within(1e-9));
    assertThat(incident.population().systems().get(1).writes()).isTrue();
    assertThat(incident.population().systems().get(1).backoff()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void allFaults_areToldAtOnce() {
    String broken =
        SMALL
            .replace("name: small\n", "")
            .replace("rate-per-second: 100", "rate-per-second: many")
            .replace("outage: 5s", "outage: 5")
            .replace("quota: off", "quota: 0/s")
            .replace("honouring: 0.7", "honouring: 1.7")
            .replace("servers: 4", "servers: 0")
            .replace("zipf: 0.8, ", "")
            .replace("minute: 0", "minute: -1")
            .replace("after: [config]", "after: config")
            .replace("writes: true", "writes: often")
            .replace("retries: 0", "retries: 11, colour: red");
    assertThatThrownBy(() -> IncidentFile.of(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("incident: 12 faults")
        .hasMessageContaining("name: got nothing, allowed some text")
        .hasMessageContaining("replay.rate-per-second: got \"many\", allowed a number from 1.0")
        .hasMessageContaining("replay.outage: duration: got '5'")
        .hasMessageContaining("replay.quota: rate: got '0/s'")
        .hasMessageContaining("replay.honouring: got 1.7, allowed a number from 0.0 to 1.0")
        .hasMessageContaining("replay.store.servers: got 0, allowed a whole number from 1")
        .hasMessageContaining("replay.store.zipf: got nothing")
        .hasMessageContaining("timeline[0].minute: got -1")
        .hasMessageContaining("classes[1].after: got \"config\", allowed a list")
        .hasMessageContaining("systems[1].clients[0].writes: got \"often\", allowed true or false")
        .hasMessageContaining("systems[1].clients[0].retries: got 11")
        .hasMessageContaining("systems[1].clients[0].colour: unknown key, allowed [class,");
  }

  @Test
  void missingSection_isOneFault() {
    String without = SMALL.substring(0, SMALL.indexOf("classes:"));
    assertThatThrownBy(
            () -> IncidentFile.of(without.replaceAll("(?m)^    store:.*\n|^  store:.*\n", "")))
        .hasMessageStartingWith("incident: 3 faults")
        .hasMessageContaining("replay.store: got nothing, allowed a mapping")
        .hasMessageContaining("classes: got nothing, allowed a list")
        .hasMessageContaining("systems: got nothing, allowed a list");
  }

  @Test
  void thingsThatDoNotFitTogether_areFaultsToo() {
    assertThatThrownBy(() -> IncidentFile.of(SMALL.replace("class: read", "class: batch")))
        .hasMessageContaining("class of B: got batch");
    assertThatThrownBy(
            () ->
                IncidentFile.of(
                    SMALL.replace("share: 0.5, writes: true", "share: 0.4, writes: true")))
        .hasMessageContaining("shares of the systems");
  }

  @Test
  void noYamlAndNoMapping_areFaults() {
    assertThatThrownBy(() -> IncidentFile.of("name: [")).hasMessageContaining("no YAML");
    assertThatThrownBy(() -> IncidentFile.of("name: a\nname: b")).hasMessageContaining("no YAML");
    assertThatThrownBy(() -> IncidentFile.of("[1, 2]")).hasMessageContaining("the file: got [1,2]");
  }

  @Test
  void unknownIncident_saysWhichThereAre() {
    assertThatThrownBy(() -> IncidentFile.named("june-13"))
        .hasMessage("incident: got 'june-13', allowed [june-12]");
  }

  /** Every system of the published incident, in the order of its table. */
  @Test
  void june12_hasEverySystemOfTheIncident() {
    Incident june = IncidentFile.named("june-12");
    assertThat(june.systems())
        .extracting(Incident.Row::name)
        .containsExactly(
            "Workers KV itself",
            "Access (identity logins, SCIM)",
            "Device Posture",
            "WARP registration",
            "Gateway (proxy, TLS decryption, identity DoH)",
            "Dashboard login",
            "Turnstile, Challenges",
            "Browser Isolation, Browser Rendering",
            "Stream (playlists), Stream Live",
            "Images uploads / delivery",
            "Pages serving / builds",
            "Workers AI",
            "AutoRAG",
            "AI Gateway",
            "Durable Objects (SQLite), D1, Queues",
            "Realtime TURN / SFU",
            "Zaraz",
            "Workers Assets",
            "CDN",
            "Workers for Platforms, Workers Builds");
    assertThat(june.systems().subList(1, june.systems().size()))
        .allMatch(row -> !row.clients().isEmpty());
    assertThat(june.timeline()).hasSize(10);
    assertThat(june.classes()).as("more than the six usual ones").hasSizeGreaterThan(6);
  }

  @Test
  void june12_keepsTheOrderOfTheIncident() {
    Incident june = IncidentFile.named("june-12");
    assertThat(parents(june, "auth")).contains("config");
    assertThat(parents(june, "session")).contains("auth");
    assertThat(parents(june, "dashboard")).contains("session", "verify");
    assertThat(parents(june, "read")).contains("session");
    assertThat(parents(june, "write")).contains("read");
    assertThat(parents(june, "rag")).contains("ai");
    assertThat(parents(june, "build")).contains("write");
  }

  private static List<String> parents(Incident incident, String name) {
    return incident.classes().stream()
        .filter(each -> each.name().equals(name))
        .map(TrafficClass::after)
        .findFirst()
        .orElseThrow();
  }

  /** At full load every system has 100 first attempts in 10 s; at half of it some are too few. */
  @Test
  void june12_everySystemIsLargeEnoughToBeJudged() {
    Incident june = IncidentFile.named("june-12");
    for (SystemTraffic each : june.population().systems()) {
      assertThat(june.replay().ratePerSecond() * each.share() * 10)
          .as(each.name())
          .isGreaterThan(150);
    }
  }
}
