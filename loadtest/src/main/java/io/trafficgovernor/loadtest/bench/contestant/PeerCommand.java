package io.trafficgovernor.loadtest.bench.contestant;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The other processes of a bench, on one event loop each: an origin that answers at once, and the
 * forwarder that a Vert.x application has in a few lines.
 */
public final class PeerCommand {
  private static final int SMALL_BYTES = 128;
  private static final int LARGE_BYTES = 1024 * 1024;
  private static final int POOL = 512;

  private PeerCommand() {}

  private static int run(Vertx vertx, int port, Handler<HttpServerRequest> handler)
      throws InterruptedException {
    return run(vertx, new HttpServerOptions(), port, handler);
  }

  private static int run(
      Vertx vertx, HttpServerOptions options, int port, Handler<HttpServerRequest> handler)
      throws InterruptedException {
    var unused =
        vertx
            .createHttpServer(options)
            .requestHandler(handler)
            .listen(port, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    new CountDownLatch(1).await();
    return 0;
  }

  private static Vertx oneLoop() {
    return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  }

  /** {@code loadtest bench origin}: 128 bytes, or 1 MiB at /large. */
  @Command(name = "origin", hidden = true, description = "Answers at once.")
  public static final class Origin implements Callable<Integer> {
    @Option(names = "--port", required = true, description = "of the loopback address")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
      Buffer small = Buffer.buffer("x".repeat(SMALL_BYTES));
      Buffer large = Buffer.buffer(new byte[LARGE_BYTES]);
      return run(
          oneLoop(),
          port,
          request -> request.response().end(request.path().equals("/large") ? large : small));
    }
  }

  /**
   * {@code loadtest bench member}: what any Hazelcast application with a Vert.x server has to
   * start: a member by itself, and one class in front of it.
   */
  @Command(name = "member", hidden = true, description = "Joins nobody, and answers.")
  public static final class Member implements Callable<Integer> {
    @Option(names = "--port", required = true, description = "of the loopback address")
    private int port;

    @Option(names = "--grid", required = true, description = "port of the member")
    private int grid;

    @Override
    public Integer call() throws InterruptedException {
      Config config = new Config();
      config.setProperty("hazelcast.phone.home.enabled", "false");
      config.setProperty("hazelcast.logging.type", "slf4j");
      config.setProperty("hazelcast.socket.bind.any", "false");
      config.getNetworkConfig().setPort(grid).setPortAutoIncrement(false);
      config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
      config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
      config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
      HazelcastInstance member = Hazelcast.newHazelcastInstance(config);
      var map = member.<String, String>getMap("map");
      map.put("x", "x".repeat(SMALL_BYTES));
      return run(oneLoop(), port, request -> request.response().end(map.get("x")));
    }
  }

  /** {@code loadtest bench forwarder}: the shared pool, pipes both ways; /shed is refused. */
  @Command(name = "forwarder", hidden = true, description = "Forwards, and nothing else.")
  public static final class Forwarder implements Callable<Integer> {
    @Option(names = "--port", required = true, description = "of the loopback address")
    private int port;

    @Option(names = "--origin", required = true, description = "port of the origin")
    private int origin;

    @Option(names = "--cert", description = "shown to clients, which then come in TLS; with --key")
    private Path cert = Path.of("");

    @Option(names = "--key", description = "of the certificate")
    private Path key = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
      Vertx vertx = oneLoop();
      HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(POOL));
      return run(
          vertx,
          options(),
          port,
          request -> {
            if (request.path().startsWith("/shed")) {
              var unused = request.response().setStatusCode(503).end();
            } else {
              forward(client, request);
            }
          });
    }

    private HttpServerOptions options() {
      HttpServerOptions options = new HttpServerOptions();
      if (!cert.equals(Path.of(""))) {
        options
            .setSsl(true)
            .setUseAlpn(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setKeyCertOptions(
                new PemKeyCertOptions().setCertPath(cert.toString()).setKeyPath(key.toString()));
      }
      return options;
    }

    private void forward(HttpClient client, HttpServerRequest in) {
      in.pause();
      client
          .request(
              new RequestOptions()
                  .setMethod(in.method())
                  .setHost("127.0.0.1")
                  .setPort(origin)
                  .setURI(in.uri()))
          .compose(
              out -> {
                out.headers().setAll(in.headers());
                return out.send(in);
              })
          .onSuccess(
              answer -> {
                in.response().setStatusCode(answer.statusCode());
                in.response().headers().setAll(answer.headers());
                var unused = answer.pipeTo(in.response());
              })
          .onFailure(lost -> in.response().setStatusCode(502).end());
    }
  }
}
