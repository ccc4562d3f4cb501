package io.trafficgovernor.operator.forecast;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.control.CeilingController;
import io.trafficgovernor.admission.control.Reference;
import io.trafficgovernor.admission.forecast.Forecast;
import io.trafficgovernor.admission.forecast.Outlook;
import io.trafficgovernor.admission.forecast.Trend;
import io.trafficgovernor.admission.herd.PlannedRamp;
import io.trafficgovernor.admission.lease.Grant;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.RampWish;
import io.trafficgovernor.observe.Figures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Puts forecasts into the words of the API: the short one of the status, and the dry run of a ramp
 * that nobody has begun. Nothing here changes anything. Pure.
 */
public final class Prospect {
  /** Points of a dry run at most; longer ramps are shown in longer steps. */
  private static final int MOST_POINTS = 120;

  private final GovernorConfig config;
  private final ClassTable classes;

  public Prospect(GovernorConfig config) {
    this.config = requireNonNull(config, "config");
    this.classes = config.classTable();
  }

  /**
   * The short forecast.
   *
   * @param fullInSeconds until the ceiling covers the demand; empty if something is in the way
   * @param blockedBy what is in the way: a phase, {@code operator}, {@code plan} or {@code
   *     evidence}; empty if nothing is
   * @param opensInSeconds for each class, in order of importance; empty if not in sight
   */
  public record Ahead(
      OptionalDouble fullInSeconds, String blockedBy, List<OptionalDouble> opensInSeconds) {
    public Ahead {
      opensInSeconds = List.copyOf(opensInSeconds);
    }

    /** As it stands in the status. */
    public JsonObject json() {
      return new JsonObject().put("full_in_s", number(fullInSeconds)).put("blocked_by", blockedBy);
    }

    /** When that class is open, in seconds; null if not in sight. */
    public @Nullable Double opensIn(int rank) {
      return number(opensInSeconds.get(rank));
    }
  }

  private static @Nullable Double number(OptionalDouble value) {
    return value.isPresent() ? Figures.rounded(value.getAsDouble()) : null;
  }

  /** How things go on if nobody does anything. */
  public Ahead goingOn(Moment now) {
    if (now.phase() == Phase.OPEN) {
      return new Ahead(OptionalDouble.of(0), "", all(OptionalDouble.of(0)));
    }
    String blocked = blocked(now);
    if (!blocked.isEmpty()) {
      return new Ahead(OptionalDouble.empty(), blocked, all(OptionalDouble.empty()));
    }
    Outlook outlook = outlook(now, RampWish.NONE);
    Forecast forecast = Forecast.of(outlook);
    boolean inSight = forecast.fullInSeconds().isPresent();
    return new Ahead(
        forecast.fullInSeconds(), inSight ? "" : slowest(outlook), forecast.opensInSeconds());
  }

  private List<OptionalDouble> all(OptionalDouble value) {
    return Collections.nCopies(classes.size(), value);
  }

  /** What keeps the ceiling from rising by itself; empty if nothing does. */
  private String blocked(Moment now) {
    boolean waits =
        config.ramp().mode() == RampMode.MANUAL
            && (now.phase() == Phase.PROBING || now.phase() == Phase.ROLLBACK);
    if (now.held() || waits) {
      return "operator";
    }
    return switch (now.phase()) {
      case OUTAGE, ISOLATED, FROZEN -> now.phase().name().toLowerCase(Locale.ROOT);
      case OPEN, DEGRADED, PROBING, RAMPING, HOLD, ROLLBACK -> "";
    };
  }

  /** What the slowness of a ramp comes from that is not full within the hour. */
  private static String slowest(Outlook outlook) {
    Outlook free =
        new Outlook(
            new RampPlan.Adaptive(),
            outlook.rampNanos(),
            outlook.ceilingPerSecond(),
            outlook.growthPerSecond(),
            outlook.ageSeconds(),
            outlook.demand(),
            outlook.nodes(),
            outlook.largestCost());
    return Forecast.of(free).fullInSeconds().isPresent() ? "plan" : "evidence";
  }

