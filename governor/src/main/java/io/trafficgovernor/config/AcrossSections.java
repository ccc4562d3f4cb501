package io.trafficgovernor.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds between the values of several sections. */
final class AcrossSections {
  private final GovernorConfig config;
  private final Section root;
  private final Duration slowest;

  private AcrossSections(GovernorConfig config, Section root) {
    this.config = config;
    this.root = root;
    this.slowest =
        config.classes().stream()
            .map(ClassConfig::timeout)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
  }

  /** Notes what does not fit together. */
  static void check(GovernorConfig config, Section root) {
    AcrossSections check = new AcrossSections(config, root);
    check.idleTimeouts();
    check.transferTimeout();
    check.ports();
    check.origins();
    check.fallbackClasses();
  }

  /** A connection must outlive the slowest request on it, at the backend with its zombie. */
  private void idleTimeouts() {
    if (config.listen().idleTimeout().compareTo(slowest) <= 0) {
      root.fault(
          "listen.idle-timeout",
          got(config.listen().idleTimeout())
              + "more than the longest class time-out: "
              + Form.shown(slowest));
    }
    Duration twice = slowest.multipliedBy(2);
    for (int i = 0; i < config.backends().size(); i++) {
      Duration idle = config.backends().get(i).idleTimeout();
      if (idle.compareTo(twice) <= 0) {
        root.fault(
            "backends[" + i + "].idle-timeout",
            got(idle) + "more than twice the longest class time-out: " + Form.shown(twice));
      }
    }
  }

  /** An answer that is slow but in time must not be cut off by the bound for transfers. */
  private void transferTimeout() {
    Duration transfer = config.listen().transferTimeout();
    if (transfer.compareTo(slowest) < 0) {
      root.fault(
          "listen.transfer-timeout",
          got(transfer) + "at least the longest class time-out: " + Form.shown(slowest));
    }
  }

  private static String got(Duration time) {
    return "got " + Form.shown(time) + ", allowed: ";
  }

  private void ports() {
    Map<Integer, String> owners = new LinkedHashMap<>();
    port(owners, "listen.port", config.listen().port());
    port(owners, "operator.port", config.operator().port());
    port(owners, "cluster.port", config.cluster().port());
  }

  private void port(Map<Integer, String> owners, String key, int port) {
    String owner = port == 0 ? null : owners.putIfAbsent(port, key);
    if (owner != null) {
      root.fault(key, "got " + port + ", which is also " + owner + "; allowed: a port of its own");
    }
  }

  private void fallbackClasses() {
    List<String> names = config.classes().stream().map(ClassConfig::name).toList();
    for (int i = 0; i < config.backends().size(); i++) {
      for (String name :
          config.backends().get(i).fallback().map(Fallback::classes).orElse(Set.of())) {
        if (!names.contains(name)) {
          root.fault(
              "backends[" + i + "].fallback.classes",
              "got \"" + name + "\", which is no class; allowed: " + String.join(", ", names));
        }
      }
    }
  }

  /** A gateway that is its own backend would ask itself until nothing is left. */
  private void origins() {
    for (int i = 0; i < config.backends().size(); i++) {
      for (Origin origin : config.backends().get(i).origins()) {
        if (origin.port() == config.listen().port() && ConfigReader.loopback(origin.host())) {
          root.fault(
              "backends[" + i + "].origins",
              "got "
                  + origin.authority()
                  + ", this gateway's own door, allowed: addresses of the backend");
        }
      }
    }
  }
}
