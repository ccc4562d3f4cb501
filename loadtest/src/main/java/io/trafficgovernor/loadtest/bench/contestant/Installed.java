package io.trafficgovernor.loadtest.bench.contestant;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Contestants that the system's packages bring, where they are installed. */
public final class Installed {
  private static final String HAPROXY_PLAIN =
      """
        bind 127.0.0.1:%d
        bind 127.0.0.1:%d proto h2
      """;
  private static final String HAPROXY_TLS =
      """
        bind 127.0.0.1:%d ssl crt "%s" alpn h2,http/1.1 ssl-min-ver TLSv1.3
      """;
  private static final String NGINX_PLAIN =
      """
          listen 127.0.0.1:%d;
          listen 127.0.0.1:%d http2;
      """;
  private static final String NGINX_TLS =
      """
          listen 127.0.0.1:%d ssl http2;
          ssl_protocols TLSv1.3;
          ssl_certificate "%s";
          ssl_certificate_key "%s";
      """;

  private Installed() {}

  /** Whether that program is there. Blocks. */
  public static boolean has(String program, String option) {
    try {
      Process process =
          new ProcessBuilder(program, option)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** HAProxy, configured in a file of that folder. */
  public static Contestant haproxy(
      Path folder, int port, int http2, int origin, Optional<ShownCertificate> tls) {
    String binds =
        tls.map(shown -> HAPROXY_TLS.formatted(port, shown.both()))
            .orElseGet(() -> HAPROXY_PLAIN.formatted(port, http2));
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
        %s
          http-request deny deny_status 503 if { path_beg /shed }
          default_backend out
        backend out
          server one 127.0.0.1:%d maxconn 512
        """
            .formatted(binds.stripTrailing(), origin);
    Path file = Contestant.write(folder.resolve("haproxy.cfg"), text);
    return new Contestant(
        "HAProxy",
        port,
        tls.isPresent() ? port : http2,
        0,
        tls,
        List.of("haproxy", "-db", "-q", "-f", file.toString()));
  }

  /** nginx, configured in a file of that folder. */
  public static Contestant nginx(
      Path folder, int port, int http2, int origin, Optional<ShownCertificate> tls) {
    String listens =
        tls.map(shown -> NGINX_TLS.formatted(port, shown.cert(), shown.key()))
            .orElseGet(() -> NGINX_PLAIN.formatted(port, http2));
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
        %2$s
            location /shed { return 503; }
            location / {
              proxy_pass http://out;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """
            .formatted(folder.toAbsolutePath(), listens.stripTrailing(), origin);
    Path file = Contestant.write(folder.resolve("nginx.conf"), text);
    return new Contestant(
        "nginx",
        port,
        tls.isPresent() ? port : http2,
        0,
        tls,
        List.of("nginx", "-c", file.toAbsolutePath().toString(), "-e", "stderr"));
  }
}
