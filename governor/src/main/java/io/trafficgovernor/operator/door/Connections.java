package io.trafficgovernor.operator.door;

import io.vertx.core.http.HttpConnection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of the operator's port, at most {@value #MAX}. When there is one more, one is
 * closed: of those that never asked for anything they were permitted, the one that has been silent
 * for the longest time; of the others only if there are no such. So nobody can lock an operator out
 * by holding connections, nor cut his off. Used on the operator's event loop only.
 */
final class Connections {
  static final int MAX = 128;

  /** In the order of their last request. */
  private final Map<HttpConnection, Boolean> strangers = new LinkedHashMap<>(MAX, 0.75f, true);

  private final Map<HttpConnection, Boolean> known = new LinkedHashMap<>(MAX, 0.75f, true);

  /** A new one; it is forgotten when it closes. */
  void opened(HttpConnection connection) {
    strangers.put(connection, true);
    connection.closeHandler(
        closed -> {
          strangers.remove(connection);
          known.remove(connection);
        });
    if (strangers.size() + known.size() > MAX) {
      Map<HttpConnection, Boolean> from = strangers.size() > 1 ? strangers : known;
      HttpConnection idle = from.keySet().iterator().next();
      from.remove(idle);
      var unused = idle.close();
    }
  }

  /** A request came on it. */
  void used(HttpConnection connection) {
    var unused = known.containsKey(connection) ? known.get(connection) : strangers.get(connection);
  }

  /** A request that came on it was permitted. */
  void permitted(HttpConnection connection) {
    if (strangers.remove(connection) != null) {
      known.put(connection, true);
    }
  }
}
