package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.quota.Quota;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask for how much, over all nodes.
 *
 * @param header whose value names the tenant; requests without it have no quota
 * @param usual of each tenant that is not in {@code own}
 * @param own by the tenant's name
 * @param most tenants that a node follows at once
 */
public record Tenants(String header, Quota usual, Map<String, Quota> own, int most) {
  private static final Form<String> HEADER =
      Form.text("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,64}", "a header's name");
  private static final Form<String> TENANT =
      Form.text("[\\x21-\\x7E]{1,128}", "1 to 128 visible characters");
  private static final Form<Double> BURST = Form.number(1, 1_000_000);

  public Tenants {
    requireNonNull(header, "header");
    requireNonNull(usual, "usual");
    own = Map.copyOf(own);
  }

  /** The section; empty if there is none. */
  static Optional<Tenants> read(Section root) {
    if (!root.has("tenants")) {
      return Optional.empty();
    }
    Section section = root.section("tenants");
    String header = section.required("header", HEADER, "X-Tenant");
    Quota usual = quota(section);
    int most = section.optional("most", Form.whole(1, 1_000_000), 10_000);
    Map<String, Quota> own = new HashMap<>();
    for (Section each : section.sections("quotas")) {
      String tenant = each.required("tenant", TENANT, "");
      Quota quota = quota(each);
      each.end();
      if (own.put(tenant, quota) != null) {
        each.fault("tenant", "got \"" + tenant + "\" twice, allowed once");
      }
    }
    section.end();
    return Optional.of(new Tenants(header, usual, own, most));
  }

  private static Quota quota(Section section) {
    double perSecond = section.required("quota", Form.rate(), 1.0);
    double burst = section.optional("burst", BURST, Math.max(1, perSecond));
    return new Quota(perSecond, burst);
  }
}
