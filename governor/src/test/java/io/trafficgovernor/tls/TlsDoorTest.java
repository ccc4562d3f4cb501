package io.trafficgovernor.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the arithmetic of a handshake is done. */
final class TlsDoorTest {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setInternalBlockingPoolSize(1));

  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Were it done on the event loop, a busy pool could not hold it up. */
  @Test
  void handshake_isNotDoneOnTheEventLoop() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "door");
    int port = listening(authority.issue("localhost"));
    // the first one of a JVM takes a while anywhere
    String first = handshake(authority.context(null), port).get(30, TimeUnit.SECONDS);
    assertThat(first).isEqualTo("TLSv1.3");
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try {
      var unused =
          ((VertxInternal) vertx)
              .executeBlockingInternal(
                  () -> {
                    busy.countDown();
                    return done.await(60, TimeUnit.SECONDS);
                  });
      assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
      CompletableFuture<String> terms = handshake(authority.context(null), port);
      assertThatThrownBy(() -> terms.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
      done.countDown();
      assertThat(terms.get(30, TimeUnit.SECONDS)).isEqualTo("TLSv1.3");
    } finally {
      done.countDown();
    }
  }

  private int listening(TestAuthority.Issued issued) throws Exception {
    TlsFiles files =
        new TlsFiles(
            Optional.of(new TlsFiles.Identity(issued.cert(), issued.key())), Optional.empty());
    TlsDoor door =
        new TlsDoor(vertx, Optional.of(Certificates.read("listen", files)), Duration.ofSeconds(60));
    HttpServer server = door.server(new HttpServerConfig());
    return server
        .requestHandler(request -> request.response().end())
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS)
        .actualPort();
  }

  private static CompletableFuture<String> handshake(SSLContext context, int port) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (SSLSocket socket =
              (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return socket.getSession().getProtocol();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
