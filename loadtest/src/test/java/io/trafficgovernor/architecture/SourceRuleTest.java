package io.trafficgovernor.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SourceRuleTest {
  private static final String MAIN = "admission/src/main/java/io/trafficgovernor/admission/";
  private static final String TEST = "admission/src/test/java/io/trafficgovernor/admission/";
  private static final List<SourceFile> TEXTS = Repository.texts();

  @ParameterizedTest
  @EnumSource
  void rule_holdsInTheHouse(SourceRule rule) {
    assertThat(rule.broken(TEXTS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void rule_findsTheSourceThatBreaksIt(SourceRule rule) {
    assertThat(rule.broken(List.of(breaking(rule)))).hasSize(1);
  }

  @Test
  void texts_areAllSeen() {
    assertThat(TEXTS).filteredOn(SourceFile::isMain).hasSizeGreaterThan(200);
    assertThat(TEXTS).filteredOn(SourceFile::isTest).hasSizeGreaterThan(40);
    assertThat(TEXTS).extracting(SourceFile::path).contains("pom.xml", ".ci/run");
  }

  @Test
  void width_leavesTextBlocksAndImportsAlone() {
    String wide = "x".repeat(101);
    String block = "String a = \"\"\"\n" + wide + "\n\"\"\";\n";
    assertThat(SourceRule.WIDTH.broken(SourceFile.of("A.java", "import " + wide))).isEmpty();
    assertThat(SourceRule.WIDTH.broken(SourceFile.of("A.java", block))).isEmpty();
    assertThat(SourceRule.WIDTH.broken(SourceFile.of("A.java", block + wide)))
        .containsExactly("A.java:4 has 101 columns");
  }

  @Test
  void methods_areFoundInNestedClassesToo() {
    String nested =
        "class A { Object b = new Object() { public String toString() {\n\n}}; A() {} }";
    assertThat(Methods.of(List.of(SourceFile.of("A.java", nested))))
        .containsExactly(
            new Methods.Method("toString", "A.java:1", 3),
            new Methods.Method("<init>", "A.java:3", 1));
  }

  private static SourceFile breaking(SourceRule rule) {
    return switch (rule) {
      case WIDTH -> SourceFile.of("A.java", "x".repeat(101));
      case LENGTH -> SourceFile.of("A.java", "\n".repeat(401));
      case METHODS -> SourceFile.of("A.java", "class A { void a() {" + "\n".repeat(70) + "} }");
      case LOOSE_ENDS -> SourceFile.of("a.yaml", "# TO" + "DO later");
      case FOREIGN_PATHS -> SourceFile.of("a.md", "see /wo" + "rk/notes");
      case FIXED_PORTS -> SourceFile.of(TEST + "ATest.java", "server.listen" + "(8080);");
      case PACKAGE_SIZE -> SourceFile.of(MAIN + "A.java", "");
      case PACKAGE_DEPTH -> SourceFile.of(MAIN + "a/b/c/A.java", "");
      case PACKAGE_STORY -> SourceFile.of(MAIN + "package-info.java", "/** A package. */");
    };
  }
}
