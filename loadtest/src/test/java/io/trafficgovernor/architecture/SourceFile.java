package io.trafficgovernor.architecture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One text of the repository.
 *
 * @param path from the root, with slashes
 */
record SourceFile(String path, List<String> lines) {
  SourceFile {
    lines = List.copyOf(lines);
  }

  static SourceFile read(Path root, Path relative) throws IOException {
    String path = relative.toString().replace('\\', '/');
    return new SourceFile(path, Files.readAllLines(root.resolve(relative)));
  }

  static SourceFile of(String path, String text) {
    return new SourceFile(path, text.lines().toList());
  }

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isMain() {
    return isJava() && path.contains("/src/main/java/");
  }

  boolean isTest() {
    return isJava() && path.contains("/src/test/java/");
  }

  String folder() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  String text() {
    return String.join("\n", lines);
  }

  /** The path and the number of a line, counted from 0, as editors understand it. */
  String at(int line) {
    return path + ":" + (line + 1);
  }
}
