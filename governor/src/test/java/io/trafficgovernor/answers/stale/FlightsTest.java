package io.trafficgovernor.answers.stale;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.answers.stale.Flights.Flight;
import io.trafficgovernor.answers.stale.Flights.Place;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FlightsTest {
  private final Flights flights = new Flights();
  private final AtomicInteger told = new AtomicInteger();

  private Flight lead(String key) {
    return ((Place.Leads) flights.join(key, told::incrementAndGet)).flight();
  }

  @Test
  void first_leads_othersWait_andAreToldOnce() {
    Flight flight = lead("a");
    for (int i = 0; i < 3; i++) {
      assertThat(flights.join("a", told::incrementAndGet)).isInstanceOf(Place.Waits.class);
    }
    assertThat(flights.join("b", told::incrementAndGet)).isInstanceOf(Place.Leads.class);
    flight.land();
    flight.land();
    assertThat(told).hasValue(3);
    assertThat(flights.underWay("a")).isFalse();
    assertThat(flights.underWay("b")).isTrue();
  }

  @Test
  void whoLeaves_isNotTold() {
    Flight flight = lead("a");
    Runnable leaving = told::incrementAndGet;
    flights.join("a", leaving);
    flight.leave(leaving);
    flight.land();
    assertThat(told).hasValue(0);
  }

  @Test
  void waiting_isBounded() {
    Flight flight = lead("a");
    for (int i = 0; i < Flights.MAX_WAITING; i++) {
      assertThat(flights.join("a", told::incrementAndGet)).isInstanceOf(Place.Waits.class);
    }
    assertThat(flights.join("a", told::incrementAndGet)).isInstanceOf(Place.Alone.class);
    flight.land();
    assertThat(told).hasValue(Flights.MAX_WAITING);
  }

  /** A flight that lands late takes nothing away from the next one. */
  @Test
  void landing_leavesALaterFlightAlone() {
    Flight first = lead("a");
    first.land();
    Flight second = lead("a");
    first.land();
    assertThat(flights.join("a", told::incrementAndGet)).isInstanceOf(Place.Waits.class);
    second.land();
    assertThat(told).hasValue(1);
  }
}
