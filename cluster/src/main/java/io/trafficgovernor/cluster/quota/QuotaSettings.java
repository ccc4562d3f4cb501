package io.trafficgovernor.cluster.quota;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What tenants may ask for; the same on every node.
 *
 * @param usual of each tenant that has none of its own
 * @param own by tenant
 * @param nodes most nodes there will be: what one may use alone is this part of a quota
 * @param most tenants that are followed at once; all beyond share one account
 */
public record QuotaSettings(Quota usual, Map<String, Quota> own, int nodes, int most) {
  public QuotaSettings {
    requireNonNull(usual, "usual");
    own = Map.copyOf(own);
    if (nodes < 1 || most < 1) {
      throw new IllegalArgumentException(
          "quotas: got %d nodes and %d tenants, allowed 1 or more".formatted(nodes, most));
    }
  }

  Quota of(String tenant) {
    return own.getOrDefault(tenant, usual);
  }
}
