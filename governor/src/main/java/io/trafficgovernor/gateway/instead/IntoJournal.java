package io.trafficgovernor.gateway.instead;

import static java.util.Objects.requireNonNull;

import io.trafficgovernor.admission.WallClock;
import io.trafficgovernor.answers.Degraded;
import io.trafficgovernor.answers.journal.JournaledWrite;
import io.trafficgovernor.answers.journal.Receipt;
import io.trafficgovernor.answers.journal.WriteJournal;
import io.trafficgovernor.answers.journal.WriteJournal.Accepted;
import io.trafficgovernor.gateway.instead.FromCache.Count;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts writes of a class into the journal instead of refusing them. One for a class and an event
 * loop; confined to it. What blocks happens on the journal's thread.
 */
final class IntoJournal {
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final Set<String> WRITES = Set.of("PUT", "POST", "PATCH", "DELETE");

  /** Doing them twice does no more than doing them once. */
  private static final Set<String> IDEMPOTENT = Set.of("PUT", "DELETE");

  private static final int ID_BYTES = 16;
  private static final int MAX_KEY = 256;

  /** As of uploads: who is slower does not get on. */
  private static final long MIN_BYTES_PER_SECOND = 32 * 1024;

  private final Setting setting;
  private final SecureRandom random = new SecureRandom();

  /**
   * What all writes of a class on one event loop share.
   *
   * @param timeoutMillis the class's
   */
  record Setting(
      Context context,
      WriteJournal journal,
      Receipts receipts,
      String className,
      long timeoutMillis,
      int maxBody,
      WallClock wall,
      Count count) {}

  IntoJournal(Setting setting) {
    this.setting = requireNonNull(setting, "setting");
  }

  /** What a write writes to: writes to the same are kept in order. */
  static String target(Asker.Asked asked) {
    String uri = asked.target().uri();
    int query = uri.indexOf('?');
    return asked.target().authority() + (query < 0 ? uri : uri.substring(0, query));
  }

  /**
   * Whether a request can be taken.
   *
   * @param sent whether the backend may have begun with it: then only what may be done twice, or
   *     carries a key by which the backend knows it again
   */
  boolean takes(Asker.Asked asked, boolean sent) {
    String method = asked.request().method().name();
    String key = asked.request().getHeader(IDEMPOTENCY_KEY);
    return WRITES.contains(method)
        && (key == null || key.length() <= MAX_KEY)
        && (!sent || IDEMPOTENT.contains(method) || key != null);
  }

  /** Whether a write would overtake one that waits in the journal. */
  boolean queuesBehind(Asker.Asked asked) {
    return WRITES.contains(asked.request().method().name())
        && setting.journal().waiting(target(asked));
  }

  /** Puts it on disk, then tells the client; the rest is the refusal's. */
  void accept(Asker.Asked asked, Asker asker, String reason, Runnable otherwise) {
    new Taking(asked, asker, reason, otherwise).begin();
  }

  /** One write on its way: its body, then the disk, both within one time. */
  private final class Taking {
    private final Asker.Asked asked;
    private final Asker asker;
    private final String reason;
    private final Runnable otherwise;
    private long timer;
    private boolean bodyRead;
    private boolean over;

    private Taking(Asker.Asked asked, Asker asker, String reason, Runnable otherwise) {
      this.asked = asked;
      this.asker = asker;
      this.reason = reason;
      this.otherwise = otherwise;
    }

    private void begin() {
      timer = setting.context().owner().setTimer(mostMillis(), ignored -> late());
      asker.body(setting.maxBody(), this::read);
    }

    /** The class's time-out, and what the slowest client may need for the body. */
    private long mostMillis() {
      return setting.timeoutMillis() + setting.maxBody() * 1000L / MIN_BYTES_PER_SECOND;
    }

    private void read(@Nullable Buffer body) {
      bodyRead = true;
      if (over || asker.over()) {
        end();
      } else if (body == null) {
        end();
        otherwise.run();
      } else {
        var unused =
            setting
                .journal()
                .accept(write(asked, asker, body))
                .thenAccept(
                    accepted -> setting.context().runOnContext(ignored -> onDisk(accepted)));
      }
    }

    private void onDisk(Accepted accepted) {
      if (!over) {
        end();
        told(accepted, asked, asker, reason, otherwise);
      }
    }

    private void late() {
      if (!over) {
        end();
        if (!asker.over()) {
          asker.late(bodyRead);
        }
      }
    }

    private void end() {
      over = true;
      setting.context().owner().cancelTimer(timer);
    }
  }

  private JournaledWrite write(Asker.Asked asked, Asker asker, Buffer body) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    asker.headers(headers);
    headers.remove(HttpHeaders.EXPECT).remove(HttpHeaders.CONTENT_LENGTH);
    String id = setting.receipts().newId(random(ID_BYTES));
    @Nullable String given = headers.get(IDEMPOTENCY_KEY);
    String key = given == null || given.isEmpty() ? id : given;
    headers.set(IDEMPOTENCY_KEY, key);
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    headers.forEach(field -> fields.add(Map.entry(field.getKey(), field.getValue())));
    String method = asked.request().method().name();
    return new JournaledWrite(
        id,
        asked.client(),
        key,
        print(method, asked.target().authority() + asked.target().uri(), body),
        target(asked),
        setting.className(),
        method,
        asked.target().uri(),
        fields,
        body,
        setting.wall().millis());
  }

  private String random(int bytes) {
    byte[] all = new byte[bytes];
    random.nextBytes(all);
    return HexFormat.of().formatHex(all);
  }

  /** 64 bits of what is asked for. */
  private static long print(String method, String uri, Buffer body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((method + ' ' + uri + '\n').getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest.digest(body.getBytes())).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void told(
      Accepted accepted, Asker.Asked asked, Asker asker, String reason, Runnable otherwise) {
    if (asker.over()) {
      return;
    }
    HttpServerResponse response = asked.request().response();
    if (accepted instanceof Accepted.OnDisk onDisk) {
      setting.count().degraded(Degraded.JOURNALED);
      asker.prepare();
      response.putHeader("Governor-Degraded", Degraded.JOURNALED.tag());
      response.putHeader("Governor-Class", setting.className());
      response.putHeader("Governor-Reason", reason);
      Receipt receipt = onDisk.receipt();
      response.putHeader(HttpHeaders.LOCATION, Receipts.PATH + receipt.id());
      setting.receipts().write(response, 202, receipt);
    } else if (accepted instanceof Accepted.OtherWrite) {
      asker.prepare();
      Receipts.problem(
          response, 422, "key used", "Idempotency-Key: was used for another write before");
    } else {
      otherwise.run();
    }
  }
}
