package io.trafficgovernor.gateway.head;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.NormalPath;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a request's class and cost by the ordered rules of the configuration: the first class one
 * of whose rules it meets. One pass over the path for each rule, no regular expressions, no
 * allocation in the usual case. Immutable, thread-safe.
 */
public final class Classifier {
  private static final String RETRY_ATTEMPT = "X-Retry-Attempt";
  private static final String GRPC_ATTEMPTS = "grpc-previous-rpc-attempts";
  private static final String ENVOY_COUNT = "x-envoy-attempt-count";
  private static final String AMAZON_REQUEST = "amz-sdk-request";
  private static final String AMAZON_ATTEMPT = "attempt=";

  private final Rule[] rules;
  private final Kind otherwise;

  /**
   * What a request is.
   *
   * @param rank of its class
   * @param cost tokens and slots it takes
   */
  public record Kind(int rank, int cost) {}

  private record Rule(Kind kind, MatchRule match) {
    private boolean meets(String method, String path, MultiMap headers) {
      return (match.methods().isEmpty() || match.methods().contains(method))
          && (match.path().isEmpty() || match.path().get().matches(path))
          && (match.headers().isEmpty() || has(headers));
    }

    private boolean has(MultiMap headers) {
      for (Map.Entry<String, String> wanted : match.headers().entrySet()) {
        if (!wanted.getValue().equals(headers.get(wanted.getKey()))) {
          return false;
        }
      }
      return true;
    }
  }

  /** By those classes, exactly one of which takes what no other does. */
  public Classifier(List<ClassConfig> classes) {
    List<Rule> ordered = new ArrayList<>();
    int rest = classes.size() - 1;
    for (int rank = 0; rank < classes.size(); rank++) {
      for (MatchRule match : classes.get(rank).match()) {
        ordered.add(new Rule(new Kind(rank, match.cost()), match));
      }
      if (classes.get(rank).byDefault()) {
        rest = rank;
      }
    }
    this.rules = ordered.toArray(new Rule[0]);
    this.otherwise = new Kind(rest, 1);
  }

  /** Rank of the class of a request for that target, in origin form. Pure. */
  public int rank(String method, String target, MultiMap headers) {
    return kind(method, target, headers).rank();
  }

  /** What a request for that target, in origin form, is. Pure. */
  public Kind kind(String method, String target, MultiMap headers) {
    String path = NormalPath.of(target);
    for (Rule rule : rules) {
      if (rule.meets(method, path, headers)) {
        return rule.kind();
      }
    }
    return otherwise;
  }

  /** Whether the request does not say of itself that it is a retry. Pure. */
  public static boolean firstAttempt(MultiMap headers) {
    return !positive(headers.get(RETRY_ATTEMPT))
        && !positive(headers.get(GRPC_ATTEMPTS))
        && !laterThanFirst(headers.get(ENVOY_COUNT))
        && !laterAttempt(headers.get(AMAZON_REQUEST));
  }

  private static boolean positive(@Nullable String count) {
    return count != null && !count.isEmpty() && !count.equals("0");
  }

  /** Envoy counts attempts from 1. */
  private static boolean laterThanFirst(@Nullable String count) {
    return positive(count) && !"1".equals(count);
  }

  /** {@code attempt=2; max=3}. */
  private static boolean laterAttempt(@Nullable String request) {
    int at = request == null ? -1 : request.indexOf(AMAZON_ATTEMPT);
    if (request == null || at < 0) {
      return false;
    }
    String number = request.substring(at + AMAZON_ATTEMPT.length());
    return !number.startsWith("1") || (number.length() > 1 && Character.isDigit(number.charAt(1)));
  }
}
