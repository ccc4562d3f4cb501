package io.trafficgovernor.loadtest.bench;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.loadtest.process.JavaCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A proxy of a bench: one process with one thread for requests.
 *
 * @param name in the table
 * @param port where it listens, of the loopback address
 * @param http2 where it speaks HTTP/2 in clear text; may be the same
 * @param operator port of its operator API; 0 if it has none
 * @param command that starts it
 */
record Contestant(String name, int port, int http2, int operator, List<String> command) {
  Contestant {
    requireNonNull(name, "name");
    command = List.copyOf(command);
  }

  /**
   * How the JVMs of a run are started, all the same: on the shipped options.
   *
   * @param main main class of this program
   * @param options file of them, as {@code java @file} reads it
   */
  record Jvm(Class<?> main, Path options) {
    List<String> flags() {
      return List.of("@" + options);
    }

    List<String> flags(String more) {
      return List.of("@" + options, more);
    }
  }

  /** A subcommand of this program's own {@code bench}. */
  static List<String> own(Jvm jvm, List<String> words) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(words);
    return JavaCommand.ofClass(jvm.flags(), jvm.main(), arguments);
  }

  static Contestant member(Jvm jvm, int port, int grid) {
    return new Contestant(
        "bare member",
        port,
        port,
        0,
        own(jvm, List.of("member", "--port=" + port, "--grid=" + grid)));
  }

  static Contestant forwarder(Jvm jvm, int port, int origin) {
    return new Contestant(
        "bare Vert.x",
        port,
        port,
        0,
        own(jvm, List.of("forwarder", "--port=" + port, "--origin=" + origin)));
  }

  static Contestant haproxy(Path folder, int port, int http2, int origin) {
    String text =
        """
        global
          nbthread 1
          maxconn 12000
          no strict-limits
        defaults
          mode http
          timeout connect 1s
          timeout client 60s
          timeout server 60s
          http-reuse always
        frontend in
          bind 127.0.0.1:%d
          bind 127.0.0.1:%d proto h2
          http-request deny deny_status 503 if { path_beg /shed }
          default_backend out
        backend out
          server one 127.0.0.1:%d maxconn 512
        """
            .formatted(port, http2, origin);
    Path file = write(folder.resolve("haproxy.cfg"), text);
    return new Contestant(
        "HAProxy", port, http2, 0, List.of("haproxy", "-db", "-q", "-f", file.toString()));
  }

  static Contestant nginx(Path folder, int port, int http2, int origin) {
    String text =
        """
        daemon off;
        master_process off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx-error.log;
        events { worker_connections 15000; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          keepalive_requests 1000000000;
          upstream out { server 127.0.0.1:%3$d; keepalive 512; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:%2$d;
            listen 127.0.0.1:%4$d http2;
            location /shed { return 503; }
            location / {
              proxy_pass http://out;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """
            .formatted(folder.toAbsolutePath(), port, origin, http2);
    Path file = write(folder.resolve("nginx.conf"), text);
    return new Contestant(
        "nginx",
        port,
        http2,
        0,
        List.of("nginx", "-c", file.toAbsolutePath().toString(), "-e", "stderr"));
  }

  /**
   * Commands move its phase; the class of /shed has the shortest time-out, so that a refusal is
   * held for 7 ms at most, and a closed loop of few connections refuses many.
   *
   * @param flags of its JVM
   */
  static Contestant governor(
      String name, Path folder, List<String> flags, Path jar, Ports ports, int origin) {
    String text =
        """
        node: { name: bench }
        listen: { host: 127.0.0.1, port: %d, event-loops: 1, http2: true,
                  max-connections: 12000, drain-grace: 0s }
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
        JavaCommand.ofJar(flags, jar, List.of("run", "--config", file.toString())));
  }

  /** The governor's ports. */
  record Ports(int listen, int operator, int grid) {}

  private static Path write(Path file, String text) {
    try {
      Files.createDirectories(requireNonNull(file.toAbsolutePath().getParent(), "a folder"));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
