package io.trafficgovernor.loadtest.bench.contestant;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A proxy of a bench: one process with one thread for requests, which all come in clear text, or
 * all in TLS 1.3; to the origin they go in clear text.
 *
 * @param name in the table
 * @param port where it listens, of the loopback address
 * @param http2 where it speaks HTTP/2; may be the same, and is in TLS
 * @param operator port of its operator API; 0 if it has none
 * @param tls what it shows to clients; empty in clear text
 * @param command that starts it
 */
public record Contestant(
    String name,
    int port,
    int http2,
    int operator,
    Optional<ShownCertificate> tls,
    List<String> command) {
  private static final String GOVERNOR_TLS = ", tls: { cert: \"%s\", key: \"%s\" }";

  public Contestant {
    requireNonNull(name, "name");
    requireNonNull(tls, "tls");
    command = List.copyOf(command);
  }

  /** Where its answers to HTTP/1.1 are. */
  public String url(String path) {
    return scheme() + port + path;
  }

  /** Where its answers to HTTP/2 are. */
  public String http2Url(String path) {
    return scheme() + http2 + path;
  }

  private String scheme() {
    return (tls.isPresent() ? "https" : "http") + "://127.0.0.1:";
  }

  /** On which terms it serves now, for people; empty if it does not. Blocks for some seconds. */
  public Optional<String> served() {
    return Knock.at(port, tls.map(ShownCertificate::trusting));
  }

  /** Its operator; empty if it has none. */
  public Optional<Steer> steer() {
    return operator > 0 ? Optional.of(new Steer(operator)) : Optional.empty();
  }

  /**
   * How the JVMs of a run are started, all the same: on the shipped options.
   *
   * @param main main class of this program
   * @param options file of them, as {@code java @file} reads it
   */
  public record Jvm(Class<?> main, Path options) {
    public List<String> flags() {
      return List.of("@" + options);
    }

    public List<String> flags(String more) {
      return List.of("@" + options, more);
    }
  }

  /** A subcommand of this program's own {@code bench}. */
  public static List<String> own(Jvm jvm, List<String> words) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(words);
    return JavaCommand.ofClass(jvm.flags(), jvm.main(), arguments);
  }

  /** The least a member of a grid that serves can be. */
  public static Contestant member(Jvm jvm, int port, int grid) {
    return new Contestant(
        "bare member",
        port,
        port,
        0,
        Optional.empty(),
        own(jvm, List.of("member", "--port=" + port, "--grid=" + grid)));
  }

  /** What a Vert.x application has in a few lines. */
  public static Contestant forwarder(
      Jvm jvm, int port, int origin, Optional<ShownCertificate> tls) {
    List<String> words = new ArrayList<>(List.of("forwarder", "--port=" + port));
    words.add("--origin=" + origin);
    tls.ifPresent(shown -> words.addAll(List.of("--cert=" + shown.cert(), "--key=" + shown.key())));
    return new Contestant("bare Vert.x", port, port, 0, tls, own(jvm, words));
  }

  /**
   * Commands move its phase; the class of /shed has the shortest time-out, so that a refusal is
   * held for 7 ms at most, and a closed loop of few connections refuses many.
   *
   * @param flags of its JVM
   */
  public static Contestant governor(
      String name,
      Path folder,
      List<String> flags,
      Path jar,
      Ports ports,
      int origin,
      Optional<ShownCertificate> tls) {
    String keys = tls.map(shown -> GOVERNOR_TLS.formatted(shown.cert(), shown.key())).orElse("");
    String text =
        """
        node: { name: bench }
        listen: { host: 127.0.0.1, port: %d, event-loops: 1, http2: true,
                  max-connections: 12000, drain-grace: 0s%s }
        operator: { port: %d }
        backends:
          - { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 100000/s, probe: { path: / } }
        classes:
          - { name: rest, default: true }
          - { name: shed, match: [ { path: "/shed/**" } ], timeout: 10ms }
        ramp: { mode: auto, plan: linear, linear: { start: 4000/s, target: 40000/s, duration: 5s } }
        cluster: { port: %d, members: [ "127.0.0.1:%d" ], data-dir: "%s" }
        """
            .formatted(
                ports.listen(),
                keys,
                ports.operator(),
                origin,
                ports.grid(),
                ports.grid(),
                folder.resolve("data").toAbsolutePath());
    Path file = write(folder.resolve("governor.yaml"), text);
    return new Contestant(
        name,
        ports.listen(),
        ports.listen(),
        ports.operator(),
        tls,
        JavaCommand.ofJar(flags, jar, List.of("run", "--config", file.toString())));
  }

  /** The governor's ports. */
  public record Ports(int listen, int operator, int grid) {}

  static Path write(Path file, String text) {
    try {
      Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent(), "a folder"));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
