package io.trafficgovernor.gateway.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ClassConfig;
import io.trafficgovernor.config.Inherit;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.PathPattern;
import io.trafficgovernor.observe.ClassClaim;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose word about a class counts, and whose does not. */
final class ClassClaimsTest {
  private static final String SECRET = "the secret of these hops";
  private static final String OTHER = "the secret of some others";
  private static final long VALID_MILLIS = 30_000;
  private static final long SEED = 20_240_612;

  private final List<ClassClaim> counted = new ArrayList<>();
  private long now = 1_790_000_000_000L;
  private final ClassClaims here = claims(SECRET);

  private ClassClaims claims(String... secrets) {
    Optional<Inherit> rule =
        secrets.length == 0
            ? Optional.empty()
            : Optional.of(new Inherit(List.of(secrets), Duration.ofMillis(VALID_MILLIS)));
    return new ClassClaims(classes("config", "rest"), rule, () -> now, counted::add);
  }

  private static List<ClassConfig> classes(String first, String second) {
    Duration second1 = Duration.ofSeconds(1);
    PathPattern path = PathPattern.parse("/" + first + "/**").orElseThrow();
    MatchRule dear = new MatchRule(Optional.empty(), Set.of("POST"), Map.of(), 3);
    return List.of(
        new ClassConfig(
            first,
            List.of(new MatchRule(Optional.of(path), Set.of(), Map.of(), 1)),
            false,
            Set.of(),
            second1,
            second1),
        new ClassConfig(second, List.of(dear), true, Set.of(), second1, second1));
  }

