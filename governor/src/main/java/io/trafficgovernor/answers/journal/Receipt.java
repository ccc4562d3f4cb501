package io.trafficgovernor.answers.journal;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * Where an acknowledged write stands.
 *
 * @param acceptedMillis since 1970
 * @param finishedMillis since 1970; 0 while it is queued
 * @param status the backend's answer to it; 0 while there is none
 */
public record Receipt(
    String id,
    String idempotencyKey,
    String className,
    State state,
    long acceptedMillis,
    long finishedMillis,
    int status) {
  public Receipt {
    requireNonNull(id, "id");
    requireNonNull(idempotencyKey, "idempotencyKey");
    requireNonNull(className, "className");
    requireNonNull(state, "state");
  }

  /** The same receipt in that state, come to at that time. */
  Receipt as(State now, long finished) {
    return new Receipt(id, idempotencyKey, className, now, acceptedMillis, finished, status);
  }

  /** What became of it. */
  public enum State {
    /** On disk; will be delivered. */
    QUEUED(0),
    /** The backend has taken it. */
    DELIVERED(1),
    /** The backend has answered that it will not take it. */
    REFUSED(2),
    /** It grew too old before the backend took it; it is not delivered any more. */
    EXPIRED(3),
    /** Its bytes on disk cannot be read; they are kept as they are, and not delivered. */
    UNREADABLE(4);

    private final int code;

    State(int code) {
      this.code = code;
    }

    /** What stands on disk. */
    int code() {
      return code;
    }

    static State of(int code) {
      for (State state : values()) {
        if (state.code == code) {
          return state;
        }
      }
      throw new IllegalArgumentException("state: got " + code + ", allowed 0 to 4");
    }

    /** The name in lower case. */
    public String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
