package io.trafficgovernor.loadtest.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The other processes of a bench, on one event loop each: an origin that answers at once, and the
 * forwarder that a Vert.x application has in a few lines.
 */
final class PeerCommand {
  private static final int SMALL_BYTES = 128;
  private static final int LARGE_BYTES = 1024 * 1024;
  private static final int POOL = 512;

  private PeerCommand() {}

  private static int run(Vertx vertx, int port, io.vertx.core.Handler<HttpServerRequest> handler)
      throws InterruptedException {
    var unused =
        vertx
            .createHttpServer()
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
  static final class Origin implements Callable<Integer> {
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

  /** {@code loadtest bench forwarder}: the shared pool, pipes both ways; /shed is refused. */
  @Command(name = "forwarder", hidden = true, description = "Forwards, and nothing else.")
  static final class Forwarder implements Callable<Integer> {
    @Option(names = "--port", required = true, description = "of the loopback address")
    private int port;

    @Option(names = "--origin", required = true, description = "port of the origin")
    private int origin;

    @Override
    public Integer call() throws InterruptedException {
      Vertx vertx = oneLoop();
      HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(POOL));
      return run(
          vertx,
          port,
          request -> {
            if (request.path().startsWith("/shed")) {
              var unused = request.response().setStatusCode(503).end();
            } else {
              forward(client, request);
            }
          });
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
