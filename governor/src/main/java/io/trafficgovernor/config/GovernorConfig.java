package io.trafficgovernor.config;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.ClassTable;
import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.request.RetryRule;
import io.trafficgovernor.config.pattern.Cidr;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.SessionKeySource;
import io.trafficgovernor.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything {@code governor.yaml} says, checked and with its defaults filled in.
 *
 * @param backends the protected one, and the one its reads may go to meanwhile, if there is one
 * @param classes in order of importance: the first returns first
 * @param sessionKey where a request's session is looked for; the first that is present counts
 */
public record GovernorConfig(
    Node node,
    Listen listen,
    Operator operator,
    List<Backend> backends,
    List<ClassConfig> classes,
    List<SessionKeySource> sessionKey,
    Ramp ramp,
    Cluster cluster,
    Retries retries,
    Cache cache,
    Journal journal,
    Optional<Tenants> tenants,
    Optional<Inherit> inherit) {

  public GovernorConfig {
    requireNonNull(node, "node");
    requireNonNull(listen, "listen");
    requireNonNull(operator, "operator");
    backends = List.copyOf(backends);
    classes = List.copyOf(classes);
    sessionKey = List.copyOf(sessionKey);
    requireNonNull(ramp, "ramp");
    requireNonNull(cluster, "cluster");
    requireNonNull(retries, "retries");
    requireNonNull(cache, "cache");
    requireNonNull(journal, "journal");
    requireNonNull(tenants, "tenants");
    requireNonNull(inherit, "inherit");
  }

  /** The protected backend. */
  public Backend backend() {
    return backends.get(0);
  }

  /** Tokens that the dearest request takes. */
  public int largestCost() {
    return classes.stream()
        .flatMap(each -> each.match().stream())
        .mapToInt(MatchRule::cost)
        .max()
        .orElse(1);
  }

  /** The classes as admission knows them. */
  public ClassTable classTable() {
    List<String> names = classes.stream().map(ClassConfig::name).toList();
    List<RequestClass> table = new ArrayList<>();
    for (ClassConfig each : classes) {
      Set<Integer> after = new HashSet<>();
      each.after().forEach(parent -> after.add(names.indexOf(parent)));
      table.add(
          new RequestClass(
              table.size(),
              each.name(),
              after,
              each.patience().toNanos(),
              each.timeout().toNanos()));
    }
    return new ClassTable(table);
  }

  /** Who this node is; the name is unique in the cluster. */
  public record Node(String name) {
    public Node {
      requireNonNull(name, "name");
    }
  }

  /**
   * Where clients come in.
   *
   * @param port 0 means any free one
   * @param eventLoops threads that serve clients, each with its own connections to the backend
   * @param trustedProxies peers whose {@code Forwarded} and {@code X-Forwarded-*} are believed
   * @param maxConnections of clients, for the whole node; more are closed at once
   * @param idleTimeout after which a connection on which nothing moves is closed
   * @param headTimeout for the first head of a connection to come in full
   * @param transferTimeout for a request and its answer to come in full, bodies included
   * @param drainGrace how long the node still serves after it has said that it is not ready
   * @param drainTimeout how long requests in flight may take to end after that
   * @param http2 whether clients may speak HTTP/2 as well
   * @param tls empty if clients come in plain
   */
  public record Listen(
      String host,
      int port,
      int eventLoops,
      List<Cidr> trustedProxies,
      int maxConnections,
      Duration idleTimeout,
      Duration headTimeout,
      Duration transferTimeout,
      Duration drainGrace,
      Duration drainTimeout,
      boolean http2,
      Optional<TlsFiles> tls) {
    public Listen {
      requireNonNull(host, "host");
      trustedProxies = List.copyOf(trustedProxies);
      requireNonNull(idleTimeout, "idleTimeout");
      requireNonNull(headTimeout, "headTimeout");
      requireNonNull(transferTimeout, "transferTimeout");
      requireNonNull(drainGrace, "drainGrace");
      requireNonNull(drainTimeout, "drainTimeout");
      requireNonNull(tls, "tls");
    }
  }

  /**
   * Where operators come in; port 0 means any free one.
   *
   * @param tls empty if they come in plain
   */
  public record Operator(String host, int port, List<Token> tokens, Optional<TlsFiles> tls) {
    public Operator {
      requireNonNull(host, "host");
      tokens = List.copyOf(tokens);
      requireNonNull(tls, "tls");
    }
  }

  /** What an operator may do; each role may do what the ones before it may. */
  public enum Role {
    VIEWER,
    OPERATOR,
    ADMIN
  }

  /**
   * A bearer token.
   *
   * @param sha256 of the token, 64 hexadecimal digits in lower case; the token itself is nowhere
   */
  public record Token(String name, Role role, String sha256) {
    public Token {
      requireNonNull(name, "name");
      requireNonNull(role, "role");
      requireNonNull(sha256, "sha256");
    }
  }

  /**
   * The protected store.
   *
   * @param origins its addresses; requests take turns
   * @param referencePerSecond its good rate, until it is measured
   * @param maxConnections to it, for each event loop; bounds body transfers and slow readers
   * @param maxSockets connections that may be WebSockets, for each event loop
   * @param idleTimeout after which a connection on which nothing moves is closed
   * @param sentStamp whether each request carries {@code Governor-Sent}, for load tests
   * @param wire what is spoken with it
   * @param fallback where reads may go while it is away
   * @param connectsPerSecond new connections of all nodes together
   */
  public record Backend(
      String name,
      List<Origin> origins,
      Duration connectTimeout,
      Probe probe,
      double referencePerSecond,
      int maxConnections,
      int maxSockets,
      Duration idleTimeout,
      boolean sentStamp,
      Wire wire,
      Optional<Fallback> fallback,
      double connectsPerSecond) {
    public Backend {
      requireNonNull(name, "name");
      origins = List.copyOf(origins);
      requireNonNull(connectTimeout, "connectTimeout");
      requireNonNull(probe, "probe");
      requireNonNull(idleTimeout, "idleTimeout");
      requireNonNull(wire, "wire");
      requireNonNull(fallback, "fallback");
    }
  }

  /**
   * What is spoken with a backend.
   *
   * @param http2 HTTP/2 instead of 1.1; without TLS with prior knowledge
   * @param tls for origins with https
   * @param serverName the name their certificates must have; empty for that of the origin
   */
  public record Wire(boolean http2, TlsFiles tls, Optional<String> serverName) {
    public Wire {
      requireNonNull(tls, "tls");
      requireNonNull(serverName, "serverName");
    }

    /** HTTP/1.1, nothing shown, the JDK's authorities believed. */
    public static Wire usual() {
      return new Wire(false, TlsFiles.none(), Optional.empty());
    }
  }

  /**
   * How the backend is asked whether it is there.
   *
   * @param expect the status of a well backend
   * @param timeout at most 500 ms
   */
  public record Probe(String path, int expect, Duration timeout) {
    public Probe {
      requireNonNull(path, "path");
      requireNonNull(timeout, "timeout");
    }
  }

  /** How the ceiling rises; {@code shadow}: decide and meter, never refuse. */
  public record Ramp(RampMode mode, RampPlan plan, boolean shadow) {
    public Ramp {
      requireNonNull(mode, "mode");
      requireNonNull(plan, "plan");
    }
  }

  /**
   * What becomes of those who come again.
   *
   * @param uninvited the rule for retries that nobody called back
   * @param ticketSecret signs return tickets, the same on every node; empty to derive one
   */
  public record Retries(RetryRule uninvited, Optional<String> ticketSecret) {
    public Retries {
      requireNonNull(uninvited, "uninvited");
      requireNonNull(ticketSecret, "ticketSecret");
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Retries[uninvited=" + uninvited + "]";
    }
  }

  /**
   * How large the cache of this node may become, in bytes.
   *
   * @param maxBytes of everything that is kept
   * @param maxAnswerBytes of one body
   */
  public record Cache(long maxBytes, int maxAnswerBytes) {}

  /**
   * What the journal of writes of this node may hold.
   *
   * @param maxBytes of all writes that wait
   * @param maxBodyBytes of one body
   * @param maxAge after which a write is not delivered any more
   */
  public record Journal(long maxBytes, int maxBodyBytes, Duration maxAge) {
    public Journal {
      requireNonNull(maxAge, "maxAge");
    }
  }

  /** An address of a member of the cluster. */
  public record Member(String host, int port) {
    public Member {
      requireNonNull(host, "host");
    }

    /** {@code host:port}. */
    public String text() {
      return host + ":" + port;
    }
  }

  /**
   * The cluster of governors.
   *
   * @param host this member's own address
   * @param port this member's own port
   * @param members the voters, an odd number, this one among them; empty if they are discovered, or
   *     if this node is a client
   * @param expectedNodes how many governors share the ceiling when all are well
   * @param dataDir where the last known good state is kept
   * @param secret without it a member gets no lease
   * @param network whether other machines can reach the member's port
   * @param clientPort where clients of this voter come in; 0 for nowhere
   * @param attach client ports of the voters; empty if this node is a voter itself
   * @param discovery how the voters are found if they are not listed
   * @param witnessLog whether the node writes down what it was granted and sent, in dataDir
   */
  public record Cluster(
      String name,
      String host,
      int port,
      List<Member> members,
      int expectedNodes,
      Path dataDir,
      Optional<String> secret,
      Network network,
      int clientPort,
      List<Member> attach,
      Optional<Discovery> discovery,
      boolean witnessLog) {
    /**
     * The voters are whoever a name resolves to.
     *
     * @param serviceDns resolves to all of them, ready or not: a headless service of Kubernetes
     * @param voters how many they are when all are well; odd
     * @param timeout longest time for one look
     */
    public record Discovery(String serviceDns, int voters, Duration timeout) {
      public Discovery {
        requireNonNull(serviceDns, "serviceDns");
        requireNonNull(timeout, "timeout");
      }
    }

    /** How the member's port is protected: it has no encryption of its own. */
    public enum Network {
      /** Nobody outside this machine can reach it. */
      LOOPBACK,
      /** It is open to a network that somebody else protects. */
      PRIVATE_UNENCRYPTED
    }

    /** On this machine alone, without a secret. */
    public Cluster(
        String name, String host, int port, List<Member> members, int expectedNodes, Path dataDir) {
      this(
          name,
          host,
          port,
          members,
          expectedNodes,
          dataDir,
          Optional.empty(),
          Network.LOOPBACK,
          0,
          List.of(),
          Optional.empty(),
          false);
    }

    /** Whether this node is a client of the voters: it has no vote, no copy and no port. */
    public boolean client() {
      return !attach.isEmpty();
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Cluster[name=" + name + ", host=" + host + ", port=" + port + "]";
    }

    public Cluster {
      requireNonNull(secret, "secret");
      requireNonNull(network, "network");
      requireNonNull(name, "name");
      requireNonNull(host, "host");
      members = List.copyOf(members);
      attach = List.copyOf(attach);
      requireNonNull(discovery, "discovery");
      requireNonNull(dataDir, "dataDir");
    }
  }
}
