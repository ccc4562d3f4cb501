package io.trafficgovernor.config.pattern;

import io.netty.util.NetUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or a single address. Immutable; never
 * asks a name server.
 */
public final class Cidr {
  private final byte[] network;
  private final int bits;

  private Cidr(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /** The range written so; empty if it is malformed. Pure. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    byte @Nullable [] network = bytes(slash < 0 ? text : text.substring(0, slash));
    if (network == null) {
      return Optional.empty();
    }
    String length = slash < 0 ? String.valueOf(network.length * 8) : text.substring(slash + 1);
    if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > network.length * 8) {
      return Optional.empty();
    }
    return Optional.of(new Cidr(network, Integer.parseInt(length)));
  }

  private static byte @Nullable [] bytes(String address) {
    return NetUtil.createByteArrayFromIpAddressString(address);
  }

  /** Whether that address, in numbers, lies in the range; false if it is no address. Pure. */
  public boolean contains(String address) {
    byte @Nullable [] candidate = bytes(address);
    if (candidate == null || candidate.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((candidate[bit / 8] & mask) != (network[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return NetUtil.bytesToIpAddress(network) + "/" + bits;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Cidr cidr && cidr.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }
}
