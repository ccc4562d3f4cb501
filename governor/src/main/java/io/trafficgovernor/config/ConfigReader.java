package io.trafficgovernor.config;

import io.trafficgovernor.admission.request.RetryRule;
import io.trafficgovernor.config.GovernorConfig.Backend;
import io.trafficgovernor.config.GovernorConfig.Cluster;
import io.trafficgovernor.config.GovernorConfig.Listen;
import io.trafficgovernor.config.GovernorConfig.Node;
import io.trafficgovernor.config.GovernorConfig.Operator;
import io.trafficgovernor.config.GovernorConfig.Probe;
import io.trafficgovernor.config.GovernorConfig.Retries;
import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.config.GovernorConfig.Wire;
import io.trafficgovernor.config.YamlNode.Scalar;
import io.trafficgovernor.config.pattern.Cidr;
import io.trafficgovernor.config.pattern.SessionKeySource;
import io.trafficgovernor.tls.TlsFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads all sections but classes, ramp and cluster, and checks what goes across sections. */
final class ConfigReader {
  static final Form<String> NAME =
      Form.text("[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "1 to 63 letters, digits, dots and hyphens");
  static final Form<String> HOST = Form.text("[A-Za-z0-9.:_-]{1,253}", "a host name or an address");
  private static final Form<Integer> ANY_PORT = Form.whole(0, 65535);
  private static final Form<Origin> ORIGIN =
      Form.parsed("http://host:port or https://host:port, without a path", Origin::parse);
  private static final Form<Cidr> CIDR =
      Form.parsed("an address or a range of them: 10.0.0.0/8", Cidr::parse);
  private static final Form<String> SHA256 =
      Form.text("[0-9a-f]{64}", "the 64 hexadecimal digits, in lower case, of a SHA-256");
  private static final Form<String> TOKEN_NAME =
      Form.text("[!#$%&'*+.^_`|~A-Za-z0-9-]{1,64}", "a cookie or header name");
  private static final String NO_HASH = "0".repeat(64);
  private static final int MAX_DEFAULT_LOOPS = 4;
  private static final int DEFAULT_SOCKETS = 256;

  /** A backend that closes after each answer is not held up. */
  private static final double CONNECTS_PER_REQUEST = 2;

  private final int processors;

  ConfigReader(int processors) {
    this.processors = processors;
  }

  GovernorConfig read(Section root) {
    Node node = node(root.section("node"));
    Listen listen = listen(root.section("listen"));
    Operator operator = operator(root.section("operator"));
    List<Backend> backends = backends(root);
    List<ClassConfig> classes = ClassesReader.read(root);
    List<SessionKeySource> sessionKey = sessionKey(root);
    GovernorConfig.Ramp ramp = RampReader.read(root.section("ramp"));
    Cluster cluster = ClusterReader.read(root.section("cluster"));
    Retries retries = retries(root.section("retries"));
    GovernorConfig.Cache cache = InsteadReader.cache(root.section("cache"));
    GovernorConfig.Journal journal = InsteadReader.journal(root.section("journal"));
    Optional<Tenants> tenants = Tenants.read(root);
    Optional<Inherit> inherit = Inherit.read(root);
    root.end();
    GovernorConfig config =
        new GovernorConfig(
            node,
            listen,
            operator,
            backends,
            classes,
            sessionKey,
            ramp,
            cluster,
            retries,
            cache,
            journal,
            tenants,
            inherit);
    AcrossSections.check(config, root);
    return config;
  }

  private static Node node(Section section) {
    Node node = new Node(section.required("name", NAME, "node"));
    section.end();
    return node;
  }

  private Listen listen(Section section) {
    int loops = Math.max(1, Math.min(MAX_DEFAULT_LOOPS, processors));
    Listen listen =
        new Listen(
            section.optional("host", HOST, "0.0.0.0"),
            section.optional("port", ANY_PORT, 8080),
            section.optional("event-loops", Form.whole(1, 64), loops),
            section.list("trusted-proxies", CIDR),
            section.optional("max-connections", Form.whole(1, 1_000_000), 10_000),
            section.optional("idle-timeout", idle(), Duration.ofSeconds(75)),
            section.optional("head-timeout", head(), Duration.ofSeconds(10)),
            section.optional("transfer-timeout", transfer(), Duration.ofHours(1)),
            section.optional("drain-grace", drain(), Duration.ofSeconds(5)),
            section.optional("drain-timeout", drain(), Duration.ofSeconds(10)),
            section.optional("http2", Form.flag(), false),
            TlsReader.server(section.section("tls"), true));
    section.end();
    return listen;
  }

  private static Retries retries(Section section) {
    Retries retries =
        new Retries(
            section.optional("uninvited", Form.oneOf(RetryRule.class), RetryRule.EQUAL),
            section.secret("ticket-secret"));
    section.end();
    return retries;
  }

  private static Form<Duration> idle() {
    return Form.duration(Duration.ofSeconds(1), Duration.ofHours(1));
  }

  private static Form<Duration> head() {
    return Form.duration(Duration.ofMillis(100), Duration.ofMinutes(1));
  }

  private static Form<Duration> transfer() {
    return Form.duration(Duration.ofSeconds(1), Duration.ofHours(24));
  }

  private static Form<Duration> drain() {
    return Form.duration(Duration.ZERO, Duration.ofMinutes(10));
  }

  private static Operator operator(Section section) {
    String host = section.optional("host", HOST, "127.0.0.1");
    int port = section.optional("port", ANY_PORT, 9900);
    List<Section> entries = section.sections("tokens");
    List<Token> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (Section each : entries) {
      Token token =
          new Token(
              each.required("name", NAME, "token"),
              each.required("role", Form.oneOf(Role.class), Role.VIEWER),
              each.required("sha256", SHA256, NO_HASH));
      each.end();
      tokens.add(token);
      if (!names.add(token.name())) {
        each.fault("name", "got \"" + token.name() + "\" twice, allowed once");
      }
      if (!token.sha256().equals(NO_HASH) && !hashes.add(token.sha256())) {
        each.fault("sha256", "got that of another token, allowed: one role for a token");
      }
    }
    Optional<TlsFiles> tls = TlsReader.server(section.section("tls"), false);
    section.end();
    if (entries.isEmpty() && !loopback(host)) {
      section.fault(
          "tokens", "got none for host " + host + ", allowed: 1 or more, or a loopback host");
    }
    return new Operator(host, port, tokens, tls);
  }

  static boolean loopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || Cidr.parse("127.0.0.0/8").orElseThrow().contains(host);
  }

