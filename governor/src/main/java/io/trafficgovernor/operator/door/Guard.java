package io.trafficgovernor.operator.door;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.config.GovernorConfig;
import io.trafficgovernor.config.GovernorConfig.Role;
import io.trafficgovernor.config.GovernorConfig.Token;
import io.trafficgovernor.config.pattern.Cidr;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in. A browser must not become the tool of a page of somebody else: where no token is
 * asked for, the address in the request must be one of this machine's (a name that was bent to
 * 127.0.0.1 is not), and a request that a page of another origin sent is refused always.
 */
public final class Guard {
  /** That may stand at once. */
  public static final int MAX_CONNECTIONS = Connections.MAX;

  private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8").orElseThrow();

  private final Tokens tokens;
  private final Connections connections = new Connections();
  private final boolean open;
  private final String ownHost;

  /** Of the port that is configured so. */
  public Guard(GovernorConfig.Operator operator) {
    this.tokens = new Tokens(operator.tokens());
    this.open = operator.tokens().isEmpty();
    this.ownHost = requireNonNull(operator.host(), "host");
  }

  /** A new connection; it may be closed for it, or another one. */
  public void opened(HttpConnection connection) {
    connections.opened(connection);
  }

  /** A request came on that connection. */
  public void used(HttpConnection connection) {
    connections.used(connection);
  }

  /** For every route but health: lets the request go on, or answers it. */
  public void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    HostAndPort authority = request.authority();
    String host = authority == null ? "" : authority.host();
    if (open && !known(host)) {
      new Problem(
              403,
              "not for this host",
              "Host: got " + host + ", allowed without tokens: a loopback address or " + ownHost)
          .answer(context.response());
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null && !sameOrigin(origin, request.getHeader("Host"))) {
      new Problem(
              403,
              "not from this origin",
              "Origin: got " + origin + ", allowed: none, or the one of this API")
          .answer(context.response());
      return;
    }
    context.next();
  }

  private boolean known(String host) {
    return host.equals("localhost")
        || host.equals(ownHost)
        || host.equals("[::1]")
        || host.equals("::1")
        || LOOPBACK.contains(host);
  }

  private static boolean sameOrigin(String origin, @Nullable String host) {
    return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
  }

  /** Runs what is asked for if the sender's role allows it; answers 401 or 403 otherwise. */
  public void permitted(RoutingContext context, Role needed, Consumer<Token> then) {
    Optional<Token> who = tokens.holder(context.request().getHeader("Authorization"));
    if (who.isEmpty()) {
      new Problem(
              401,
              "who are you?",
              "Authorization: got no known token, allowed Bearer and a token of the configuration")
          .answer(context.response());
    } else if (who.get().role().compareTo(needed) < 0) {
      new Problem(
              403,
              "not your role",
              "role of "
                  + who.get().name()
                  + ": got "
                  + who.get().role()
                  + ", allowed "
                  + needed
                  + " or more")
          .answer(context.response());
    } else {
      connections.permitted(context.request().connection());
      then.accept(who.get());
    }
  }
}
