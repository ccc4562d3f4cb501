package io.trafficgovernor.loadtest.scenario;

/** Something that happens to the store or its clients, so many seconds after its return. */
public sealed interface StoreEvent {
  /** Every class, or every origin. */
  int ALL = -1;

  double atSeconds();

  /** The same where demand and store are that many times larger. */
  default StoreEvent scaled(int times) {
    return this;
  }

  /** The store stands still. */
  record Stall(double atSeconds, double forSeconds) implements StoreEvent {}

  /** It dies and comes back cold. */
  record Death(double atSeconds, double forSeconds) implements StoreEvent {}

  /** It serves at that part of its speed. */
  record Pace(double atSeconds, double part, double forSeconds) implements StoreEvent {}

  /** Half of its cache is lost. */
  record LoseCache(double atSeconds) implements StoreEvent {}

  /**
   * The provider's quota; where it changes over time it does so in steps of 100 ms.
   *
   * @param fromPerSecond at the beginning; positive infinity for none
   * @param toPerSecond at the end of {@code overSeconds}
   */
  record Quota(double atSeconds, double fromPerSecond, double toPerSecond, double overSeconds)
      implements StoreEvent {
    @Override
    public Quota scaled(int times) {
      return new Quota(atSeconds, times * fromPerSecond, times * toPerSecond, overSeconds);
    }
  }

  /** The application answers a part of a class, or of an origin's requests, with an error. */
  record Fail(double atSeconds, int rank, int origin, double share, double forSeconds)
      implements StoreEvent {}

  /** First attempts of a class come at that multiple of their usual rate. */
  record Demand(double atSeconds, int rank, double factor, double forSeconds)
      implements StoreEvent {}

  /** That many more users come at once, each with one request, and stay until they are served. */
  record Herd(double atSeconds, int users, double withinSeconds) implements StoreEvent {
    @Override
    public Herd scaled(int times) {
      return new Herd(atSeconds, times * users, withinSeconds);
    }
  }

  /** The system behind the store dies and comes back cold. */
  record NeighbourDeath(double atSeconds, double forSeconds) implements StoreEvent {}
}