  private static MultiMap headers(String... claims) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String claim : claims) {
      headers.add(ClassClaims.HEADER, claim);
    }
    return headers;
  }

  /** What a hop says of a request of its own. */
  private static String said(ClassClaims by, int rank) {
    MultiMap out = MultiMap.caseInsensitiveMultiMap();
    by.write(MultiMap.caseInsensitiveMultiMap(), out, rank);
    return out.get(ClassClaims.HEADER);
  }

  private int rank(ClassClaims by, MultiMap headers) {
    return by.kind("GET", "/bulk", headers).rank();
  }

  private void assertIgnored(MultiMap headers, ClassClaim why) {
    counted.clear();
    assertThat(rank(here, headers)).as("%s", headers).isEqualTo(1);
    assertThat(counted).as("%s", headers).containsExactly(why);
    assertThat(headers.contains(ClassClaims.HEADER)).as("taken out").isFalse();
  }

  @Test
  void claim_ofATrustedHopCounts_andIsPassedOnAsItCame() {
    String claim = said(claims(SECRET), 0);
    assertThat(claim).startsWith("config.").hasSizeLessThan(64).doesNotContain(" ");
    MultiMap came = headers(claim);
    assertThat(rank(here, came)).isZero();
    assertThat(counted).containsExactly(ClassClaim.INHERITED);

    now += 5_000;
    MultiMap out = MultiMap.caseInsensitiveMultiMap();
    here.write(came, out, 0);
    assertThat(out.getAll(ClassClaims.HEADER)).containsExactly(claim);
  }

  /** A request on behalf of a lower class is of that, however important it looks. */
  @Test
  void claim_alsoLowers_andTheCostStays() {
    String low = said(claims(SECRET), 1);
    assertThat(here.kind("GET", "/config/a", headers(low)).rank()).isEqualTo(1);
    Classifier.Kind dear = here.kind("POST", "/bulk", headers(said(claims(SECRET), 0)));
    assertThat(dear).isEqualTo(new Classifier.Kind(0, 3));
  }

  @Test
  void claim_ofAnotherSecretOrPurpose_isForged() {
    assertIgnored(headers(said(claims(OTHER), 0)), ClassClaim.FORGED);
  }

  @Test
  void claim_countsInItsTimeOnly() {
    String claim = said(claims(SECRET), 0);
    now += VALID_MILLIS;
    assertThat(rank(here, headers(claim))).isZero();
    now++;
    assertIgnored(headers(claim), ClassClaim.EXPIRED);
    now -= VALID_MILLIS + ClassClaims.EARLY_MILLIS + 1;
    assertThat(rank(here, headers(claim))).isZero();
    now--;
    assertIgnored(headers(claim), ClassClaim.EARLY);
  }

  /** Even if both are good: another reader might take the other one. */
  @Test
  void claim_shownTwice_isIgnored() {
    String claim = said(claims(SECRET), 0);
    assertIgnored(headers(claim, claim), ClassClaim.DUPLICATE);
    assertIgnored(headers(claim, said(claims(OTHER), 0)), ClassClaim.DUPLICATE);
    assertIgnored(headers(claim + ", " + claim), ClassClaim.MALFORMED);
  }

  @Test
  void claim_ofAClassThatIsNotHere_isIgnored() {
    ClassClaims elsewhere =
        new ClassClaims(
            classes("payments", "rest"),
            Optional.of(new Inherit(List.of(SECRET), Duration.ofSeconds(30))),
            () -> now,
            counted::add);
    assertIgnored(headers(said(elsewhere, 0)), ClassClaim.UNKNOWN_CLASS);
  }

  @ParameterizedTest
  @CsvSource({
    "''",
    "config",
    "config.",
    "config.1790000000000",
    "config.1790000000000.",
    "config..AAAAAAAAAAAAAAAAAAAAAA",
    ".1790000000000.AAAAAAAAAAAAAAAAAAAAAA",
    "config.17900x0000000.AAAAAAAAAAAAAAAAAAAAAA",
    "config.99999999999999999999.AAAAAAAAAAAAAAAAAAAAAA",
    "config.1790000000000.AAAAAAAAAAAAAAAAAAAA*A",
    "config.1790000000000.AAAAAAAAAAAAAAAAAAAAAAA",
    "config.AAAAAAAAAAAAAAAAAAAAAA",
    "..AAAAAAAAAAAAAAAAAAAAAA"
  })
  void claim_thatIsNone_isMalformed(String text) {
    assertIgnored(headers(text), ClassClaim.MALFORMED);
  }

  @Test
  void claim_thatIsLong_isNotLookedAt() {
    assertIgnored(headers("a".repeat(8000) + said(here, 0)), ClassClaim.MALFORMED);
  }

  /** Whatever is changed, cut or added: nothing but what was said counts. */
  @Test
  void claim_changedAnywhere_neverCounts() {
    SplittableRandom random = new SplittableRandom(SEED);
    String claim = said(claims(SECRET), 0);
    for (int i = 0; i < 5000; i++) {
      StringBuilder changed = new StringBuilder(claim);
      int at = random.nextInt(claim.length());
      switch (random.nextInt(3)) {
        case 0 -> changed.setCharAt(at, (char) random.nextInt('!', 127));
        case 1 -> changed.setLength(at);
        default -> changed.insert(at, (char) random.nextInt('!', 127));
      }
      // the last letter of a seal carries two bits that nobody reads
      boolean sameSeal = at == claim.length() - 1 && changed.length() == claim.length();
      if (!changed.toString().equals(claim) && !sameSeal) {
        assertThat(rank(here, headers(changed.toString())))
            .as("seed %d: %s", SEED, changed)
            .isEqualTo(1);
      }
    }
    assertThat(counted).doesNotContain(ClassClaim.INHERITED).contains(ClassClaim.FORGED);
  }

  /** While a secret is being changed both are believed, and the new one signs. */
  @Test
  void secret_canBeChanged() {
    ClassClaims changing = claims(OTHER, SECRET);
    assertThat(rank(changing, headers(said(claims(SECRET), 0)))).isZero();
    assertThat(rank(changing, headers(said(claims(OTHER), 0)))).isZero();
    assertThat(rank(claims(OTHER), headers(said(changing, 0)))).isZero();
    assertIgnored(headers(said(changing, 0)), ClassClaim.FORGED);
  }

  @Test
  void claim_isMadeAnewAsTimePasses_alsoBackwards() {
    String first = said(here, 0);
    now += 100;
    assertThat(said(here, 0)).isSameAs(first);
    assertThat(said(here, 1)).startsWith("rest.");
    now += 200;
    assertThat(said(here, 0)).contains("." + now + ".");
    now -= 3_600_000;
    assertThat(said(here, 0)).contains("." + now + ".");
  }

  @Test
  void withoutARule_nothingIsBelievedNorSaid() {
    ClassClaims off = claims();
    MultiMap came = headers(said(here, 0));
    assertThat(rank(off, came)).isEqualTo(1);
    MultiMap out = MultiMap.caseInsensitiveMultiMap();
    EndToEnd.copy(came, out);
    off.write(came, out, 1);
    assertThat(out.isEmpty()).isTrue();
    assertThat(counted).isEmpty();
  }
}
