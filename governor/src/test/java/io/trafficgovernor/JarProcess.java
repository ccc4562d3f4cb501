package io.trafficgovernor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** {@code java -jar governor.jar} with those words; its output goes to two files. */
final class JarProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "governor.jar").toAbsolutePath();
  private static final Pattern STARTED =
      Pattern.compile("clients on \\S+:(\\d+), operators on (http://\\S+?),");

  private final Process process;
  private final Path out;
  private final Path err;

  JarProcess(Path folder, String name, List<String> words) throws IOException {
    this.out = folder.resolve(name + ".out");
    this.err = folder.resolve(name + ".err");
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx192m");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(words);
    this.process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
  }

  /** A port that was free a moment ago, for what cannot take 0. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until it has said where it listens. */
  JarProcess started() {
    Awaitility.await("where it listens, in " + out)
        .atMost(Duration.ofSeconds(60))
        .until(() -> !alive() || STARTED.matcher(out()).find());
    if (!alive()) {
      throw new IllegalStateException("it ended: " + out() + err());
    }
    return this;
  }

  private Matcher said() {
    Matcher matcher = STARTED.matcher(out());
    if (!matcher.find()) {
      throw new IllegalStateException("it has not said where it listens: " + out() + err());
    }
    return matcher;
  }

  int listenPort() {
    return Integer.parseInt(said().group(1));
  }

  URI operator() {
    return URI.create(said().group(2));
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean alive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** Its exit code; fails if it lives on for that long. */
  int exitCode(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("it still runs after " + within + ": " + out() + err());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
