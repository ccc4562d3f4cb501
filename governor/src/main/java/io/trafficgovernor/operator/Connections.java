package io.trafficgovernor.operator;

import io.vertx.core.http.HttpConnection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of the operator's port, at most {@value #MAX}. When there is one more, the one
 * that has asked for nothing for the longest time is closed, so that nobody can lock an operator
 * out by holding connections. Used on the operator's event loop only.
 */
final class Connections {
  static final int MAX = 128;

  /** In the order of their last request. */
  private final Map<HttpConnection, Boolean> byUse = new LinkedHashMap<>(MAX, 0.75f, true);

  /** A new one; it is forgotten when it closes. */
  void opened(HttpConnection connection) {
    byUse.put(connection, true);
    connection.closeHandler(closed -> byUse.remove(connection));
    if (byUse.size() > MAX) {
      HttpConnection idle = byUse.keySet().iterator().next();
      byUse.remove(idle);
      var unused = idle.close();
    }
  }

  /** A request came on it. */
  void used(HttpConnection connection) {
    var unused = byUse.get(connection);
  }
}
