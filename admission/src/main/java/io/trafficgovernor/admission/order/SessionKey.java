package io.trafficgovernor.admission.order;

/**
 * Position of a request in the order of return: its class in the upper bits, the session's hash in
 * the lower 16. The same session has the same key on every node, so a user who got in once stays
 * in.
 */
public final class SessionKey {
  /** Keys of one class: hashes 0 to 65535. */
  public static final long PER_CLASS = 1L << 16;

  private SessionKey() {}

  /**
   * 64-bit hash of a session id (cookie, header or address). Stable across nodes and restarts; not
   * salted. Pure. Source: FNV-1a, finished by the 64-bit mixer of SplitMix.
   */
  public static long hash(String sessionId) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < sessionId.length(); i++) {
      hash = (hash ^ sessionId.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /**
   * Key of a request of class {@code rank} from the session with that hash, in [rank * 65536, (rank
   * + 1) * 65536). Class 0 is never ordered by session: its key is 0. The salt is drawn anew for
   * each incident, so that nobody is always last.
   */
  public static long of(int rank, long sessionHash, long incidentSalt) {
    return at(rank, mix(sessionHash ^ incidentSalt) >>> 48);
  }

  /**
   * Key of a request of class {@code rank} at that place among those of its class.
   *
   * @param position in [0, 65536)
   */
  public static long at(int rank, long position) {
    return rank == 0 ? 0 : rank * PER_CLASS + position;
  }

  static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
