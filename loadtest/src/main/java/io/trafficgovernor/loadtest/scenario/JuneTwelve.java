package io.trafficgovernor.loadtest.scenario;

import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.loadtest.incident.Incident;
import io.trafficgovernor.loadtest.incident.IncidentFile;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The incident of 12 June 2025 in its full length: 151 minutes of outage at the fallen traffic that
 * was published, then the return under the provider's quota. Facts and clients are those of the
 * incident's own file.
 */
final class JuneTwelve {
  private static final double PUBLISHED_OUTAGE_SECONDS = 151 * 60;

  /** Traffic fell up to 80 % below normal. */
  private static final double TRAFFIC_LEFT = 0.2;

  /** The provider limited the influx for the first minutes. */
  private static final double QUOTA_SECONDS = 120;

  private static final double MEASURED_SECONDS = 300;

  static final String NAME = "june-12";
  static final String HALF = "june-12-half";

  private JuneTwelve() {}

  /** All of its traffic. */
  static Scenario scenario() {
    Incident incident = IncidentFile.named(NAME);
    return scenario(incident, NAME, incident.title() + ", in full length", 1);
  }

  /** Half of it. */
  static Scenario half() {
    Incident incident = IncidentFile.named(NAME);
    return scenario(incident, HALF, incident.title() + ", in full length at half the rate", 0.5);
  }

  private static Scenario scenario(Incident incident, String name, String title, double part) {
    Incident.Replay replay = incident.replay();
    double rate = part * replay.ratePerSecond();
    return new Scenario(
        name,
        title,
        8,
        new NodeChoice.Even(),
        new Reference(rate, 0.015, List.of(), rate),
        new Scenario.Backend(replay.store().settings(), false, 1, 0, 0, Optional.empty()),
        incident.population().withRate(rate),
        new Scenario.Habits(20_000, 1, 1, 1, 60),
        new Scenario.Course(PUBLISHED_OUTAGE_SECONDS, TRAFFIC_LEFT, MEASURED_SECONDS),
        List.of(
            new StoreEvent.Quota(0, replay.quotaPerSecond(), replay.quotaPerSecond(), 0),
            new StoreEvent.Quota(
                QUOTA_SECONDS, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0)),
        Scenario.Weather.FAIR,
        List.of(
            new Promise(Measure.RESTARTS, OptionalDouble.empty(), OptionalDouble.of(0)),
            new Promise(Measure.CRITICAL_BACK, OptionalDouble.empty(), OptionalDouble.of(10)),
            new Promise(Measure.OPEN_AGAIN, OptionalDouble.empty(), OptionalDouble.of(300))));
  }
}
