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
 * @param operator port of its operator API; 0 if it has none
 * @param command that starts it
 */
record Contestant(String name, int port, int operator, List<String> command) {
  /** The same for every JVM of a run; what the shipped service uses, but for the size. */
  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m", "-Xmn96m");

  Contestant {
    requireNonNull(name, "name");
    command = List.copyOf(command);
  }

  /** A subcommand of this program's own {@code bench}. */
  static List<String> own(Class<?> main, List<String> words) {
    List<String> arguments = new ArrayList<>(List.of("bench"));
    arguments.addAll(words);
    return JavaCommand.ofClass(JVM, main, arguments);
  }

  static Contestant forwarder(Class<?> main, int port, int origin) {
    return new Contestant(
        "bare Vert.x",
        port,
        0,
        own(main, List.of("forwarder", "--port=" + port, "--origin=" + origin)));
  }

  static Contestant haproxy(Path folder, int port, int origin) {
    String text =
        """
        global
          nbthread 1
          maxconn 25000
        defaults
          mode http
          timeout connect 1s
          timeout client 60s
          timeout server 60s
          http-reuse always
        frontend in
          bind 127.0.0.1:%d
          http-request deny deny_status 503 if { path_beg /shed }
          default_backend out
        backend out
          server one 127.0.0.1:%d maxconn 512
        """
            .formatted(port, origin);
    Path file = write(folder.resolve("haproxy.cfg"), text);
    return new Contestant(
        "HAProxy", port, 0, List.of("haproxy", "-db", "-q", "-f", file.toString()));
  }

  static Contestant nginx(Path folder, int port, int origin) {
    String text =
        """
        daemon off;
        master_process off;
        worker_processes 1;
        worker_rlimit_nofile 30000;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx-error.log;
        events { worker_connections 25000; }
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
            location /shed { return 503; }
            location / {
              proxy_pass http://out;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """
            .formatted(folder.toAbsolutePath(), port, origin);
    Path file = write(folder.resolve("nginx.conf"), text);
    return new Contestant(
        "nginx", port, 0, List.of("nginx", "-c", file.toAbsolutePath().toString(), "-e", "stderr"));
  }

  /** Commands move its phase; the class of /shed has a time-out so short that nothing is held. */
  static Contestant governor(Path folder, Path jar, Ports ports, int origin) {
    String text =
        """
        node: { name: bench }
        listen: { host: 127.0.0.1, port: %d, event-loops: 1, max-connections: 25000, drain-grace: 0s }
        operator: { port: %d }
        backends:
          - { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 100000/s, probe: { path: / } }
        classes:
          - { name: rest, default: true }
          - { name: shed, match: [ { path: "/shed/**" } ], timeout: 10ms }
        ramp: { mode: manual, plan: linear, linear: { start: 1000/s, target: 4000/s, duration: 1m } }
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
        "governor",
        ports.listen(),
        ports.operator(),
        JavaCommand.ofJar(JVM, jar, List.of("run", "--config", file.toString())));
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