  private static List<Backend> backends(Section root) {
    List<Section> sections = root.sections("backends");
    if (sections.isEmpty()) {
      root.fault("backends", "is missing; allowed: one backend, and one for its fallback");
    }
    List<Backend> backends = sections.stream().map(ConfigReader::backend).toList();
    Fallback.check(backends, root);
    return backends;
  }

  private static Backend backend(Section section) {
    String name = section.required("name", NAME, "backend");
    List<Origin> origins = section.list("origins", ORIGIN);
    Duration connect =
        section.optional(
            "connect-timeout",
            Form.duration(Duration.ofMillis(1), Duration.ofSeconds(10)),
            Duration.ofMillis(250));
    Probe probe = probe(section.section("probe"));
    double reference = section.required("reference-rate", Form.rate(), 1.0);
    double connects =
        section.optional(
            "connect-rate", Form.rate(), CONNECTS_PER_REQUEST * Math.max(1, reference));
    int connections = section.optional("max-connections", Form.whole(1, 65535), 512);
    int sockets = sockets(section, connections);
    Duration idle = section.optional("idle-timeout", idle(), Duration.ofSeconds(60));
    boolean stamp = section.optional("sent-stamp", Form.flag(), false);
    boolean http2 = section.optional("http2", Form.flag(), false);
    Wire wire = TlsReader.client(section.section("tls"), http2);
    Optional<Fallback> fallback = Fallback.read(section);
    section.end();
    if (section.has("tls") && origins.stream().noneMatch(Origin::tls)) {
      section.fault("tls", "got keys, but no origin with https");
    }
    if (new HashSet<>(origins).size() < origins.size()) {
      section.fault("origins", "got one of them twice, allowed once");
    }
    if (!section.has("origins") && origins.isEmpty()) {
      section.fault("origins", "is missing; allowed: a list of " + ORIGIN.allowed());
    }
    return new Backend(
        name,
        origins,
        connect,
        probe,
        reference,
        connections,
        sockets,
        idle,
        stamp,
        wire,
        fallback,
        connects);
  }

  /** A socket keeps its connection for as long as it likes: requests must find others. */
  private static int sockets(Section section, int connections) {
    int most = connections / 2;
    int sockets =
        section.optional("max-sockets", Form.whole(0, 32767), Math.min(DEFAULT_SOCKETS, most));
    if (sockets > most) {
      section.fault(
          "max-sockets", "got " + sockets + ", allowed at most half of max-connections: " + most);
    }
    return sockets;
  }

  private static Probe probe(Section section) {
    Probe probe =
        new Probe(
            section.optional(
                "path", Form.text("/[!-~]{0,1023}", "a path that starts with a slash"), "/health"),
            section.optional("expect", Form.whole(200, 599), 200),
            section.optional(
                "timeout",
                Form.duration(Duration.ofMillis(10), Duration.ofMillis(500)),
                Duration.ofMillis(500)));
    section.end();
    return probe;
  }

  private static List<SessionKeySource> sessionKey(Section root) {
    List<SessionKeySource> sources = new ArrayList<>();
    List<YamlNode> items = root.items("session-key");
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Scalar scalar && scalar.text().equals("peer-address")) {
        sources.add(new SessionKeySource.PeerAddress());
        continue;
      }
      Section item = root.item("session-key", i, items.get(i));
      Optional<String> cookie = item.present("cookie", TOKEN_NAME, "cookie");
      Optional<String> header = item.present("header", TOKEN_NAME, "header");
      cookie.ifPresent(name -> sources.add(new SessionKeySource.Cookie(name)));
      header.ifPresent(name -> sources.add(new SessionKeySource.Header(name)));
      item.end();
      if (cookie.isPresent() == header.isPresent()) {
        root.fault(
            "session-key",
            "item " + i + ": allowed: { cookie: name }, { header: name } or peer-address");
      }
    }
    return sources.isEmpty() ? List.of(new SessionKeySource.PeerAddress()) : sources;
  }
}
