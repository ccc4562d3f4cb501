package io.trafficgovernor.admission.control;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The latency of one class when nothing is queued: the least mean over blocks of some seconds. The
 * newest block never expires. Immutable; a block that a newer one undercuts is dropped, so only a
 * handful live.
 *
 * @param blocks oldest first, each slower than the one before
 * @param openSinceNanos start of the block under way; meaningless while it is empty
 * @param openAnswers answers in the block under way
 * @param openLatencyNanos their summed latency
 */
public record BaseLatency(
    List<Block> blocks, long openSinceNanos, long openAnswers, long openLatencyNanos) {
  private static final int MIN_ANSWERS = 20;
  private static final long MIN_NANOS = 1_000_000_000L;

  public static final BaseLatency UNKNOWN = new BaseLatency(List.of(), 0, 0, 0);

  /** A finished block: its mean latency, and when it ceases to count. */
  public record Block(double seconds, long expiresNanos) {}

  public BaseLatency {
    blocks = List.copyOf(blocks);
  }

  /** The least mean of the blocks that live; empty before the first block. */
  public OptionalDouble seconds() {
    return blocks.stream().mapToDouble(Block::seconds).min();
  }

  /** With the answers of one more round; closes the block once it is long and full enough. */
  BaseLatency plus(Round round, Tally tally, long lifeNanos) {
    long since = openAnswers == 0 ? round.startNanos() : openSinceNanos;
    long answers = openAnswers + Math.round(tally.inRequests(tally.answers()));
    long latency = openLatencyNanos + Math.round(tally.inRequests(tally.latencyNanos()));
    BaseLatency grown = new BaseLatency(live(round.endNanos()), since, answers, latency);
    if (answers < MIN_ANSWERS || round.endNanos() - since < MIN_NANOS) {
      return grown;
    }
    return grown.withBlock(latency / 1e9 / answers, round.endNanos() + lifeNanos).withoutOpen();
  }

  /** With a block of that mean, measured by other means. */
  BaseLatency withBlock(double seconds, long expiresNanos) {
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      if (block.seconds() < seconds) {
        kept.add(block);
      }
    }
    kept.add(new Block(seconds, expiresNanos));
    return new BaseLatency(kept, openSinceNanos, openAnswers, openLatencyNanos);
  }

  /** Without the block under way: its answers were not typical. */
  BaseLatency withoutOpen() {
    return new BaseLatency(blocks, 0, 0, 0);
  }

  /** All blocks replaced by one: the backend itself became slower. */
  BaseLatency replaced(double seconds, long expiresNanos) {
    return new BaseLatency(List.of(new Block(seconds, expiresNanos)), 0, 0, 0);
  }

  private List<Block> live(long nowNanos) {
    List<Block> live = new ArrayList<>();
    for (int i = 0; i < blocks.size(); i++) {
      boolean newest = i == blocks.size() - 1;
      if (newest || blocks.get(i).expiresNanos() - nowNanos > 0) {
        live.add(blocks.get(i));
      }
    }
    return live;
  }
}
