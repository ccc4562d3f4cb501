package io.trafficgovernor;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.ctl.OperatorClient;
import io.trafficgovernor.runtime.SystemTicker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The jar under many clients, most of whom do nothing and some of whom do it badly, while one large
 * answer runs through: memory stays within a bound, and operators are heard. {@code -Dconnections}
 * and {@code -Dmebibytes} set the size; 10 000 and 1024 in the profile night.
 */
final class ManyConnectionsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final String HEAD = " HTTP/1.1\r\nHost: shop\r\n";
  private static final int BAD = 40;
  private static final int SAMPLES = 150;
  private static final int MIB = 1 << 20;

  /** What a connection may cost while nothing goes over it, live on the heap. */
  private static final long HEAP_OF_ONE = 32 << 10;

  private static final long HEAP_BESIDE = 48L * MIB;

  /** Of a process with a heap of 192 MiB, and what stands beside it. */
  private static final long MAX_RSS = 480L * MIB;

  private static final double MAX_RATIO = 20;

  /** A p99 below that is the noise of a machine, and no base for a ratio. */
  private static final double LEAST_MILLIS = 20;

  @TempDir private Path folder;
  private final SystemTicker ticker = new SystemTicker();
  private final List<Socket> sockets = new ArrayList<>();
  private ServerSocket origin;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean over;

  @BeforeEach
  void begin() throws IOException {
    origin = new ServerSocket(0, 500, LOOPBACK);
    thread(this::accept);
  }

  @AfterEach
  void end() throws IOException {
    over = true;
    ended.countDown();
    origin.close();
    for (Socket each : sockets) {
      each.close();
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "many");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!over) {
      try {
        Socket socket = origin.accept();
        thread(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** Answers {@code /n} with n MiB, anything else at once. */
  private void serve(Socket socket) {
    byte[] part = new byte[MIB];
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      OutputStream out = socket.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String path = line.split(" ", -1)[1];
        while (!line.isEmpty()) {
          line = in.readLine();
        }
        int mebibytes = path.matches("/\\d+") ? Integer.parseInt(path.substring(1)) : 0;
        long length = (long) mebibytes * MIB;
        String head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < mebibytes; i++) {
          out.write(part);
        }
      }
    } catch (IOException gone) {
      // the gateway has ended the connection
    }
  }

  private Path config() throws IOException {
    int grid = JarProcess.freePort();
    String yaml =
        """
        node: { name: gw-1 }
        listen: { host: 127.0.0.1, port: 0, max-connections: 12000, idle-timeout: 10m }
        operator: { host: 127.0.0.1, port: 0 }
        backends: [ { name: kv, origins: [ "http://127.0.0.1:%d" ], reference-rate: 20000/s } ]
        classes: [ { name: all, default: true, timeout: 20s } ]
        cluster: { name: it-%d, port: %d, members: [ "127.0.0.1:%d" ], data-dir: data }
        """
            .formatted(origin.getLocalPort(), grid, grid, grid);
    return Files.writeString(folder.resolve("governor.yaml"), yaml);
  }

  private Socket socket(int port, String bytes) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 << 10);
    socket.setSoTimeout(20_000);
    socket.connect(new InetSocketAddress(LOOPBACK, port));
    sockets.add(socket);
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Asks once more on a connection; whether it was answered. */
  private static boolean served(Socket socket) throws IOException {
    socket.getOutputStream().write(("GET /x" + HEAD + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return answered(socket);
  }

  /** Reads the head of an answer, and the body of one that is no 200. */
  private static boolean answered(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return false;
      }
      head.append((char) c);
    }
    boolean ok = head.toString().startsWith("HTTP/1.1 200");
    int length =
        ok
            ? 0
            : Integer.parseInt(head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1"));
    byte[] unused = in.readNBytes(length);
    return ok;
  }

  /** Those who do it badly: read nothing, send a byte at a time, half a head, or half close. */
  private void misbehave(int port) throws IOException {
    List<Socket> writers = new ArrayList<>();
    for (int i = 0; i < BAD; i++) {
      Socket reader = socket(port, "GET /8" + HEAD + "\r\n");
      assertThat(reader.getInputStream().read()).isEqualTo('H');
      writers.add(socket(port, "POST /x" + HEAD + "Content-Length: 1000000\r\n\r\n"));
      var half = socket(port, "GET /x" + HEAD);
      assertThat(half.isConnected()).isTrue();
      socket(port, "GET /8" + HEAD + "\r\n").shutdownOutput();
    }
    thread(() -> trickle(writers));
  }

  private void trickle(List<Socket> writers) {
    while (!over) {
      for (Socket each : writers) {
        try {
          each.getOutputStream().write('x');
          if (ended.await(1, TimeUnit.MILLISECONDS)) {
            return;
          }
        } catch (IOException refused) {
          // it is told that it is too slow, or was; the others go on
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  private static double p99Millis(
      OperatorClient operator, SystemTicker ticker, BooleanSupplier more) throws IOException {
    List<Long> nanos = new ArrayList<>();
    while (nanos.size() < SAMPLES || more.getAsBoolean()) {
      long begin = ticker.nanos();
      assertThat(operator.get("/v1/status").status()).isEqualTo(200);
      nanos.add(ticker.nanos() - begin);
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted[sorted.length * 99 / 100] / 1e6;
  }

  private static long rss(JarProcess governor) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + governor.pid() + "/status"))) {
      String line = lines.filter(each -> each.startsWith("VmHWM:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }
  }

  /** Bytes of what lives on its heap, after a collection. */
  private static long live(JarProcess governor) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process asked =
        new ProcessBuilder(jcmd, Long.toString(governor.pid()), "GC.class_histogram").start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String total = said.lines().filter(line -> line.startsWith("Total")).findFirst().orElseThrow();
    return Long.parseLong(total.trim().split("\\s+", -1)[2]);
  }

  /**
   * Asks until it is admitted, as a client does that is told to come back: the slow uploads hold
   * slots. The head of the answer has been read then.
   */
  private Socket admitted(int port, String request) {
    return Awaitility.await("admitted")
        .atMost(SOON)
        .until(
            () -> {
              Socket socket = socket(port, request);
              return answered(socket) ? Optional.of(socket) : Optional.<Socket>empty();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  private long readLarge(Socket socket) {
    try {
      byte[] part = new byte[64 << 10];
      InputStream in = socket.getInputStream();
      long sum = 0;
      for (int read = 0; read >= 0 && !over; read = in.read(part)) {
        sum += read;
      }
      return sum;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void crowd(int connections, int mebibytes) throws Exception {
    List<String> words = List.of("run", "--config", config().toString());
    try (JarProcess governor = new JarProcess(folder, "gw", words).started()) {
      OperatorClient operator = new OperatorClient(governor.operator(), Optional.empty());
      Awaitility.await("ready")
          .atMost(SOON)
          .until(() -> operator.get("/health/ready").status() == 200);
      int port = governor.listenPort();
      Socket first = socket(port, "");
      Awaitility.await("served").atMost(SOON).until(() -> served(first));
      for (int i = 0; i < SAMPLES; i++) {
        assertThat(served(first)).as("request " + i).isTrue();
      }
      double warmed = p99Millis(operator, ticker, () -> false);
      double idle = Math.min(warmed, p99Millis(operator, ticker, () -> false));
      long liveBefore = live(governor);
      List<Socket> kept = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        kept.add(socket(port, ""));
        assertThat(served(kept.get(i))).as("connection " + i).isTrue();
      }
      misbehave(port);
      Socket large = admitted(port, "GET /" + mebibytes + HEAD + "Connection: close\r\n\r\n");
      CompletableFuture<Long> bytes = CompletableFuture.supplyAsync(() -> readLarge(large));
      double loaded = p99Millis(operator, ticker, () -> !bytes.isDone());
      long heap = live(governor) - liveBefore;
      String run =
          ("%d connections, %d bad ones of four kinds, %d MiB: control p99 %.1f ms, idle %.1f;"
                  + " heap +%d KiB (%.1f a connection), peak RSS %d MiB")
              .formatted(
                  connections,
                  4 * BAD,
                  mebibytes,
                  loaded,
                  idle,
                  heap >> 10,
                  heap / 1024.0 / connections,
                  rss(governor) / MIB);
      LoggerFactory.getLogger(ManyConnectionsIT.class).warn("{}", run);
      assertThat(bytes.get(10, TimeUnit.SECONDS)).as(run).isEqualTo((long) mebibytes * MIB);
      assertThat(heap).as(run).isLessThan(connections * HEAP_OF_ONE + HEAP_BESIDE);
      assertThat(rss(governor)).as(run).isLessThan(MAX_RSS);
      assertThat(loaded / Math.max(LEAST_MILLIS, idle)).as(run).isLessThan(MAX_RATIO);
      for (int i = 0; i < connections; i += connections / 50) {
        Socket again = kept.get(i);
        Awaitility.await("connection " + i).atMost(SOON).until(() -> served(again));
      }
      assertThat(governor.err()).isEmpty();
    }
  }

  @Test
  void crowd_costsLittle() throws Exception {
    crowd(Integer.getInteger("connections", 300), Integer.getInteger("mebibytes", 32));
  }

  @Test
  @Tag("night")
  void crowd_ofTenThousand() throws Exception {
    crowd(10_000, 1024);
  }
}
