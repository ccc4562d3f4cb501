package io.trafficgovernor.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientConnection;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is told what of connections that do not come. */
final class OriginPoolTest {
  private static final int MAX_CALLS = 100;
  private static final long MILLI = 1_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final Deque<Promise<HttpClientConnection>> dials = new ArrayDeque<>();
  private final List<Waits> told = new ArrayList<>();
  private long now;

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Of that part of the connections; time goes on with each look at the clock. */
  private OriginPool pool(int callsEach, double part) {
    ConnectRamp ramp = new ConnectRamp(1e6, nanos -> part);
    return new OriginPool(
        () -> {
          Promise<HttpClientConnection> dial = Promise.promise();
          dials.add(dial);
          return dial.future();
        },
        MAX_CALLS,
        callsEach,
        () -> now += MILLI,
        new OriginPool.Pace(ramp, vertx));
  }

  private void failOne() {
    dials.remove().fail(new ConnectException("refused"));
  }

  /** One that tries again so often when it is told that no connection could be made. */
  private final class Waits implements OriginPool.Waiter {
    private final OriginPool pool;
    private final int rank;
    private int again;
    private volatile boolean wants = true;

    Waits(OriginPool pool, int rank, int again) {
      this.pool = pool;
      this.rank = rank;
      this.again = again;
      pool.take(this);
    }

    @Override
    public boolean wants() {
      return wants;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public long patienceEndsNanos() {
      return Long.MAX_VALUE;
    }

    @Override
    public void connected(OriginConnection connection) {}

    @Override
    public void unreachable(Throwable cause) {
      told.add(this);
      wants = again > 0;
      if (again-- > 0) {
        pool.take(this);
      }
    }

    @Override
    public void noConnection(boolean slowly) {}
  }

  @Test
  void failedDial_isPaidForByTheLowest() {
    OriginPool pool = pool(1, 1);
    Waits top = new Waits(pool, 0, 0);
    Waits older = new Waits(pool, 2, 0);
    Waits newer = new Waits(pool, 2, 0);
    failOne();
    assertThat(told).containsExactly(older);
    failOne();
    failOne();
    assertThat(told).containsExactly(older, newer, top);
  }

  /** It comes back to the line while others are told, and is not told of the same once more. */
  @Test
  void failedDial_tellsNobodyTwice() {
    OriginPool pool = pool(3, 1);
    Waits top = new Waits(pool, 0, 0);
    Waits back = new Waits(pool, 1, 5);
    failOne();
    assertThat(told).containsExactly(back, top);
    assertThat(pool.load()).isEqualTo(1);
  }

  /** As long as a higher class keeps the line busy, nobody would come to those behind it. */
  @Test
  void sweep_forgetsWhoHasLeft() {
    OriginPool pool = pool(1, 0);
    Waits top = new Waits(pool, 0, 0);
    Waits low = new Waits(pool, 1, 0);
    assertThat(pool.load()).isEqualTo(2);
    low.wants = false;
    pool.sweep(0);
    assertThat(pool.load()).isEqualTo(1);
    top.wants = false;
    pool.sweep(0);
    assertThat(pool.load()).isZero();
  }

  /** Without a token for a connection, each look for one forgets them, too. */
  @Test
  void lookForAToken_forgetsWhoHasLeft() {
    AtomicInteger load = new AtomicInteger(-1);
    vertx.runOnContext(
        begin -> {
          OriginPool pool = pool(1, 0);
          new Waits(pool, 0, 0);
          Waits low = new Waits(pool, 1, 0);
          low.wants = false;
          vertx.setPeriodic(5, each -> load.set(pool.load()));
        });
    await().until(() -> load.get() == 1);
  }
}
