package io.trafficgovernor.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.Verb;
import io.trafficgovernor.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README and the files for operators say is so. */
final class DocumentsTest {
  private static final Path ROOT = Repository.root();
  private static String readme = "";

  @BeforeAll
  static void read() throws IOException {
    readme = Files.readString(ROOT.resolve("README.md"));
  }

  @Test
  void links_leadSomewhere() {
    assertThat(found("\\]\\((?!http)([^)#]+)\\)"))
        .hasSizeGreaterThan(2)
        .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
  }

  /** The steps of "life of a request" and "life of a command". */
  @Test
  void steps_areClasses() {
    List<String> sources =
        Repository.texts().stream().filter(SourceFile::isMain).map(SourceFile::path).toList();
    List<String> steps = found("(?m)(?:^\\d\\. |\\s)`([a-z/]+/[A-Z]\\w+)`");
    assertThat(steps)
        .hasSizeGreaterThan(12)
        .allSatisfy(step -> assertThat(sources).anyMatch(each -> each.endsWith(step + ".java")));
  }

  /** A comment that names a section of the module's DESIGN.md names one that is there. */
  @Test
  void designSections_areThere() throws IOException {
    Pattern named = Pattern.compile("DESIGN\\.md,[\\s/*]*(?:section )?\"([^\"]+)\"");
    int found = 0;
    for (SourceFile source : Repository.texts()) {
      Matcher matcher = named.matcher(String.join("\n", source.lines()));
      while (source.isMain() && matcher.find()) {
        found++;
        String section = matcher.group(1).replaceAll("[\\s/*]+", " ");
        String module = source.path().substring(0, source.path().indexOf('/'));
        assertThat(Files.readString(ROOT.resolve(module).resolve("DESIGN.md")))
            .as("%s of %s", section, source.path())
            .containsPattern("(?m)^(#+ |\\*\\*)" + Pattern.quote(section));
      }
    }
    assertThat(found).isGreaterThan(8);
  }

  @ParameterizedTest
  @EnumSource
  void verb_isExplained(Verb verb) {
    assertThat(readme).containsPattern("(?m)^\\| .*`" + verb.word() + "`.* \\|");
  }

  @ParameterizedTest
  @EnumSource
  void phase_isExplained(Phase phase) {
    assertThat(readme).contains("| `" + phase + "` |");
  }

  @Test
  void configurationOfTheReadme_passesCheck() {
    List<String> blocks = found("(?s)```yaml\n(.*?)```");
    assertThat(blocks).hasSize(1);
    assertThat(new ConfigLoader(Map.of(), 2).parse(blocks.get(0)))
        .isInstanceOf(ConfigLoader.Loaded.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"governor-0", "governor-1", "governor-2"})
  void configurationOfAPod_passesCheck(String pod) {
    Map<String, String> environment =
        Map.of("GOVERNOR_NODE_NAME", pod, "GOVERNOR_CLUSTER_HOST", pod + ".governor");
    Path file = ROOT.resolve("governor/src/deploy/kubernetes/config.yaml");
    assertThat(new ConfigLoader(environment, 2).load(file)).isInstanceOf(ConfigLoader.Loaded.class);
  }

  private static List<String> found(String pattern) {
    return Pattern.compile(pattern)
        .matcher(readme)
        .results()
        .map((MatchResult each) -> each.group(1))
        .toList();
  }
}
