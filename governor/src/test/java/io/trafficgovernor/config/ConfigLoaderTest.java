package io.trafficgovernor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.RetryRule;
import io.trafficgovernor.config.ConfigLoader.Faulty;
import io.trafficgovernor.config.ConfigLoader.Loaded;
import io.trafficgovernor.config.pattern.Cidr;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.PathPattern;
import io.trafficgovernor.config.pattern.SessionKeySource;
import io.trafficgovernor.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  /** Only what has no default. */
  static final String LEAST =
      """
      node: { name: gw-1 }
      backends:
        - { name: kv, origins: [ "http://127.0.0.1:9000" ], reference-rate: 2000/s }
      classes:
        - { name: first, match: [ { path: /first } ] }
        - { name: second, match: [ { path: /second } ] }
        - { name: third, default: true }
      cluster: { members: [ "127.0.0.1:5701" ] }
      """;

  private static GovernorConfig load(String yaml) {
    return load(yaml, Map.of());
  }

  private static GovernorConfig load(String yaml, Map<String, String> environment) {
    ConfigLoader.Result result = new ConfigLoader(environment, 8).parse(yaml);
    if (result instanceof Faulty faulty) {
      throw new AssertionError(faulty.faults().stream().map(Fault::text).toList().toString());
    }
    return ((Loaded) result).config();
  }

  @Test
  void parse_least_givesEveryDefault() {
    GovernorConfig config = load(LEAST);

    assertThat(config.listen())
        .isEqualTo(
            new GovernorConfig.Listen(
                "0.0.0.0",
                8080,
                4,
                List.of(),
                10_000,
                Duration.ofSeconds(75),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                false,
                Optional.empty()));
    assertThat(config.operator())
        .isEqualTo(new GovernorConfig.Operator("127.0.0.1", 9900, List.of(), Optional.empty()));
    assertThat(config.backend())
        .isEqualTo(
            new GovernorConfig.Backend(
                "kv",
                List.of(new Origin("127.0.0.1", 9000)),
                Duration.ofMillis(250),
                new GovernorConfig.Probe("/health", 200, Duration.ofMillis(500)),
                2000,
                512,
                256,
                Duration.ofSeconds(60),
                false,
                GovernorConfig.Wire.usual(),
                Optional.empty(),
                4000));
    assertThat(config.classes())
        .containsExactly(
            new ClassConfig(
                "first",
                List.of(path("/first")),
                false,
                Set.of(),
                Duration.ofSeconds(1),
                Duration.ofMillis(300)),
            new ClassConfig(
                "second",
                List.of(path("/second")),
                false,
                Set.of(),
                Duration.ofSeconds(1),
                Duration.ofMillis(300)),
            new ClassConfig(
                "third", List.of(), true, Set.of(), Duration.ofSeconds(1), Duration.ofMillis(150)));
    assertThat(config.sessionKey()).containsExactly(new SessionKeySource.PeerAddress());
    assertThat(config.ramp())
        .isEqualTo(new GovernorConfig.Ramp(RampMode.AUTO, new RampPlan.Adaptive(), false));
    assertThat(config.cluster())
        .isEqualTo(
            new GovernorConfig.Cluster(
                "governor",
                "127.0.0.1",
                5701,
                List.of(new GovernorConfig.Member("127.0.0.1", 5701)),
                1,
                Path.of("./data")));
  }

  private static MatchRule path(String pattern) {
    return new MatchRule(PathPattern.parse(pattern), Set.of(), Map.of(), 1);
  }

  private static GovernorConfig everyKey() {
    return load(
        """
            node: { name: gw-7 }
            listen:
              host: 127.0.0.2
              port: 0
              event-loops: 3
              trusted-proxies: [ 10.0.0.0/8, "::1" ]
              max-connections: 77
              idle-timeout: 2m
              head-timeout: 3s
              transfer-timeout: 2h
              drain-grace: 0ms
              drain-timeout: 30s
              http2: true
            operator:
              host: 10.1.2.3
              port: 0
              tokens: [ { name: me, role: admin, sha256: %s } ]
            backends:
              - name: other
                origins: [ "http://localhost:9001", "http://[::1]:9002" ]
                connect-timeout: 100ms
                probe: { path: "/alive?deep=1", expect: 204, timeout: 200ms }
                reference-rate: 30/m
                max-connections: 9
                max-sockets: 3
                idle-timeout: 90s
                sent-stamp: true
                connect-rate: 25/s
                http2: true
                fallback: { to: spare, classes: [ z ] }
              - { name: spare, origins: [ "http://localhost:9003" ], reference-rate: 5/s }
            classes:
              - name: a
                match:
                  - { path: "/a/*/b/**", method: [ GET, PUT ], header: { X-Kind: 7, X-Other: b }, cost: 3 }
                timeout: 2s
                wait: 600ms
                on-shed: reject
              - { name: z, default: true, after: [ a ], timeout: 100ms }
            session-key: [ { header: X-Id }, { cookie: sid }, peer-address ]
            ramp:
              mode: assisted
              plan: linear
              shadow: true
              linear: { start: 100/s, target: 2000/s, duration: 3m }
            cluster:
              name: blue
              host: 10.0.0.9
              port: 5709
              network: private-unencrypted
              secret: fedcba9876543210
              members: [ "10.0.0.9:5709", "gw-2:5701", "gw-3:5701" ]
              expected-nodes: 5
              data-dir: /var/lib/governor
            retries: { uninvited: moved-down, ticket-secret: 0123456789abcdef }
            inherit: { secret: 0123456789abcdef, previous-secret: fedcba9876543210, valid: 1m }
            """
            .formatted("ab".repeat(32)));
  }

  @Test
  void parse_everyKeyOfRetries_isMapped() {
    GovernorConfig.Retries retries = everyKey().retries();
    assertThat(retries)
        .isEqualTo(
            new GovernorConfig.Retries(RetryRule.MOVED_DOWN, Optional.of("0123456789abcdef")));
    assertThat(retries.toString()).doesNotContain("0123456789abcdef");
    assertThat(load(LEAST).retries())
        .isEqualTo(new GovernorConfig.Retries(RetryRule.EQUAL, Optional.empty()));
  }

  @Test
  void parse_everyKeyOfInherit_isMapped() {
    Inherit inherit = everyKey().inherit().orElseThrow();
    assertThat(inherit)
        .isEqualTo(
            new Inherit(List.of("0123456789abcdef", "fedcba9876543210"), Duration.ofMinutes(1)));
    assertThat(inherit.toString()).doesNotContain("0123").doesNotContain("fedc");
    assertThat(load(LEAST).inherit()).isEmpty();
    assertThat(load(LEAST + "inherit: { secret: 0123456789abcdef }\n").inherit())
        .contains(new Inherit(List.of("0123456789abcdef"), Duration.ofSeconds(30)));
  }

  @Test
  void parse_everyKeyOfTheNode_isMapped() {
    GovernorConfig config = everyKey();

    assertThat(config.node()).isEqualTo(new GovernorConfig.Node("gw-7"));
    assertThat(config.listen())
        .isEqualTo(
            new GovernorConfig.Listen(
                "127.0.0.2",
                0,
                3,
                List.of(
                    Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("::1/128").orElseThrow()),
                77,
                Duration.ofMinutes(2),
                Duration.ofSeconds(3),
                Duration.ofHours(2),
                Duration.ZERO,
                Duration.ofSeconds(30),
                true,
                Optional.empty()));
    assertThat(config.operator())
        .isEqualTo(
            new GovernorConfig.Operator(
                "10.1.2.3",
                0,
                List.of(new GovernorConfig.Token("me", GovernorConfig.Role.ADMIN, "ab".repeat(32))),
                Optional.empty()));
    assertThat(config.backend())
        .isEqualTo(
            new GovernorConfig.Backend(
                "other",
                List.of(new Origin("localhost", 9001), new Origin("::1", 9002)),
                Duration.ofMillis(100),
                new GovernorConfig.Probe("/alive?deep=1", 204, Duration.ofMillis(200)),
                0.5,
                9,
                3,
                Duration.ofSeconds(90),
                true,
                new GovernorConfig.Wire(true, TlsFiles.none(), Optional.empty()),
                Optional.of(new Fallback("spare", Set.of("z"))),
                25));
    assertThat(Fallback.backend(config).orElseThrow().name()).isEqualTo("spare");
    assertThat(Fallback.backend(load(LEAST))).isEmpty();
  }

  @Test
  void parse_everyKeyOfTheLaw_isMapped() {
    GovernorConfig config = everyKey();

    assertThat(config.classes())
        .containsExactly(
            new ClassConfig(
                "a",
                List.of(
                    new MatchRule(
                        PathPattern.parse("/a/*/b/**"),
                        Set.of("GET", "PUT"),
                        Map.of("x-kind", "7", "x-other", "b"),
                        3)),
                false,
                Set.of(),
                Duration.ofSeconds(2),
                Duration.ofMillis(600)),
            new ClassConfig(
                "z", List.of(), true, Set.of("a"), Duration.ofMillis(100), Duration.ofMillis(30)));
    assertThat(config.sessionKey())
        .containsExactly(
            new SessionKeySource.Header("X-Id"),
            new SessionKeySource.Cookie("sid"),
            new SessionKeySource.PeerAddress());
    assertThat(config.ramp())
        .isEqualTo(
            new GovernorConfig.Ramp(
                RampMode.ASSISTED,
                new RampPlan.Linear(100, 2000, Duration.ofMinutes(3).toNanos()),
                true));
    assertThat(config.cluster())
        .isEqualTo(
            new GovernorConfig.Cluster(
                "blue",
                "10.0.0.9",
                5709,
                List.of(
                    new GovernorConfig.Member("10.0.0.9", 5709),
                    new GovernorConfig.Member("gw-2", 5701),
                    new GovernorConfig.Member("gw-3", 5701)),
                5,
                Path.of("/var/lib/governor"),
                Optional.of("fedcba9876543210"),
                GovernorConfig.Cluster.Network.PRIVATE_UNENCRYPTED,
                0,
                List.of(),
                Optional.empty(),
                false));
    assertThat(config.cluster().toString()).doesNotContain("fedcba9876543210");
  }

  @Test
  void parse_plans_becomeRampPlans() {
    assertThat(plan("exponential", "exponential: { start: 60/m, factor: 1.5, period: 30s }"))
        .isEqualTo(new RampPlan.Exponential(1, 1.5, Duration.ofSeconds(30).toNanos()));
    assertThat(plan("steps", "steps: [ { rate: 2/s, dwell: 3s }, { rate: 4/s, dwell: 1m } ]"))
        .isEqualTo(
            new RampPlan.Steps(
                List.of(
                    new RampPlan.Steps.Step(2, Duration.ofSeconds(3).toNanos()),
                    new RampPlan.Steps.Step(4, Duration.ofMinutes(1).toNanos()))));
    assertThat(plan("500-50-5", "shadow: false")).isEqualTo(new RampPlan.FiveHundredFiftyFive());
    assertThat(plan("adaptive", "linear: { start: 1/s, target: 2/s, duration: 1s }"))
        .isEqualTo(new RampPlan.Adaptive());
  }

  private static RampPlan plan(String name, String parameters) {
    return load(LEAST + "ramp: { plan: " + name + ", " + parameters + " }\n").ramp().plan();
  }

  @Test
  void classTable_hasRanksAndParents() {
    ClassTable table =
        load(LEAST.replace("default: true", "default: true, after: [ first, second ]"))
            .classTable();

    assertThat(table.size()).isEqualTo(3);
    assertThat(table.at(2).after()).containsExactly(0, 1);
    assertThat(table.at(0).patienceNanos()).isEqualTo(300_000_000L);
    assertThat(table.at(2).timeoutNanos()).isEqualTo(1_000_000_000L);
  }

  @Test
  void environment_standsOverTheFile() {
    GovernorConfig config =
        load(
            LEAST,
            Map.of(
                "GOVERNOR_LISTEN_PORT", "0",
                "GOVERNOR_LISTEN_EVENT_LOOPS", "2",
                "GOVERNOR_NODE_NAME", "gw-9",
                "GOVERNOR_BACKENDS_0_REFERENCE_RATE", "7/s",
                "GOVERNOR_BACKENDS_0_ORIGINS", "http://a:1, http://b:2",
                "GOVERNOR_CLASSES_2_TIMEOUT", "2s",
                "GOVERNOR_RAMP_SHADOW", "true",
                "GOVERNOR_CLUSTER_PORT", "5703",
                "GOVERNOR_CLUSTER_MEMBERS", "127.0.0.1:5701,127.0.0.1:5702,127.0.0.1:5703",
                "PATH", "/bin"));

    assertThat(config.listen().port()).isZero();
    assertThat(config.listen().eventLoops()).isEqualTo(2);
    assertThat(config.node().name()).isEqualTo("gw-9");
    assertThat(config.backend().referencePerSecond()).isEqualTo(7);
    assertThat(config.backend().origins()).containsExactly(new Origin("a", 1), new Origin("b", 2));
    assertThat(config.classes().get(2).timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(config.ramp().shadow()).isTrue();
    assertThat(config.cluster().port()).isEqualTo(5703);
    assertThat(config.cluster().expectedNodes()).isEqualTo(3);
  }

  @Test
  void load_readsAFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("governor.yaml");
    Files.writeString(file, LEAST);
    ConfigLoader loader = new ConfigLoader(Map.of(), 1);

    assertThat(loader.load(file)).isInstanceOf(Loaded.class);
    assertThat(loader.load(directory.resolve("none.yaml")))
        .isInstanceOfSatisfying(
            Faulty.class,
            faulty ->
                assertThat(faulty.faults())
                    .singleElement()
                    .satisfies(fault -> assertThat(fault.text()).endsWith("no such file")));
  }

  @Test
  void eventLoops_byDefault_areTheProcessorsUpToFour() {
    assertThat(loopsOn(1)).isEqualTo(Optional.of(1));
    assertThat(loopsOn(3)).isEqualTo(Optional.of(3));
    assertThat(loopsOn(64)).isEqualTo(Optional.of(4));
  }

  private static Optional<Integer> loopsOn(int processors) {
    return new ConfigLoader(Map.of(), processors).parse(LEAST) instanceof Loaded loaded
        ? Optional.of(loaded.config().listen().eventLoops())
        : Optional.empty();
  }
}
