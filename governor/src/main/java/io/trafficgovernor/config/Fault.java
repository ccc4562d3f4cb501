package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import java.util.OptionalInt;

/**
 * One thing that is wrong with a configuration.
 *
 * @param path where, for example {@code classes[2].timeout}; empty for the file as a whole
 * @param line in the file, from 1; empty if it is not of the file, or unknown
 * @param message what was got, and what is allowed
 */
public record Fault(String path, OptionalInt line, String message) {
  public Fault {
    requireNonNull(path, "path");
    requireNonNull(line, "line");
    requireNonNull(message, "message");
  }

  /** One line for a human: {@code line 12: listen.port: got 70000, allowed ...}. */
  public String text() {
    String where = line.isPresent() ? "line " + line.getAsInt() + ": " : "";
    return where + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
