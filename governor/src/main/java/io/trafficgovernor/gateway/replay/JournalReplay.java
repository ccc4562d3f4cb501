package io.trafficgovernor.gateway.replay;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.order.SessionKey;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Attempt;
import io.trafficgovernor.admission.request.Decision;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.answers.journal.WriteJournal.Delivery;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.OnShed;
import io.trafficgovernor.gateway.head.ClassClaims;
import io.trafficgovernor.gateway.origin.ConnectRamp;
import io.trafficgovernor.gateway.origin.OriginCall;
import io.trafficgovernor.gateway.origin.Origins;
import io.trafficgovernor.tls.Keyring;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what the journal holds, as requests of the lowest class under the same law: a delivery
 * needs a token and a slot like any other request, after everybody else. A few targets at a time,
 * one write of a target at a time. An event loop's work; what blocks is the journal's.
 */
public final class JournalReplay extends VerticleBase {
  private static final long LOOK_MILLIS = 100;
  private static final int MAX_UNDER_WAY = 16;

  /** After a delivery that failed the same target waits, twice as long each time. */
  private static final long FIRST_PAUSE_NANOS = 1_000_000_000L;

  private static final int MAX_DOUBLINGS = 5;

  /** Targets whose pauses are remembered; a forgotten one is tried earlier. */
  private static final int MAX_PAUSES = 10_000;

  private final GovernorConfig config;
  private final AdmissionController admission;
  private final Ticker ticker;
  private final WriteJournal journal;
  private final Keyring keyring;
  private final ConnectRamp connects;
  private final ClassClaims claims;
  private final GreenLight light;
  private final Map<String, Pause> pauses = new HashMap<>();
  private @Nullable Origins origins;
  private int underWay;
  private boolean asking;
  private boolean stopped;
  private volatile String why = "not-looked-yet";

  private record Pause(int failures, long untilNanos) {}

  /**
   * Delivers that journal's writes to the configured backend.
   *
   * @param wall what the claims of deliveries are dated by
   */
  public JournalReplay(
      GovernorConfig config,
      AdmissionController admission,
      Ticker ticker,
      WallClock wall,
      WriteJournal journal,
      Keyring keyring,
      ConnectRamp connects) {
    this.connects = requireNonNull(connects, "connects");
    this.keyring = requireNonNull(keyring, "keyring");
    this.config = requireNonNull(config, "config");
    this.admission = requireNonNull(admission, "admission");
    this.ticker = requireNonNull(ticker, "ticker");
    this.journal = requireNonNull(journal, "journal");
    this.claims = new ClassClaims(config.classes(), config.inherit(), wall, none -> {});
    this.light =
        new GreenLight(
            IntStream.range(0, config.classes().size())
                .filter(rank -> config.classes().get(rank).instead().onShed() == OnShed.JOURNAL)
                .boxed()
                .toList());
  }

  /** What deliveries wait for, in one word; empty if nothing keeps them. Thread-safe. */
  public String why() {
    return why;
  }

  @Override
  public Future<?> start() {
    origins = new Origins(vertx, ticker, config.backend(), keyring.backend(), connects);
    vertx.setPeriodic(LOOK_MILLIS, timer -> look());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (origins != null) {
      origins.close();
    }
    return Future.succeededFuture();
  }

  private void look() {
    long now = ticker.nanos();
    boolean green = light.green(admission.snapshot(now), now);
    why = light.why();
    if (green
        && !asking
        && !stopped
        && underWay < MAX_UNDER_WAY
        && journal.waiting().writes() > 0) {
      asking = true;
      var unused =
          journal
              .take(MAX_UNDER_WAY - underWay, resting(now))
              .whenComplete(
                  (taken, failure) ->
                      context.runOnContext(ignored -> taken(failure == null ? taken : List.of())));
    }
  }

  /** Targets that are left alone for a while after a delivery that failed. */
  private Set<String> resting(long nowNanos) {
    return pauses.entrySet().stream()
        .filter(each -> nowNanos - each.getValue().untilNanos() < 0)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void taken(List<Delivery> deliveries) {
    asking = false;
    long now = ticker.nanos();
    for (Delivery each : deliveries) {
      if (stopped) {
        each.later();
      } else {
        underWay++;
        begin(each, now);
      }
    }
  }

  private void begin(Delivery delivery, long nowNanos) {
    int lowest = config.classes().size() - 1;
    long session = SessionKey.hash(delivery.write().target());
    Arrival arrival =
        new Arrival(
            lowest,
            session,
            nowNanos,
            Attempt.FIRST,
            1,
            (decision, at) -> context.runOnContext(ignored -> decided(decision, delivery)));
    decided(admission.decide(arrival, nowNanos), delivery);
  }

  private void decided(Decision decision, Delivery delivery) {
    if (decision instanceof Decision.Admitted admitted) {
      int lowest = config.classes().size() - 1;
      long timeout = config.classTable().at(lowest).timeoutNanos();
      Origins to = requireNonNull(origins, "started");
      ReplayCall side =
          new ReplayCall(
              delivery,
              vertx,
              config.backend().sentStamp(),
              headers -> claims.write(MultiMap.caseInsensitiveMultiMap(), headers, lowest),
              this::over);
      side.begin(
          new OriginCall(to, admitted.permit(), timeout, ticker.nanos() + timeout, side), timeout);
    } else if (decision instanceof Decision.Shed) {
      // the law has said no, not the backend: there is no worse next time
      underWay--;
      pause(delivery, 0);
    }
  }

  /** A delivery has ended; what was not delivered is tried again after a while. */
  private void over(Delivery delivery, boolean answered) {
    underWay--;
    String target = delivery.write().target();
    if (answered) {
      pauses.remove(target);
      return;
    }
    Pause before = pauses.get(target);
    pause(delivery, before == null ? 0 : Math.min(MAX_DOUBLINGS, before.failures() + 1));
  }

  private void pause(Delivery delivery, int failures) {
    if (pauses.size() >= MAX_PAUSES) {
      pauses.clear();
    }
    long until = ticker.nanos() + (FIRST_PAUSE_NANOS << failures);
    pauses.put(delivery.write().target(), new Pause(failures, until));
    delivery.later();
  }
}
