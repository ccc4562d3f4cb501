package io.trafficgovernor.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafficgovernor.admission.lease.GrantReply;
import io.trafficgovernor.admission.lease.Renewal;
import io.trafficgovernor.admission.ledger.Ledger;
import io.trafficgovernor.admission.ledger.LedgerSettings;
import io.trafficgovernor.admission.ledger.LedgerState;
import io.trafficgovernor.admission.ledger.Owner;
import io.trafficgovernor.admission.ramp.RampPlan;
import io.trafficgovernor.admission.recovery.Phase;
import io.trafficgovernor.admission.recovery.RampMode;
import io.trafficgovernor.admission.testing.Classes;
import io.trafficgovernor.cluster.testing.Renewals;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordCodecTest {
  private enum Colour {
    RED,
    GREEN
  }

  private sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Square(double side, String name) implements Shape {}
  }

  private record Everything(
      boolean bool,
      int small,
      long big,
      double real,
      String text,
      Colour colour,
      Shape shape,
      List<Double> reals,
      Map<String, Shape.Circle> circles,
      Optional<String> maybe,
      OptionalLong maybeLong) {}

  private static final Everything SAMPLE =
      new Everything(
          true,
          -7,
          1L << 40,
          0.1,
          "wörter",
          Colour.GREEN,
          new Shape.Square(2, "s"),
          List.of(1.0, -2.5),
          Map.of("a", new Shape.Circle(1), "b", new Shape.Circle(2)),
          Optional.of("x"),
          OptionalLong.empty());

  @Test
  void read_givesBackWhatWasWritten() {
    assertThat(RecordCodec.read(Everything.class, RecordCodec.write(SAMPLE))).isEqualTo(SAMPLE);
  }

  /** The written form is a contract between versions: whoever changes it must mean to. */
  @Test
  void write_goldenBytes() {
    String hex = HexFormat.of().formatHex(RecordCodec.write(SAMPLE));
    assertThat(hex)
        .isEqualTo(
            "0116ce01010d8080808080403fb999999999999a000777c3b672746572000547"
                + "5245454e000653717561726504164000000000000000000173043ff000000000"
                + "0000c0040000000000000400016102103ff00000000000000001620210400000"
                + "0000000000010001780000");
  }

  private record Older(boolean bool, int small) {}

  private record Newer(boolean bool, int small, double more, Optional<String> text) {}

  @Test
  void read_anOlderReaderSkipsWhatItDoesNotKnow() {
    byte[] bytes = RecordCodec.write(new Newer(true, 5, 1.5, Optional.of("new")));
    assertThat(RecordCodec.read(Older.class, bytes)).isEqualTo(new Older(true, 5));
  }

  @Test
  void read_aNewerReaderFillsInWhatIsMissing() {
    byte[] bytes = RecordCodec.write(new Older(true, 5));
    assertThat(RecordCodec.read(Newer.class, bytes))
        .isEqualTo(new Newer(true, 5, 0, Optional.empty()));
  }

  private record Part(double real, List<String> texts) {}

  private record Grown(boolean bool, int small, Part part) {}

  @Test
  void read_aNewerReaderFillsInAWholeRecord() {
    byte[] bytes = RecordCodec.write(new Older(true, 5));
    assertThat(RecordCodec.read(Grown.class, bytes))
        .isEqualTo(new Grown(true, 5, new Part(0, List.of())));
  }

  private record Coloured(boolean bool, int small, Colour colour) {}

  /** What has no value that means nothing cannot be added. */
  @Test
  void read_aMissingConstantIsAFault() {
    byte[] bytes = RecordCodec.write(new Older(true, 5));
    assertThatThrownBy(() -> RecordCodec.read(Coloured.class, bytes))
        .isInstanceOf(RecordCodec.Unreadable.class)
        .hasMessageContaining("is missing and has no default");
  }

  @Test
  void read_refusesAnotherVersion() {
    byte[] bytes = RecordCodec.write(SAMPLE);
    bytes[0] = 9;
    assertThatThrownBy(() -> RecordCodec.read(Everything.class, bytes))
        .isInstanceOf(RecordCodec.Unreadable.class)
        .hasMessageContaining("version: got 9, allowed 1");
  }

  @Test
  void read_damagedBytesNeverEscapeAsSomethingElse() {
    byte[] bytes = RecordCodec.write(SAMPLE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] torn = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RecordCodec.read(Everything.class, torn))
          .isInstanceOf(RecordCodec.Unreadable.class);
    }
    for (int at = 1; at < bytes.length; at++) {
      byte[] flipped = bytes.clone();
      flipped[at] ^= 0x55;
      try {
        RecordCodec.read(Everything.class, flipped);
      } catch (RecordCodec.Unreadable expected) {
        assertThat(expected).hasMessageNotContaining("OutOfMemory");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 63, 64, -64, -65, 8191, Long.MAX_VALUE})
  void read_numbersOfEverySize(long number) {
    Everything of =
        new Everything(
            false,
            0,
            number,
            0,
            "",
            Colour.RED,
            new Shape.Circle(0),
            List.of(),
            Map.of(),
            Optional.empty(),
            OptionalLong.of(-number));
    assertThat(RecordCodec.read(Everything.class, RecordCodec.write(of))).isEqualTo(of);
  }

  /** The real thing: a ledger in every phase of a short life survives the wire. */
  @Test
  void read_ledgersOfALife() {
    Ledger ledger =
        new Ledger(
            new LedgerSettings(Classes.chain(3), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));
    Renewals node = new Renewals("a", 3);
    LedgerState state = null;
    boolean opened = false;
    for (long tick = 0; tick < 200; tick++) {
      Renewal renewal = node.next(tick * 100_000_000L);
      state = stepped(ledger, state, renewal, node);
      opened |= state.recovery().phase() == Phase.OPEN;
      byte[] bytes = RecordCodec.write(state);
      assertThat(RecordCodec.read(LedgerState.class, bytes)).isEqualTo(state);
      assertThat(bytes.length).isLessThan(10_000);
      assertThat(RecordCodec.read(Renewal.class, RecordCodec.write(renewal))).isEqualTo(renewal);
    }
    assertThat(opened).isTrue();
  }

  private static LedgerState stepped(
      Ledger ledger, @Nullable LedgerState state, Renewal renewal, Renewals node) {
    var renewed = ledger.renew(state, renewal, new Owner("o", renewal.sentNanos(), 5));
    node.hold(((GrantReply.Granted) renewed.reply()).grant());
    return renewed.state();
  }
}
