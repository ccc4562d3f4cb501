package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.Order;
import io.trafficgovernor.answers.Orders;
import io.trafficgovernor.answers.stale.AnswerCache;
import io.trafficgovernor.answers.stale.CacheUse;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.OnShed;
import io.trafficgovernor.observe.Meters;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what stands beside each request of one event loop. Confined to it. */
public final class Standbys {
  private static final double MILLIS_PER_SECOND = 1e3;

  /** Less than that is a packet lost and sent again. */
  private static final long MIN_HELD_NANOS = 200_000_000;

  private final Vertx vertx;
  private final Context context;
  private final GovernorConfig config;
  private final Answers answers;
  private final @Nullable AnswerCache cache;
  private final @Nullable Receipts receipts;
  private final KeptWriter writer;
  private final List<OfClass> classes = new ArrayList<>();

  /** For requests on that context. */
  public Standbys(
      Vertx vertx, Context context, GovernorConfig config, Answers answers, Meters meters) {
    this.vertx = requireNonNull(vertx, "vertx");
    this.context = requireNonNull(context, "context");
    this.config = requireNonNull(config, "config");
    this.answers = requireNonNull(answers, "answers");
    this.cache = answers.cache().orElse(null);
    this.receipts =
        answers
            .journal()
            .map(each -> new Receipts(context, each, config.node().name(), answers.wall()))
            .orElse(null);
    List<String> names = config.classes().stream().map(ClassConfig::name).toList();
    this.writer = new KeptWriter(config.node().name(), names);
    for (int rank = 0; rank < names.size(); rank++) {
      classes.add(ofClass(config.classes().get(rank), new Metered(meters, rank)));
    }
  }

  /** What the requests of one class may get. */
  record OfClass(
      String name,
      OnShed onShed,
      Orders orders,
      FromCache.@Nullable Setting kept,
      @Nullable OpenDoor door,
      @Nullable IntoJournal journal) {
    /** What an operator has ordered; null if nothing. */
    Order.@Nullable Action ordered() {
      return orders.of(name).map(Order::action).orElse(null);
    }
  }

  private OfClass ofClass(ClassConfig config, Metered count) {
    ClassConfig.Instead instead = config.instead();
    OpenDoor door =
        instead
            .openAnswer()
            .map(
                answer ->
                    new OpenDoor(
                        context, config.name(), answer, answers.guards().get(config.name()), count))
            .orElse(null);
    return new OfClass(
        config.name(),
        instead.onShed(),
        answers.orders(),
        kept(config, instead.maxStale().orElse(null), count),
        door,
        journal(config, count));
  }

  private FromCache.@Nullable Setting kept(
      ClassConfig of, @Nullable Duration maxStale, Metered count) {
    AnswerCache keeping = cache;
    return keeping == null || maxStale == null
        ? null
        : new FromCache.Setting(
            vertx,
            context,
            keeping,
            writer,
            count,
            maxStale.toMillis() / MILLIS_PER_SECOND,
            Math.max(MIN_HELD_NANOS, of.patience().toNanos()));
  }

  private @Nullable IntoJournal journal(ClassConfig each, Metered count) {
    Receipts given = receipts;
    if (given == null || each.instead().onShed() != OnShed.JOURNAL) {
      return null;
    }
    return answers
        .journal()
        .map(
            journal ->
                new IntoJournal(
                    new IntoJournal.Setting(
                        context,
                        journal,
                        given,
                        each.name(),
                        each.timeout().toMillis(),
                        config.journal().maxBodyBytes(),
                        answers.wall(),
                        count)))
        .orElse(null);
  }

  private record Metered(Meters meters, int rank) implements FromCache.Count {
    @Override
    public void used(CacheUse use) {
      meters.cacheUsed(rank, use);
    }

    @Override
    public void degraded(Degraded how) {
      meters.degraded(rank, how);
    }
  }

  /** Whether the request is for a receipt of this gateway; then it is answered. */
  public boolean answers(HttpServerRequest request) {
    return receipts != null && receipts.answers(request);
  }

  /** What stands beside that request. */
  public Instead beside(Asker.Asked asked, Asker asker) {
    return new Instead(asked, asker, classes.get(asked.rank()), cache);
  }
}
