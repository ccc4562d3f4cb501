package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * A write as it will be delivered.
 *
 * @param id of its receipt; nobody can guess it
 * @param client who sent it, as a hash: keys of different clients are different keys
 * @param idempotencyKey the client's, or one made for it; the same in every delivery
 * @param print hash of what is asked for: the same key with another print is a mistake
 * @param target what it writes to; writes to one target are delivered in the order of their
 *     receipts
 * @param className of its class
 * @param headers as they will be sent, in order
 * @param body not to be changed
 * @param acceptedMillis since 1970
 */
public record JournaledWrite(
    String id,
    long client,
    String idempotencyKey,
    long print,
    String target,
    String className,
    String method,
    String uri,
    List<Map.Entry<String, String>> headers,
    Buffer body,
    long acceptedMillis) {
  /** What a row costs beside its texts. */
  private static final int OVERHEAD_BYTES = 512;

  public JournaledWrite {
    requireNonNull(id, "id");
    requireNonNull(idempotencyKey, "idempotencyKey");
    requireNonNull(target, "target");
    requireNonNull(className, "className");
    requireNonNull(method, "method");
    requireNonNull(uri, "uri");
    headers = List.copyOf(headers);
    requireNonNull(body, "body");
  }

  /** What it counts against the bound, in bytes. */
  long bytes() {
    long text = 2L * (uri.length() + target.length() + idempotencyKey.length());
    for (Map.Entry<String, String> header : headers) {
      text += header.getKey().length() + header.getValue().length() + 8L;
    }
    return OVERHEAD_BYTES + text + body.length();
  }
}
