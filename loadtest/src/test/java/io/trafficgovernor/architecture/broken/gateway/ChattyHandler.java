package io.trafficgovernor.architecture.broken.gateway;

import com.hazelcast.map.IMap;

final class ChattyHandler {
  String ask(IMap<String, String> grid) {
    return "" + grid.get("ceiling");
  }
}
