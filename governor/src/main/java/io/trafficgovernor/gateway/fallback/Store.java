package io.trafficgovernor.gateway.fallback;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.request.AdmissionController;
import io.trafficgovernor.gateway.origin.Origins;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * One backend as an event loop sees it: who admits to it, and the way there.
 *
 * @param name of the backend
 * @param isSecond whether it is the one beside the protected one; its answers say so
 */
public record Store(String name, AdmissionController admission, Origins origins, boolean isSecond) {
  private static final CharSequence BACKEND = HttpHeaders.createOptimized("Governor-Backend");

  public Store {
    requireNonNull(name, "name");
    requireNonNull(admission, "admission");
    requireNonNull(origins, "origins");
  }

  /** The protected one. */
  public static Store first(String name, AdmissionController admission, Origins origins) {
    return new Store(name, admission, origins, false);
  }

  /** The one beside it: clients are told of it, since what it says may be older. */
  public static Store second(String name, AdmissionController admission, Origins origins) {
    return new Store(name, admission, origins, true);
  }

  /** Says whose answer it is, if it is not the protected one's. */
  public void sign(HttpServerResponse response) {
    if (isSecond) {
      response.headers().set(BACKEND, name);
    }
  }
}