  /** A ramp as it was wished for: from where things stand, or from the start if none is on. */
  public JsonObject dryRun(Moment now, RampWish wish) {
    Outlook outlook = outlook(now, wish);
    Forecast forecast = Forecast.of(outlook);
    JsonObject demand = new JsonObject();
    JsonArray opens = new JsonArray();
    for (int rank = 0; rank < classes.size(); rank++) {
      String name = classes.at(rank).name();
      demand.put(name, Figures.rounded(outlook.demand().get(rank)));
      opens.add(
          new JsonObject()
              .put("name", name)
              .put("opens_in_s", number(forecast.opensInSeconds().get(rank))));
    }
    return new JsonObject()
        .put("plan", outlook.plan().word())
        .put("basis", now.basis())
        .put("begins", rising(now.phase()) ? "now" : "anew")
        .put("from_rps", Figures.rounded(forecast.points().get(0).ceilingPerSecond()))
        .put("growth_per_s", Figures.rounded(outlook.growthPerSecond()))
        .put("demand_rps", demand)
        .put("nodes", outlook.nodes())
        .put("full_in_s", number(forecast.fullInSeconds()))
        .put("classes", opens)
        .put("worst_excess_tokens", Figures.rounded(forecast.worstExcessTokens()))
        .put("ceiling", points(forecast));
  }

  private static JsonArray points(Forecast forecast) {
    List<Forecast.Point> all = forecast.points();
    int step = (all.size() + MOST_POINTS - 1) / MOST_POINTS;
    JsonArray shown = new JsonArray();
    for (int i = 0; i < all.size(); i += step) {
      shown.add(point(all.get(i)));
    }
    if ((all.size() - 1) % step != 0) {
      shown.add(point(all.get(all.size() - 1)));
    }
    return shown;
  }

  private static JsonObject point(Forecast.Point point) {
    return new JsonObject()
        .put("at_s", point.seconds())
        .put("rps", Figures.rounded(point.ceilingPerSecond()));
  }

  private Outlook outlook(Moment now, RampWish wish) {
    double ceiling = now.cluster().map(Grant.ClusterView::ceilingPerSecond).orElse(0.0);
    boolean rising = rising(now.phase()) && ceiling > 0;
    boolean anew = !rising || wish.plan().isPresent();
    double from = wish.fromPerSecond().orElse(rising ? ceiling : start(now));
    Trend trend = rising ? now.trend().orElseGet(() -> told(now, ceiling)) : Trend.NONE;
    int nodes = now.nodes() > 0 ? now.nodes() : config.cluster().expectedNodes();
    return new Outlook(
        wish.plan().orElse(config.ramp().plan()),
        anew ? 0 : now.rampNanos(),
        from,
        wish.growthPerSecond().orElse(trend.growthPerSecond(rising ? ceiling : from)),
        trend.age(),
        demand(now, wish),
        wish.nodes().orElse(nodes),
        config.largestCost());
  }

  /** By the lease alone, which tells the growth of late but not how old the ramp is. */
  private static Trend told(Moment now, double ceiling) {
    double growth = now.cluster().map(Grant.ClusterView::growthPerSecond).orElse(0.0);
    double age = PlannedRamp.MEMORY_SECONDS;
    return new Trend(age, growth * age * ceiling, true);
  }

  private static boolean rising(Phase phase) {
    return switch (phase) {
      case DEGRADED, PROBING, RAMPING, HOLD, ROLLBACK, FROZEN -> true;
      case OPEN, OUTAGE, ISOLATED -> false;
    };
  }

  /** The ceiling a ramp begins at. */
  private double start(Moment now) {
    Reference reference =
        now.ledger()
            .map(LedgerState::control)
            .map(LedgerState.Control::reference)
            .orElse(Reference.configured(config.backend().referencePerSecond()));
    return new CeilingController(classes).start(reference, 0).level().ceiling();
  }

  private List<Double> demand(Moment now, RampWish wish) {
    List<Double> measured = now.cluster().map(Grant.ClusterView::demandPerSecond).orElse(List.of());
    List<Double> demand = new ArrayList<>();
    for (int rank = 0; rank < classes.size(); rank++) {
      double known = rank < measured.size() ? measured.get(rank) : 0;
      demand.add(wish.demandPerSecond().getOrDefault(classes.at(rank).name(), known));
    }
    return demand;
  }
}
