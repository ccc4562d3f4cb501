package io.trafficgovernor.gateway.head;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.MatchRule;
import io.trafficgovernor.config.NormalPath;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells a request's class by the ordered rules of the configuration: the first class one of whose
 * rules it meets. One pass over the path for each rule, no regular expressions, no allocation in
 * the usual case. Immutable, thread-safe.
 */
public final class Classifier {
  private static final String RETRY_ATTEMPT = "X-Retry-Attempt";
  private static final String GRPC_ATTEMPTS = "grpc-previous-rpc-attempts";
  private static final String AMAZON_REQUEST = "amz-sdk-request";
  private static final String AMAZON_ATTEMPT = "attempt=";

  private final Rule[] rules;
  private final int otherwise;

  private record Rule(int rank, MatchRule match) {
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
        ordered.add(new Rule(rank, match));
      }
      if (classes.get(rank).byDefault()) {
        rest = rank;
      }
    }
    this.rules = ordered.toArray(new Rule[0]);
    this.otherwise = rest;
  }

  /** Rank of the class of a request for that target, in origin form. Pure. */
  public int rank(String method, String target, MultiMap headers) {
    String path = NormalPath.of(target);
    for (Rule rule : rules) {
      if (rule.meets(method, path, headers)) {
        return rule.rank();
      }
    }
    return otherwise;
  }

  /** Whether the request does not say of itself that it is a retry. Pure. */
  public static boolean firstAttempt(MultiMap headers) {
    return !positive(headers.get(RETRY_ATTEMPT))
        && !positive(headers.get(GRPC_ATTEMPTS))
        && !laterAttempt(headers.get(AMAZON_REQUEST));
  }

  private static boolean positive(@Nullable String count) {
    return count != null && !count.isEmpty() && !count.equals("0");
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
