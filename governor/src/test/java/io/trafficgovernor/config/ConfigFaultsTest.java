package io.trafficgovernor.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.config.ConfigLoader.Faulty;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFaultsTest {
  private static final String GOOD = ConfigLoaderTest.LEAST;

  private static List<String> faults(String yaml) {
    return faults(yaml, Map.of());
  }

  private static List<String> faults(String yaml, Map<String, String> environment) {
    ConfigLoader.Result result = new ConfigLoader(environment, 2).parse(yaml);
    return result instanceof Faulty faulty
        ? faulty.faults().stream().map(Fault::text).toList()
        : List.of();
  }

  @Test
  void certificates_thatCannotBeRead_areAllNamed() {
    String yaml =
        """
        node: { name: gw-1 }
        listen: { tls: { cert: /no/a, key: /no/b, client-ca: /no/c } }
        backends:
          - { name: kv, origins: [ "https://a" ], reference-rate: 1/s, tls: { key: /no/d, ca: /no/e } }
        classes: [ { name: a, default: true } ]
        cluster: { members: [ "127.0.0.1:5701" ] }
        """;
    assertThat(faults(yaml, Map.of()))
        .anySatisfy(fault -> assertThat(fault).contains("listen.tls.cert: got /no/a"))
        .anySatisfy(fault -> assertThat(fault).contains("listen.tls.client-ca: got /no/c"))
        .anySatisfy(fault -> assertThat(fault).contains("backends[0].tls.cert: is missing"))
        .anySatisfy(fault -> assertThat(fault).contains("backends[0].tls.ca: got /no/e"));
  }

  /** One wrong thing gives one fault, at its path, with what was got and what is allowed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          listen: { port: 70000 } | listen.port: got "70000", allowed: a whole number from 0 to
          listen: { port: "80" } | listen.port: got "80", allowed: a whole number
          listen: { port: 80.5 } | listen.port: got "80.5", allowed: a whole number
          listen: { port: [ 80 ] } | listen.port: got a list, allowed: a whole number
          listen: { port: } | listen.port: got nothing, allowed: a whole number
          listen: { prot: 80 } | listen.prot: no such key here
          listen: 8080 | listen: got "8080", allowed keys and values
          listen: { event-loops: 0 } | listen.event-loops: got "0", allowed: a whole number from 1
          listen: { trusted-proxies: [ 10.0.0.0/33 ] } | listen.trusted-proxies[0]: got "10.0.0
          listen: { trusted-proxies: [ proxy.local ] } | listen.trusted-proxies[0]: got "proxy.l
          listen: { trusted-proxies: 10.0.0.1 } | listen.trusted-proxies: got "10.0.0.1", allowed
          listen: { idle-timeout: 60 } | listen.idle-timeout: got "60", allowed: a time with its u
          listen: { idle-timeout: 60sec } | listen.idle-timeout: got "60sec", allowed: a time with
          listen: { idle-timeout: 1s } | listen.idle-timeout: got 1s, allowed: more than the long
          listen: { max-connections: 0 } | listen.max-connections: got "0", allowed: a whole numb
          listen: { http2: sometimes } | listen.http2: got "sometimes", allowed: true or false
          listen: { tls: { cert: a } } | listen.tls.key: is missing; allowed: a file
          listen: { tls: { cert: /no/a, key: /no/b } } | listen.tls.cert: got /no/a, which is no file
          operator: { port: 8080 } | operator.port: got 8080, which is also listen.port; allowed: a port of its own
          operator: { port: -1 } | operator.port: got "-1", allowed: a whole number from 0
          operator: { host: 0.0.0.0 } | operator.tokens: got none for host 0.0.0.0, allowed: 1 or
          operator: { tls: { key: a } } | operator.tls.cert: is missing; allowed: a file
          operator: { tokens: [ { name: a, role: root, sha256: @ } ] } | operator.tokens[0].role: got "root", allowed: viewer, operator, admin
          operator: { tokens: [ { name: a, role: admin, sha256: abc } ] } | operator.tokens[0].sha256: got "abc", allowed: the 64 hex
          operator: { tokens: [ { name: a, role: admin, sha256: @ }, { name: a, role: viewer, sha256: 3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 } ] } | operator.tokens[1].name: got "a" twice
          operator: { tokens: [ { name: a, role: admin, sha256: @ }, { name: b, role: viewer, sha256: @ } ] } | operator.tokens[1].sha256: got that of another token
          operator: { tokens: [ { role: admin, sha256: @ } ] } | operator.tokens[0].name: is missing; allowed:
          inherit: { valid: 10s } | inherit.secret: is missing; allowed: 16 to 256 characters
          inherit: { secret: short } | inherit.secret: got 5 characters, allowed: 16 to 256 characters
          inherit: { secret: 0123456789abcdef, valid: 10m } | inherit.valid: got "10m", allowed: a time with its unit
          inherit: { secret: 0123456789abcdef, previous-secret: 0123456789abcdef } | inherit.previous-secret: got the same as secret
          inherit: { secret: 0123456789abcdef, header: X-Class } | inherit.header: no such key here
          retries: { uninvited: never } | retries.uninvited: got "never", allowed: equal, moved-down
          retries: { ticket-secret: short } | retries.ticket-secret: got 5 characters, allowed: 16 to 256
          ramp: { mode: careful } | ramp.mode: got "careful", allowed: auto, assisted, manual
          ramp: { plan: cubic } | ramp.plan: got "cubic", allowed: adaptive, linear, exp
          ramp: { plan: linear } | ramp.linear: is missing; allowed: the parameters of plan linear
          ramp: { plan: steps } | ramp.steps: is missing; allowed: the parameters of plan steps
          ramp: { linear: { start: 1/s, target: 2/s } } | ramp.linear.duration: is missing; allowed: a time
          ramp: { linear: { start: 3/s, target: 2/s, duration: 1s } } | ramp.linear: target: got 2.0/s, allowed the start
          ramp: { linear: { start: 3, target: 4/s, duration: 1s } } | ramp.linear.start: got "3", allowed: a rate with its unit
          ramp: { exponential: { start: 1/s, factor: 1, period: 1s } } | ramp.exponential.factor: got "1", allowed: a number above 1
          ramp: { exponential: { start: 1/s, factor: 2, period: 1s, until: 3/s } } | ramp.exponential.until: no such key here, or not built yet; allowed: factor, period, start
          ramp: { steps: [] } | ramp.steps: steps: got none, allowed 1 or more
          ramp: { steps: [ { rate: 2/s, dwell: 1s }, { rate: 1/s, dwell: 1s } ] } | ramp.steps: steps: got a rate of 1.0/s after 2.0/s
          ramp: { steps: [ { rate: 2/s } ] } | ramp.steps[0].dwell: is missing; allowed: a time
          ramp: { soak: 3m } | ramp.soak: no such key here, or not built yet; allowed: exponential
          ramp: { shadow: maybe } | ramp.shadow: got "maybe", allowed: true or false
          session-key: [ { cookie: sid, header: X-Id } ] | session-key: item 0: allowed: { cookie: name }, { h
          session-key: [ {} ] | session-key: item 0: allowed: { cookie: name }, { h
          session-key: [ { cookie: "a b" } ] | session-key[0].cookie: got "a b", allowed: a cookie or header name
          session-key: [ { query: id } ] | session-key[0].query: no such key here
          session-key: peer-address | session-key: got "peer-address", allowed: a list
          surprise: 1 | surprise: no such key here, or not built yet; allowed: backends, cache, classes
          """)
  void section_wrong_isOneFault(String section, String expected) {
    String yaml = GOOD + section.strip().replace("@", "ab".repeat(32)) + "\n";

    assertThat(faults(yaml)).isNotEmpty();
    assertThat(faults(yaml)).anySatisfy(text -> assertThat(text).contains(expected.strip()));
    assertThat(faults(yaml).size())
        .as("%s", faults(yaml))
        .isLessThanOrEqualTo(section.contains("query") || section.contains("steps: []") ? 2 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          origins: [ "http://127.0.0.1:9000" ], | `` | backends[0].origins: is missing; allowed
          http://127.0.0.1:9000 | ftp://a:1 | backends[0].origins[0]: got "ftp://a:1", allowed: http://host:port or https://host:port, without a path
          http://127.0.0.1:9000" ] | http://127.0.0.1:9000" ], max-connections: 9, max-sockets: 5 | backends[0].max-sockets: got 5, allowed at most half of max-connections: 4
          http://127.0.0.1:9000" ] | http://127.0.0.1:9000" ], tls: { ca: /no/a } | backends[0].tls: got keys, but no origin with https
          http://127.0.0.1:9000" | http://127.0.0.1:9000", "http://127.0.0.1:9000" | backends[0].origins: got one of them twice
          http://127.0.0.1:9000 | http://localhost:8080 | backends[0].origins: got localhost:8080, this gateway's own door, allowed: addresses of the backend
          http://127.0.0.1:9000 | http://a:1/path | backends[0].origins[0]: got "http://a:1/path"
          http://127.0.0.1:9000 | 127.0.0.1:9000 | backends[0].origins[0]: got "127.0.0.1:9000"
          http://127.0.0.1:9000 | http://a:99999 | backends[0].origins[0]: got "http://a:99999"
          reference-rate: 2000/s | reference-rate: 2000 | backends[0].reference-rate: got "2000", allowed: a rate with its unit
          reference-rate: 2000/s | reference-rate: 0/s | backends[0].reference-rate: got "0/s"
          , reference-rate: 2000/s | `` | backends[0].reference-rate: is missing
          reference-rate: 2000/s | reference-rate: 1/s, connect-timeout: 1h | backends[0].connect-timeout: got "1h", allowed: a time
          reference-rate: 2000/s | reference-rate: 1/s, probe: { path: health } | backends[0].probe.path: got "health", allowed: a path
          reference-rate: 2000/s | reference-rate: 1/s, probe: { expect: 99 } | backends[0].probe.expect: got "99", allowed
          reference-rate: 2000/s | reference-rate: 1/s, probe: { timeout: 2s } | backends[0].probe.timeout: got "2s", allowed: a time
          reference-rate: 2000/s | reference-rate: 1/s, idle-timeout: 2s | backends[0].idle-timeout: got 2s, allowed: more than twice
          reference-rate: 2000/s | reference-rate: 1/s, connect-rate: 5 | backends[0].connect-rate: got "5", allowed: a rate
          reference-rate: 2000/s | reference-rate: 1/s, max-connections: 0 | backends[0].max-connections: got "0"
          "127.0.0.1:5701" ] | "127.0.0.1:5701", "127.0.0.1:5702" ] | cluster.members: got 2 voters, allowed: an odd number
          "127.0.0.1:5701" ] | ] | cluster.members: got 0 voters, allowed: an odd number
          "127.0.0.1:5701" ] | "127.0.0.1:5702" ] | cluster.members: got no 127.0.0.1:5701, the host and port of this node; a node that is no voter has attach instead
          "127.0.0.1:5701" ] | "127.0.0.1" ] | cluster.members[0]: got "127.0.0.1", allowed: host:port
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], expected-nodes: 0 | cluster.expected-nodes: got "0", allowed: a whole number from 1
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], port: 0 | cluster.port: got "0", allowed: a whole number from 1 to 65535
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], client-port: 0 | cluster.client-port: got "0", allowed: a whole number from 1
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], client-port: 5701 | cluster.client-port: got 5701, which is cluster.port
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], attach: [ "127.0.0.1:5710" ] | cluster.members: is for voters; with attach
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], discovery: { service-dns: governor, voters: 3 } | cluster.members: got both members and discovery
          members: [ "127.0.0.1:5701" ] | attach: [] | cluster.attach: got no address, allowed: host:client-port of one voter
          members: [ "127.0.0.1:5701" ] | attach: [ "127.0.0.1:5710" ], client-port: 5711 | cluster.client-port: is for voters; with attach
          members: [ "127.0.0.1:5701" ] | attach: [ "10.0.0.1:5710" ] | cluster.attach: got 10.0.0.1:5710, allowed: loopback addresses, unless network is private-unencrypted
          members: [ "127.0.0.1:5701" ] | discovery: { service-dns: governor, voters: 4 } | cluster.discovery.voters: got 4, allowed: an odd number
          members: [ "127.0.0.1:5701" ] | discovery: { service-dns: governor, voters: 15 } | cluster.discovery.voters: got "15", allowed: a whole number from 1 to 13
          members: [ "127.0.0.1:5701" ] | discovery: { voters: 3 } | cluster.discovery.service-dns: is missing
          members: [ "127.0.0.1:5701" ] | discovery: { service-dns: governor, voters: 3, timeout: 1ms } | cluster.discovery.timeout: got "1ms", allowed: a time
          members: [ "127.0.0.1:5701" ] | discovery: { service-dns: governor, voters: 3, pods: 3 } | cluster.discovery.pods: no such key here
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], secret: short | cluster.secret: got 5 characters, allowed: 16 to 256
          "127.0.0.1:5701" ] | "127.0.0.1:5701" ], network: public | cluster.network: got "public", allowed: loopback, private-unencrypted
          "127.0.0.1:5701" ] | "10.0.0.1:5701" ], host: 10.0.0.1 | cluster.host: got 10.0.0.1, allowed: a loopback address, unless network is private-unencrypted
          node: { name: gw-1 } | node: {} | node.name: is missing
          node: { name: gw-1 } | node: { name: "a b" } | node.name: got "a b", allowed: 1 to 63
          """)
  void leastConfiguration_broken_isAFault(String from, String to, String expected) {
    String yaml = GOOD.replace(from, to);

    assertThat(yaml).isNotEqualTo(GOOD);
    assertThat(faults(yaml)).anySatisfy(text -> assertThat(text).contains(expected.strip()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          { name: a, match: [ { path: /a } ], wait: 301ms }, { name: z, default: true } | classes[0].wait: got 301ms, allowed at most 0.3 of the time-out: 300ms
          { name: a, match: [ { path: /a } ] } | classes: got none with default: true, allowed: exactly one
          { name: a, default: true }, { name: b, default: true } | classes: got a, b with default: true, allowed: exactly one
          { name: a, default: true }, { name: a, match: [ { path: /a } ] } | classes[1].name: got "a" twice, allowed once
          { name: a, default: true }, { name: b } | classes[1].match: got no rule, allowed: 1 or more, or default: true
          { name: a, default: true, after: [ b ] } | classes[0].after: got "b", which is no class; allowed: a
          { name: a, default: true, after: [ a ] } | classes[0].after: "a" comes after itself; allowed: no cycle
          { name: a, default: true, after: [ b ] }, { name: b, match: [ { path: /b } ], after: [ a ] } | classes[1].after: "b" comes after itself
          { name: a, match: [ { path: "/a/**" } ] }, { name: b, match: [ { path: /a/b } ] }, { name: z, default: true } | classes[1].match[0]: is never reached: class a takes it all
          { name: a, match: [ { method: [ GET ] } ] }, { name: b, match: [ { path: /b, method: [ GET ] } ] }, { name: z, default: true } | classes[1].match[0]: is never reached
          { name: a, match: [ { path: "/a*" } ] }, { name: z, default: true } | classes[0].match[0].path: got "/a*", allowed: a path
          { name: a, match: [ { path: "/**/a" } ] }, { name: z, default: true } | classes[0].match[0].path: got "/**/a", allowed: a path
          { name: a, match: [ { path: a } ] }, { name: z, default: true } | classes[0].match[0].path: got "a", allowed: a path
          { name: a, match: [ { method: [ get ] } ] }, { name: z, default: true } | classes[0].match[0].method[0]: got "get", allowed: a method in capitals
          { name: a, match: [ { method: GET } ] }, { name: z, default: true } | classes[0].match[0].method: got "GET", allowed: a list
          { name: a, match: [ { header: { X-Kind: [ 1 ] } } ] }, { name: z, default: true } | classes[0].match[0].header.X-Kind: got a list, allowed: a header and its value
          { name: a, match: [ { path: /a, cost: 0 } ] }, { name: z, default: true } | classes[0].match[0].cost: got "0", allowed: a whole number from 1 to 100
          { name: a, match: [ {} ] }, { name: z, default: true } | classes[0].match[0].path: got a rule without path, method and header
          { name: a, match: [ { query: x } ] }, { name: z, default: true } | classes[0].match[0].query: no such key here
          { name: a, default: true, on-shed: drop } | classes[0].on-shed: got "drop", allowed: reject, stale, fail-open, journal
          { name: a, default: true, on-shed: fail-open } | classes[0].open-answer: is missing; allowed: what is given with on-shed: fail-open
          { name: a, default: true, open-answer: { status: 503 } } | classes[0].open-answer.status: got "503", allowed: a whole number from 200 to 299
          { name: a, default: true, open-answer: { one-time: { } } } | classes[0].open-answer.one-time.header: got both or none of header and query, allowed: one of them
          { name: a, default: true, open-answer: { one-time: { header: X, query: x } } } | classes[0].open-answer.one-time.header: got both or none
          { name: a, default: true, open-answer: { one-time: { header: X, most: 5 } } } | classes[0].open-answer.one-time.most: got "5", allowed: a whole number
          { name: a, default: true, max-stale: 0s } | classes[0].max-stale: got "0s", allowed: a time
          { name: a, default: true, timeout: 1ms } | classes[0].timeout: got "1ms", allowed: a time
          { name: "a b", default: true } | classes[0].name: got "a b", allowed: 1 to 63 letters
          `` | classes: got 0, allowed: 1 to 32
          """)
  void classes_wrong_isAFault(String classes, String expected) {
    String yaml =
        """
        node: { name: gw-1 }
        backends: [ { name: kv, origins: [ "http://a:1" ], reference-rate: 2000/s } ]
        classes: [ %s ]
        cluster: { members: [ "127.0.0.1:5701" ] }
        """
            .formatted(classes == null ? "" : classes.strip());

    assertThat(faults(yaml)).anySatisfy(text -> assertThat(text).contains(expected.strip()));
  }

  /** What is wrong about a secret is told, but not the secret. */
  @Test
  void secret_isNotShown() {
    String yaml = GOOD.replace("\"127.0.0.1:5701\" ]", "\"127.0.0.1:5701\" ], secret: my own pw");

    assertThat(faults(yaml)).singleElement().asString().contains("got 9 characters with spaces");
    assertThat(faults(yaml)).noneMatch(text -> text.contains("own pw"));
  }

  @Test
  void transferTimeout_shorterThanAClassTimeout() {
    String yaml =
        GOOD.replace(
            "node: { name: gw-1 }", "node: { name: gw-1 }\nlisten: { transfer-timeout: 1s }");

    assertThat(faults(yaml.replace("default: true", "default: true, timeout: 2s")))
        .singleElement()
        .asString()
        .contains("listen.transfer-timeout: got 1s, allowed: at least the longest class time-out")
        .contains("2s");
    assertThat(faults(yaml)).isEmpty();
  }

  @Test
  void rules_ofSameClassOrOtherHeaders_areNotShadowed() {
    assertThat(
            faults(
                """
                node: { name: gw-1 }
                backends: [ { name: kv, origins: [ "http://a:1" ], reference-rate: 2000/s } ]
                classes:
                  - { name: a, match: [ { path: "/a/**" }, { path: /a/b } ] }
                  - { name: b, match: [ { path: "/b/**", header: { X-Kind: b } } ] }
                  - { name: c, match: [ { path: /b }, { method: [ GET, PUT ] } ] }
                  - { name: d, match: [ { method: [ GET, POST ] } ] }
                  - { name: e, match: [ { path: "/*/x" } ] }
                  - { name: z, default: true }
                cluster: { members: [ "127.0.0.1:5701" ] }
                """))
        .isEmpty();
  }

  @Test
  void classes_moreThan32_isAFault() {
    String many =
        IntStream.range(0, 32)
            .mapToObj(i -> "  - { name: c" + i + ", match: [ { path: /c" + i + " } ] }\n")
            .collect(Collectors.joining());

    assertThat(faults(GOOD.replace("classes:\n", "classes:\n" + many)))
        .contains("line 5: classes: got 35, allowed: 1 to 32");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          to: b, classes: [ first ]          | c | backends[0].fallback.to: got "b", which is no other
          to: b                              | b | backends[0].fallback.classes: got none, allowed: 1
          to: b, classes: [ nix ]            | b | backends[0].fallback.classes: got "nix", which is no
          to: a, classes: [ first ]          | a | backends[1].name: got "a", allowed: another name
          to: c, classes: [ first ]          | b | backends[1].name: got "b", allowed: another name
          classes: [ first ]                 | b | backends[0].fallback.to: is missing; allowed
          to: b, classes: [ first ], when: 1 | b | backends[0].fallback.when: no such key here
          """)
  void fallback_thatDoesNotFit(String fallback, String second, String expected) {
    String other = "  - { name: %s, origins: [ \"http://b\" ], reference-rate: 1/s }\n";
    String yaml =
        GOOD.replace("name: kv", "name: a, fallback: { " + fallback + " }")
            .replace("classes:\n", second.equals("c") ? "classes:\n" : "XX")
            .replace("XX", other.formatted(second) + "classes:\n");
    assertThat(faults(yaml)).anySatisfy(text -> assertThat(text).contains(expected));
  }

  @Test
  void backends_withoutAPlace_areFaults() {
    String two = "  - { name: b, origins: [ \"http://b\" ], reference-rate: 1/s }\n";
    assertThat(faults(GOOD.replace("classes:\n", two + "classes:\n")))
        .singleElement()
        .satisfies(
            text -> assertThat(text).contains("backends[1].name: got \"b\", allowed: another"));
    assertThat(faults(GOOD.replace("classes:\n", two + two + "classes:\n")))
        .anySatisfy(
            text -> assertThat(text).contains("backends: got 3, allowed: one, and one for its"));
    String nested =
        "  - { name: b, origins: [ \"http://b\" ], reference-rate: 1/s,"
            + " fallback: { to: a, classes: [ first ] } }\n";
    String both =
        GOOD.replace("name: kv", "name: a, fallback: { to: b, classes: [ first ] }")
            .replace("classes:\n", nested + "classes:\n");
    assertThat(faults(both))
        .singleElement()
        .satisfies(
            text -> assertThat(text).contains("backends[1].fallback: allowed: none; a fallback"));
  }

  @Test
  void faults_comeAllAtOnce_withTheirLines() {
    String yaml =
        """
        node: { name: gw-1 }
        listen:
          port: 99999
          prot: 1
        backends:
          - name: kv
            origins: [ "http://a:1" ]
            reference-rate: 2000
        classes:
          - name: a
            default: true
            timeout: soon
        cluster: { members: [ "127.0.0.1:5701" ] }
        """;

    assertThat(faults(yaml))
        .satisfiesExactly(
            text -> assertThat(text).startsWith("line 3: listen.port: got \"99999\""),
            text -> assertThat(text).startsWith("line 4: listen.prot: no such key"),
            text -> assertThat(text).startsWith("line 8: backends[0].reference-rate: got \"2000\""),
            text -> assertThat(text).startsWith("line 12: classes[0].timeout: got \"soon\""));
  }

  @Test
  void environment_unknownOrWrong_isAFault() {
    assertThat(
            faults(
                GOOD, Map.of("GOVERNOR_LISTEN_PROT", "1", "GOVERNOR", "x", "GOVERNOR_TOKEN", "s")))
        .containsExactly(
            "GOVERNOR_LISTEN_PROT: no key of that name; allowed: GOVERNOR_ and the path of a key in"
                + " capitals");
    assertThat(faults(GOOD, Map.of("GOVERNOR_LISTEN_PORT", "http")))
        .singleElement()
        .satisfies(
            text ->
                assertThat(text)
                    .startsWith("listen.port (GOVERNOR_LISTEN_PORT): got \"http\", allowed"));
  }

  @Test
  void yaml_malformed_isOneFaultWithItsLine() {
    assertThat(faults("node: { name: gw-1\nlisten: [\n"))
        .singleElement()
        .satisfies(text -> assertThat(text).matches("line 2: is not YAML: .*expected .*"));
    assertThat(faults("")).containsExactly("is empty");
    assertThat(faults("- 1\n")).anySatisfy(text -> assertThat(text).contains("got a list"));
  }

  @Test
  void yaml_readableInTwoWays_isAFault() {
    assertThat(faults(GOOD + "node: { name: gw-2 }\n"))
        .containsExactly("line 9: node: got it twice, allowed once");
    assertThat(faults(GOOD + "---\nnode: { name: gw-2 }\n"))
        .anySatisfy(text -> assertThat(text).contains("got a second document, allowed one"));
    assertThat(faults(GOOD.replace("/first }", "&here /first }").replace("/second }", "*here }")))
        .anySatisfy(text -> assertThat(text).contains("classes[1].match[0].path: got an alias"));
  }
}
