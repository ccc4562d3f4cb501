package io.trafficgovernor.loadtest.fleet;

import static java.util.Objects.requireNonNull;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the build of the whole project leaves its programs. */
public final class Built {
  private Built() {}

  /** The directory that it wrote the program of that main class to. */
  public static Path directory(Class<?> main) {
    try {
      Path program = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
      return requireNonNull(program.getParent(), "parent of " + program);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The governor's jar, seen from there. */
  public static Path governor(Class<?> main) {
    return directory(main).resolve("../../governor/target/governor.jar").normalize();
  }
}
