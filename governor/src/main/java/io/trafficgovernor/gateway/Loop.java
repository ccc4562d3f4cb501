package io.trafficgovernor.gateway;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.Ticker;
import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.admission.request.Attempt;
import io.trafficgovernor.gateway.comeback.Attempts;
import io.trafficgovernor.gateway.comeback.Refusals;
import io.trafficgovernor.gateway.fallback.Stores;
import io.trafficgovernor.gateway.head.ClassClaims;
import io.trafficgovernor.gateway.head.Classifier;
import io.trafficgovernor.gateway.head.ForwardedHeaders;
import io.trafficgovernor.gateway.head.SessionHash;
import io.trafficgovernor.gateway.head.TenantDoor;
import io.trafficgovernor.gateway.instead.Standbys;
import io.trafficgovernor.gateway.upload.Uploads;
import io.trafficgovernor.observe.Meters;
import io.trafficgovernor.runtime.Alarms;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/**
 * What the requests of one event loop share.
 *
 * @param alarms for what every request may need a time for
 * @param stores where requests go; the first of them is the one of {@code admission}
 * @param uploads those of the whole node
 * @param sockets how many connections may be WebSockets
 * @param classes with their time-outs
 * @param transferNanos longest time for a request and its answer, bodies included
 * @param sentStamp whether the backend is told when each request was sent
 */
record Loop(
    Vertx vertx,
    Context context,
    Ticker ticker,
    Alarms alarms,
    AdmissionController admission,
    Meters meters,
    Clients clients,
    Tunnel.Places sockets,
    Uploads uploads,
    Stores stores,
    ClassClaims claims,
    SessionHash sessions,
    ForwardedHeaders forwarded,
    ShedResponse answers,
    Attempts attempts,
    Refusals refusals,
    Standbys instead,
    TenantDoor tenants,
    ClassTable classes,
    long transferNanos,
    boolean sentStamp) {

  /** Until when a request can wait for what it needs. */
  long patience(Arrival arrival) {
    return arrival.arrivedNanos() + classes.at(arrival.rank()).patienceNanos();
  }

  /** That request at the law's door. */
  Arrival arrival(
      HttpServerRequest request, Classifier.Kind kind, long nowNanos, Arrival.Waiter waiter) {
    MultiMap headers = request.headers();
    long session = sessions.of(headers, () -> forwarded.client(request));
    Attempt attempt = attempts.of(headers, kind.rank(), session, admission::incidentSalt, nowNanos);
    return new Arrival(kind.rank(), session, nowNanos, attempt, kind.cost(), waiter);
  }
}
