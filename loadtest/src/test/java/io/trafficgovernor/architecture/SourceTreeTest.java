package io.trafficgovernor.architecture;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.ShedReason;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the repository as a whole must keep. */
final class SourceTreeTest {
  private static final List<SourceFile> TEXTS = Repository.texts();

  @Test
  void topLevel_isFixed() throws IOException {
    try (Stream<java.nio.file.Path> entries = Files.list(Repository.root())) {
      List<String> names =
          entries
              .map(each -> "" + each.getFileName())
              .filter(name -> !name.startsWith("."))
              .filter(name -> !ignored().contains("/" + name + "/"))
              .filter(name -> !ignored().contains(name + "/"))
              .toList();
      assertThat(names)
          .containsExactlyInAnyOrder(
              "pom.xml", "admission", "cluster", "governor", "loadtest", "README.md", "LICENSE");
    }
  }

  /** What a governor started by hand in the repository writes is not committed by accident. */
  @Test
  void dataDirectory_isIgnoredByGit() {
    assertThat(text("governor/src/main/resources/reference.yaml")).contains("data-dir: ./data ");
    assertThat(ignored()).contains("/data/", "target/");
  }

  @ParameterizedTest
  @EnumSource
  void reason_isExplainedAndTested(ShedReason reason) {
    assertThat(text("README.md"))
        .as("rows of the README's table")
        .contains("| `" + reason.tag() + "`");
    String tests =
        TEXTS.stream()
            .filter(SourceFile::isTest)
            .filter(each -> !each.path().contains("/architecture/"))
            .map(SourceFile::text)
            .collect(joining("\n"));
    assertThat(tests)
        .as("tests")
        .containsPattern("\\b" + reason.name() + "\\b|\\b" + reason.tag() + "\\b");
  }

  private static List<String> ignored() {
    try {
      return Files.readAllLines(Repository.root().resolve(".gitignore"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String text(String path) {
    return TEXTS.stream()
        .filter(each -> each.path().equals(path))
        .map(SourceFile::text)
        .collect(joining());
  }
}
