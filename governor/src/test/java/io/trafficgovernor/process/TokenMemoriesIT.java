package io.trafficgovernor.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import io.trafficgovernor.cluster.hazelcast.HazelcastLedgerGrid;
import io.trafficgovernor.cluster.testing.LocalMembers;
import io.trafficgovernor.config.ConfigLoader;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.observe.EventLog;
import io.trafficgovernor.runtime.SystemTicker;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of used tokens when most voters die at once, on a real grid of three. */
final class TokenMemoriesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int VOTERS = 3;
  private static final int CLASSES = 2;
  private static final String CLUSTER = "token-memories";

  private final SystemTicker ticker = new SystemTicker();
  private final EventLog events = new EventLog(ticker);

  private static GovernorConfig config() {
    String yaml =
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, event-loops: 1 }
        backends:
          - { name: kv, origins: [ "http://127.0.0.1:1" ], reference-rate: 1000/s }
        classes:
          - { name: auth, match: [ { path: "/auth/**" } ], timeout: 1s }
          - name: verify
            default: true
            after: [ auth ]
            timeout: 1s
            on-shed: fail-open
            open-answer: { one-time: { header: X-Token, remember: 10m } }
        session-key: [ peer-address ]
        cluster: { members: [ "127.0.0.1:5701", "127.0.0.1:5702", "127.0.0.1:5703" ] }
        """;
    ConfigLoader.Result result = new ConfigLoader(Map.of(), 2).parse(yaml);
    if (result instanceof ConfigLoader.Faulty faulty) {
      throw new IllegalArgumentException(faulty.faults().toString());
    }
    return ((ConfigLoader.Loaded) result).config();
  }

  private Reserves on(HazelcastLedgerGrid grid) throws Exception {
    Reserves reserves = new Reserves(config(), ticker, events);
    reserves.joined(grid);
    return reserves;
  }

  /** What it shows, once it knows since when; it looks as the node does, again and again. */
  private static Instant since(Reserves reserves, Instant atLeast) {
    return await()
        .atMost(SOON)
        .until(
            () -> {
              reserves.read();
              String since = shown(reserves).getString("remembers_since");
              return since == null ? Instant.MIN : Instant.parse(since);
            },
            since -> !since.isBefore(atLeast));
  }

  private static JsonObject shown(Reserves reserves) {
    assertThat(reserves.memories().shown()).hasSize(1);
    return reserves.memories().shown().getJsonObject(0);
  }

  private List<JsonObject> forgotten() {
    return events.after(0, 100).events().stream()
        .filter(each -> each.kind() == EventLog.Kind.GRID)
        .map(EventLog.Event::data)
        .filter(data -> data.getString("what").equals("tokens forgotten"))
        .toList();
  }

  private static void kill(int member) {
    requireNonNull(Hazelcast.getHazelcastInstanceByName(CLUSTER + "/m" + member))
        .getLifecycleService()
        .terminate();
  }

  @Test
  void lossOfMostVoters_isToldHere_andToThoseWhoComeLater() throws Exception {
    Instant begin = ticker.wallTime();
    try (LocalMembers grid = LocalMembers.start(CLUSTER, VOTERS, CLASSES);
        Reserves survivor = on(grid.get(0));
        Reserves other = on(grid.get(1))) {
      Instant first = since(survivor, begin.truncatedTo(ChronoUnit.MILLIS));
      assertThat(since(other, first)).as("one mark for all").isEqualTo(first);
      assertThat(shown(survivor).getBoolean("whole")).as("of ten minutes").isFalse();
      assertThat(forgotten()).as("a new grid is no alarm").isEmpty();

      // a loss so soon behind the first mark would be told as the same
      await().atMost(SOON).until(() -> first.plusSeconds(6).isBefore(ticker.wallTime()));
      Thread second = new Thread(() -> kill(2));
      second.start();
      kill(1);
      second.join();
      Instant lost = since(survivor, first.plusSeconds(6));
      assertThat(shown(survivor).getLong("losses")).isEqualTo(1);
      assertThat(forgotten()).hasSize(1);
      assertThat(forgotten().get(0).getString("class")).isEqualTo("verify");
      assertThat(forgotten().get(0).getString("remembers_since")).isNotEmpty();

      try (HazelcastLedgerGrid again =
              HazelcastLedgerGrid.join(
                  "kv", LocalMembers.ledger(VOTERS, CLASSES), grid.settings(1), System::nanoTime);
          Reserves late = on(again)) {
        await().atMost(SOON).until(() -> again.members() == 2);
        since(survivor, lost);
        assertThat(since(late, lost)).isAfterOrEqualTo(lost);
        assertThat(shown(survivor).getLong("losses")).isEqualTo(1);
      }
    }
  }
}
