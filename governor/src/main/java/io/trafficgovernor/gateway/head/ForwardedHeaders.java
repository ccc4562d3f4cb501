package io.trafficgovernor.gateway.head;

import io.trafficgovernor.config.pattern.Cidr;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the backend is told of the client. A trusted proxy's {@code X-Forwarded-*}, {@code
 * X-Real-IP} and {@code Forwarded} are believed and continued; a stranger's are taken out, and the
 * first three of {@code X-Forwarded-} are written anew. {@code Forwarded} is continued, never
 * begun. Immutable, thread-safe. Source: RFC 7239; RFC 9110 section 7.6.3 for {@code Via}.
 */
public final class ForwardedHeaders {
  private static final String FOR = "X-Forwarded-For";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";
  private static final String FORWARDED = "Forwarded";
  private static final String VIA = "Via";

  /** Everything that begins so is a proxy's word: -For, -Port, -Prefix and what others invent. */
  private static final String FORWARDED_PREFIX = "X-Forwarded-";

  /** Other names under which backends read the client's address. */
  private static final List<String> ADDRESSES =
      List.of("X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP");

  private final List<Cidr> trusted;
  private final String node;

  /** Believes those peers, and signs as that node. */
  public ForwardedHeaders(List<Cidr> trusted, String node) {
    this.trusted = List.copyOf(trusted);
    this.node = node;
  }

  /** The address of the client: of the first one, seen from here, that is no trusted proxy. */
  public String client(HttpServerRequest request) {
    String peer = peer(request);
    if (!trusts(peer)) {
      return peer;
    }
    String client = peer;
    List<String> lines = request.headers().getAll(FOR);
    for (int line = lines.size() - 1; line >= 0; line--) {
      String[] hops = lines.get(line).split(",", -1);
      for (int hop = hops.length - 1; hop >= 0; hop--) {
        client = hops[hop].trim();
        if (!trusts(client)) {
          return client;
        }
      }
    }
    return client;
  }

  /** Copies what is meant for the backend, without what a stranger says of his way here. */
  public void copy(HttpServerRequest request, MultiMap out) {
    if (trusts(peer(request))) {
      EndToEnd.copy(request.headers(), out);
    } else {
      EndToEnd.copy(request.headers(), out, ForwardedHeaders::claim);
    }
  }

  /** Completes the headers of a request that were {@linkplain #copy copied}. */
  public void write(HttpServerRequest request, RequestTarget target, MultiMap out) {
    String peer = peer(request);
    boolean known = trusts(peer);
    append(out, VIA, received(request.version()) + node);
    if (known) {
      append(out, FOR, peer);
      if (out.contains(FORWARDED)) {
        append(out, FORWARDED, element(peer, target, request));
      }
    } else {
      out.set(FOR, peer);
    }
    if (!known || !out.contains(PROTO)) {
      out.set(PROTO, request.isSSL() ? "https" : "http");
    }
    if (!known || !out.contains(HOST)) {
      out.set(HOST, target.authority());
    }
  }

  /** Whether only a proxy may say that; backends that know headers as variables read _ as -. */
  private static boolean claim(String name) {
    String read = name.indexOf('_') < 0 ? name : name.replace('_', '-');
    return switch (read.isEmpty() ? ' ' : read.charAt(0)) {
      case 'X', 'x', 'T', 't' ->
          read.regionMatches(true, 0, FORWARDED_PREFIX, 0, FORWARDED_PREFIX.length())
              || address(read);
      case 'F', 'f' -> read.equalsIgnoreCase(FORWARDED);
      default -> false;
    };
  }

  private static boolean address(String name) {
    for (String each : ADDRESSES) {
      if (each.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  private static String received(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "1.0 ";
      case HTTP_1_1 -> "1.1 ";
      case HTTP_2 -> "2.0 ";
      case HTTP_3 -> "3.0 ";
    };
  }

  private boolean trusts(String address) {
    for (Cidr range : trusted) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static String peer(HttpServerRequest request) {
    @Nullable String address =
        request.remoteAddress() == null ? null : request.remoteAddress().hostAddress();
    return address == null ? "unknown" : address;
  }

  private static void append(MultiMap out, String name, String value) {
    if (out.contains(name)) {
      out.set(name, String.join(", ", out.getAll(name)) + ", " + value);
    } else {
      out.set(name, value);
    }
  }

  private static String element(String peer, RequestTarget target, HttpServerRequest request) {
    String node = peer.indexOf(':') < 0 ? peer : "\"[" + peer + "]\"";
    return "for="
        + node
        + ";host=\""
        + target.authority()
        + "\";proto="
        + (request.isSSL() ? "https" : "http");
  }
}
