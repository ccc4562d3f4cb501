package io.trafficgovernor.cluster.chaos;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.cluster.testing.LocalMembers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/**
 * Members of one grid as real processes over loopback. Every wait is bounded; every process is
 * ended by {@link #close}.
 */
final class RealMembers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int SOME_RISES = 4;
  private static final String WRITES = "writes true ";
  private static final double[] OFFERED = {600, 300, 100};

  private final String cluster;
  private final List<Integer> ports;
  private final Path data;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private final List<InUse> leases = Collections.synchronizedList(new ArrayList<>());
  private final List<Long> whole = Collections.synchronizedList(new ArrayList<>());
  private final List<String> other = Collections.synchronizedList(new ArrayList<>());

  /** A process and what it said last. */
  private static final class Running {
    private final Process process;
    private volatile boolean owner;
    private volatile boolean writes;
    private volatile long lastLeaseNanos;
    private final AtomicInteger granted = new AtomicInteger();

    private Running(Process process) {
      this.process = process;
    }
  }

  private RealMembers(String cluster, int members, Path data) {
    this.cluster = cluster;
    this.data = data;
    this.ports = LocalMembers.freePorts(members);
  }

  /**
   * All of them, each with a lease.
   *
   * @param data where each keeps its memory, in a directory of its own
   */
  static RealMembers start(String cluster, int members, Path data) {
    RealMembers all = new RealMembers(cluster, members, data);
    try {
      all.names().forEach(all::launch);
      all.awaitLeases(all.names());
      return all;
    } catch (RuntimeException | AssertionError e) {
      all.close();
      throw e;
    }
  }

  List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      names.add("m" + i);
    }
    return names;
  }

  /** Starts a process for that member. */
  void launch(String name) {
    int index = names().indexOf(name);
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.util.concurrent.ForkJoinPool.common.parallelism=2");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(MemberProcess.class.getName());
    command.addAll(List.of(cluster, name, "" + OFFERED[index % OFFERED.length]));
    command.add("" + ports.get(index));
    command.add(data.resolve(name).toString());
    ports.forEach(port -> command.add("127.0.0.1:" + port));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      Running member = new Running(process);
      running.put(name, member);
      Thread reader = new Thread(() -> read(name, member), "reader-" + name);
      reader.setDaemon(true);
      reader.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read(String name, Running member) {
    try (BufferedReader in = member.process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (InUse.isLine(line)) {
          InUse lease = InUse.parse(line);
          leases.add(lease);
          member.lastLeaseNanos = lease.fromNanos();
          member.granted.incrementAndGet();
        } else if (line.startsWith("owner ")) {
          member.owner = line.endsWith("true");
        } else if (line.startsWith("writes ")) {
          member.writes = line.startsWith(WRITES);
          if (member.writes) {
            whole.add(Long.parseLong(line.substring(WRITES.length())));
          }
        } else {
          other.add(name + ": " + line);
        }
      }
    } catch (IOException | RuntimeException e) {
      other.add(name + ": unreadable: " + e);
    }
  }

  private Running member(String name) {
    return requireNonNull(running.get(name), name);
  }

  private static void until(String what, BooleanSupplier condition) {
    Awaitility.await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(condition::getAsBoolean);
  }

  /** Until each of them has had a lease since now, and some more. */
  void awaitLeases(List<String> names) {
    long since = System.nanoTime();
    for (String name : names) {
      until(
          name + " has leases",
          () -> member(name).lastLeaseNanos - since > 0 && member(name).granted.get() >= 3);
    }
  }

  /** Until the ramp has begun and its ceiling has risen some times. */
  void awaitRamp() {
    until(
        "a ramp that rises",
        () -> {
          synchronized (leases) {
            return leases.stream()
                    .filter(lease -> lease.phase().equals("RAMPING"))
                    .mapToDouble(InUse::ceilingPerSecond)
                    .distinct()
                    .count()
                > SOME_RISES;
          }
        });
  }

  /** Until that many leases more have been taken into use, by all together. */
  void awaitMore(int count) {
    int before = leases.size();
    until(count + " more leases", () -> leases.size() >= before + count);
  }

  /** The member on which the entry lies now. */
  String owner() {
    until("an owner", () -> owners().size() == 1);
    return owners().get(0);
  }

  /** Until the owner has every copy in its place, so that the next fault is the only one. */
  void awaitCopies() {
    until(
        "all copies of the entry",
        () -> {
          List<String> owners = owners();
          return owners.size() == 1 && member(owners.get(0)).writes;
        });
  }

  private List<String> owners() {
    return names().stream()
        .filter(name -> running.containsKey(name) && member(name).process.isAlive())
        .filter(name -> member(name).owner)
        .toList();
  }

  /** SIGKILL; returns once the process is gone. */
  void kill(String name) {
    Process process = member(name).process;
    process.destroyForcibly();
    until(name + " is gone", () -> !process.isAlive());
    leases.add(InUse.ended(name, System.nanoTime()));
  }

  /** Takes its memory away; it must not run. */
  void forget(String name) {
    try {
      Files.delete(data.resolve(name).resolve("kv.state"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it in good order. */
  void leave(String name) {
    Process process = member(name).process;
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    until(name + " has left", () -> !process.isAlive());
    leases.add(InUse.ended(name, System.nanoTime()));
  }

  /** SIGSTOP or SIGCONT. */
  void signal(String name, String signal) {
    long pid = member(name).process.pid();
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, "" + pid).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("kill -" + signal + " " + pid + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /**
   * When the entry last came to have an owner with a majority and all copies in view, which is when
   * leases can be granted again after a loss. Of the machine's one monotonic clock.
   */
  long writableSince() {
    synchronized (whole) {
      return Collections.max(whole);
    }
  }

  /** Everything that was granted so far. */
  GrantWitness witness() {
    synchronized (leases) {
      return new GrantWitness(leases);
    }
  }

  /** What else the members said; for the message of a failed test. */
  String said() {
    synchronized (other) {
      return String.join("\n", other);
    }
  }

  @Override
  public void close() {
    running.values().forEach(member -> member.process.destroyForcibly());
  }
}
