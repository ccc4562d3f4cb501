package io.trafficgovernor.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The compiled classes of all four modules, from the directories that Maven compiles them to. */
final class House {
  private static final String BROKEN = "/io/trafficgovernor/architecture/broken/";
  private static final ImportOption SOUND = location -> !location.contains(BROKEN);

  /** Classes of the product. */
  static final JavaClasses MAIN = read(SOUND, directories("target/classes"));

  /** Classes of its tests. */
  static final JavaClasses TESTS = read(SOUND, directories("target/test-classes"));

  /** Both. */
  static final JavaClasses ALL = read(SOUND, directories("target/classes", "target/test-classes"));

  /** Classes that break every rule on purpose. */
  static final JavaClasses BROKEN_ONES =
      read(
          location -> location.contains(BROKEN),
          List.of(Repository.root().resolve("loadtest/target/test-classes")));

  private House() {}

  private static List<Path> directories(String... ofModule) {
    return Repository.MODULES.stream()
        .map(module -> Repository.root().resolve(module))
        .flatMap(module -> Stream.of(ofModule).map(module::resolve))
        .filter(Files::exists)
        .toList();
  }

  private static JavaClasses read(ImportOption option, List<Path> directories) {
    return new ClassFileImporter().withImportOption(option).importPaths(directories);
  }
}
