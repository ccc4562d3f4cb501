package io.trafficgovernor.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where the four modules lie, and the text in them. */
final class Repository {
  /** From the bottom of the chain to its top: none may use one that comes later. */
  static final List<String> MODULES = List.of("admission", "cluster", "governor", "loadtest");

  private static final Set<String> TEXTS =
      Set.of("java", "xml", "yaml", "yml", "md", "properties", "html", "css", "js", "svg", "sh");

  private Repository() {}

  /**
   * The directory of the parent project.
   *
   * @throws IllegalStateException if the tests run outside of it
   */
  static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path here = start; here != null; here = here.getParent()) {
      Path candidate = here;
      if (MODULES.stream().allMatch(each -> Files.exists(candidate.resolve(each + "/pom.xml")))) {
        return here;
      }
    }
    throw new IllegalStateException("no directory above " + start + " has the modules " + MODULES);
  }

  /** All texts that people wrote: of the modules and of the top level. */
  static List<SourceFile> texts() {
    List<SourceFile> all = new ArrayList<>();
    Path root = root();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        Path relative = root.relativize(path);
        if (written(relative)) {
          all.add(SourceFile.read(root, relative));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static boolean written(Path relative) {
    String path = "/" + relative;
    if (path.contains("/target/") || path.startsWith("/.git/") || path.startsWith("/data/")) {
      return false;
    }
    String name = "" + relative.getFileName();
    return TEXTS.contains(name.substring(name.lastIndexOf('.') + 1)) || path.startsWith("/.ci/");
  }
}
