package io.trafficgovernor.answers.journal;

import java.sql.SQLException;

/** Tells a row that is damaged from a disk that fails: the one concerns nobody else. */
final class Damage {
  /** SQLITE_CORRUPT; what stands in the bits above tells only where it was found. */
  private static final int CORRUPT = 11;

  private static final int PRIMARY_BITS = 0xff;

  private Damage() {}

  /**
   * Whether that failure is of the row at hand. A statement that writes may have lost the
   * transaction with it, one that reads has not.
   */
  static boolean is(Exception failure) {
    return failure instanceof SQLException cause
        ? (cause.getErrorCode() & PRIMARY_BITS) == CORRUPT
        : failure instanceof RuntimeException;
  }
}
