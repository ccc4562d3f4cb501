package io.trafficgovernor.gateway.head;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.admission.herd.Seal;
import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.Inherit;
import io.trafficgovernor.observe.ClassClaim;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the class of a request that is made on behalf of another one: whoever forwards a request
 * says its class in a header and seals it, and a hop that shares the secret takes it for that,
 * whatever it looks like. A claim says when it was made first and is passed on as it came, so it
 * cannot be renewed by going in circles. What strangers claim is counted and taken out.
 *
 * <p>Form: {@code class.millis.seal}, wall-clock milliseconds, the seal in base64url. It is not
 * bound to a request, since the next one differs; within its time whoever sees it can use it.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class ClassClaims {
  /** Carries the claim; never passed on but by {@link #write}. */
  public static final String HEADER = "Governor-Inherited-Class";

  /** How far the clock of another hop may be ahead. */
  public static final long EARLY_MILLIS = 1000;

  private static final String PURPOSE = "governor class claim";
  private static final int SEAL_LENGTH = 22;
  private static final int MAX_LENGTH = 128;

  /** One claim serves all requests of a class for so long. */
  private static final long REUSE_MILLIS = 250;

  private final Classifier classifier;
  private final List<Seal> seals;
  private final long validMillis;
  private final String[] names;
  private final Map<String, Integer> ranks = new HashMap<>();
  private final WallClock wall;
  private final Consumer<ClassClaim> counted;
  private final @Nullable String[] made;
  private final long[] madeMillis;

  /**
   * Claims of those classes.
   *
   * @param rule empty if nobody is to be believed and nothing to be said
   * @param counted told what became of each claim
   */
  public ClassClaims(
      List<ClassConfig> classes,
      Optional<Inherit> rule,
      WallClock wall,
      Consumer<ClassClaim> counted) {
    this.classifier = new Classifier(classes);
    this.seals =
        rule.stream()
            .flatMap(each -> each.secrets().stream())
            .map(secret -> new Seal(PURPOSE, secret))
            .toList();
    this.validMillis = rule.map(each -> each.valid().toMillis()).orElse(0L);
    this.names = classes.stream().map(ClassConfig::name).toArray(String[]::new);
    for (int rank = 0; rank < names.length; rank++) {
      ranks.put(names[rank], rank);
    }
    this.wall = requireNonNull(wall, "wall");
    this.counted = requireNonNull(counted, "counted");
    this.made = new @Nullable String[names.length];
    this.madeMillis = new long[names.length];
  }

  /**
   * What a request is: of the class that a trusted hop says, else by its own rule. Its cost is
   * always that of its own rule. A claim that does not count is taken out of the headers.
   */
  public Classifier.Kind kind(String method, String target, MultiMap headers) {
    Classifier.Kind own = classifier.kind(method, target, headers);
    String text = seals.isEmpty() ? null : headers.get(HEADER);
    if (text == null) {
      return own;
    }
    long now = wall.millis();
    ClassClaim claim = headers.getAll(HEADER).size() > 1 ? ClassClaim.DUPLICATE : judge(text, now);
    counted.accept(claim);
    if (claim != ClassClaim.INHERITED) {
      headers.remove(HEADER);
      return own;
    }
    int rank = requireNonNull(ranks.get(text.substring(0, text.indexOf('.'))), "judged");
    return rank == own.rank() ? own : new Classifier.Kind(rank, own.cost());
  }

  private ClassClaim judge(String text, long nowMillis) {
    int name = text.indexOf('.');
    int time = text.lastIndexOf('.');
    if (text.length() > MAX_LENGTH || name < 1 || text.length() - time - 1 != SEAL_LENGTH) {
      return ClassClaim.MALFORMED;
    }
    byte[] shown;
    long atMillis;
    try {
      atMillis = Long.parseLong(text, name + 1, time, 10);
      shown = Base64.getUrlDecoder().decode(text.substring(time + 1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return ClassClaim.MALFORMED;
    }
    byte[] said = text.substring(0, time).getBytes(StandardCharsets.UTF_8);
    if (seals.stream().noneMatch(seal -> seal.fits(shown, said))) {
      return ClassClaim.FORGED;
    }
    long age = nowMillis - atMillis;
    if (age > validMillis) {
      return ClassClaim.EXPIRED;
    }
    if (age < -EARLY_MILLIS) {
      return ClassClaim.EARLY;
    }
    return ranks.containsKey(text.substring(0, name))
        ? ClassClaim.INHERITED
        : ClassClaim.UNKNOWN_CLASS;
  }

  /**
   * Says the class of a request that is about to be forwarded: as it was said to us, else anew.
   *
   * @param came its headers, as {@link #kind} has left them
   */
  public void write(MultiMap came, MultiMap out, int rank) {
    if (!seals.isEmpty()) {
      String inherited = came.get(HEADER);
      out.set(HEADER, inherited == null ? own(rank) : inherited);
    }
  }

  /** The claim of a request whose class is its own. */
  private String own(int rank) {
    long now = wall.millis();
    String last = made[rank];
    if (last != null && now >= madeMillis[rank] && now - madeMillis[rank] < REUSE_MILLIS) {
      return last;
    }
    String said = names[rank] + '.' + now;
    byte[] seal = seals.get(0).of(said.getBytes(StandardCharsets.UTF_8));
    String claim = said + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(seal);
    made[rank] = claim;
    madeMillis[rank] = now;
    return claim;
  }
}
