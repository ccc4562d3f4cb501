package io.trafficgovernor.loadtest.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run Java programs on this very JDK, with little memory. */
public final class JavaCommand {
  private static final List<String> SMALL =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private JavaCommand() {}

  /** Runs a class of this process's own class path. */
  public static List<String> ofClass(Class<?> main, List<String> arguments) {
    return ofClass(SMALL, main, arguments);
  }

  /** The same with those options of the JVM. */
  public static List<String> ofClass(List<String> options, Class<?> main, List<String> arguments) {
    return command(
        options, List.of("-cp", System.getProperty("java.class.path"), main.getName()), arguments);
  }

  /** Runs an executable jar. */
  public static List<String> ofJar(Path jar, List<String> arguments) {
    return ofJar(SMALL, jar, arguments);
  }

  /** The same with those options of the JVM. */
  public static List<String> ofJar(List<String> options, Path jar, List<String> arguments) {
    return command(options, List.of("-jar", jar.toString()), arguments);
  }

  private static List<String> command(
      List<String> options, List<String> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(program);
    command.addAll(arguments);
    return command;
  }
}
