package io.trafficgovernor.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/** Methods of the JDK and of Vert.x that some places must not use. */
final class Banned {
  private static final String[] NOW = {"now"};

  private Banned() {}

  /** The system's clocks, however they are asked. */
  static boolean clock(JavaAccess<?> access) {
    return is(access, System.class, "nanoTime", "currentTimeMillis")
        || is(access, Instant.class, NOW)
        || is(access, LocalDate.class, NOW)
        || is(access, LocalTime.class, NOW)
        || is(access, LocalDateTime.class, NOW)
        || is(access, OffsetDateTime.class, NOW)
        || is(access, ZonedDateTime.class, NOW)
        || is(access, Clock.class, "system", "systemUTC", "systemDefaultZone")
        || is(access, Date.class, "<init>");
  }

  /** A thread that lies down for some time. */
  static boolean sleep(JavaAccess<?> access) {
    return is(access, Thread.class, "sleep")
        || is(access, TimeUnit.class, "sleep")
        || is(access, LockSupport.class, "park", "parkNanos", "parkUntil");
  }

  /** What a law must not do: read clocks, use threads, throw dice, ask the system. */
  static boolean impure(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return clock(access)
        || sleep(access)
        || is(access, Math.class, "random")
        || is(access, System.class, "getenv", "getProperty", "exit", "setProperty")
        || owner.isAssignableTo(Thread.class)
        || owner.isAssignableTo(Random.class)
        || owner.isAssignableTo(SplittableRandom.class)
        || owner.isAssignableTo(Timer.class)
        || owner.isAssignableTo(UUID.class)
        || owner.isAssignableTo(Process.class)
        || owner.isAssignableTo(Runtime.class);
  }

  /** What makes its caller wait. */
  static boolean waiting(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return sleep(access)
        || is(access, Thread.class, "join")
        || is(access, Object.class, "wait")
        || is(access, Process.class, "waitFor")
        || is(access, Future.class, "get", "join")
        || is(access, io.vertx.core.Future.class, "await")
        || is(access, Lock.class, "lock", "lockInterruptibly", "tryLock")
        || is(access, Condition.class, "await", "awaitNanos", "awaitUntil")
        || is(access, CountDownLatch.class, "await")
        || is(access, CyclicBarrier.class, "await")
        || is(access, Semaphore.class, "acquire", "acquireUninterruptibly", "tryAcquire")
        || is(access, BlockingQueue.class, "put", "take")
        || is(access, ExecutorService.class, "invokeAll", "invokeAny", "awaitTermination")
        || owner.getName().equals("java.nio.file.Files")
        || owner.getName().startsWith("java.io.File")
        || is(access, InetAddress.class, "getByName", "getAllByName");
  }

  private static boolean is(JavaAccess<?> access, Class<?> owner, String... methods) {
    return Arrays.asList(methods).contains(access.getTarget().getName())
        && access.getTargetOwner().isAssignableTo(owner);
  }
}
