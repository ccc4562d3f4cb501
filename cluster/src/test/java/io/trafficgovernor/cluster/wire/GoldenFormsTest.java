package io.trafficgovernor.cluster.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.lease.Grant;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The written forms of renewal, answer and ledger, one file for each generation of them. A released
 * generation is read for ever. Whoever adds a component (at the end, nowhere else) adds a
 * generation: {@link #main} prints it.
 */
final class GoldenFormsTest {
  private static final int LATEST = 8;
  private static final int CLASSES = 3;
  private static final long TICK = 100_000_000L;

  /** The codec writes records only. */
  private record Answer(GrantReply reply) {}

  private static final Ledger LEDGER =
      new Ledger(
          new LedgerSettings(
              Classes.chain(CLASSES), 500, 3, RampMode.AUTO, new RampPlan.Adaptive()));

  private static byte[] form(int generation, String name) {
    try (InputStream file =
        requireNonNull(
            GoldenFormsTest.class.getResourceAsStream("/wire/generation-" + generation + ".txt"),
            "generation " + generation)) {
      Properties forms = new Properties();
      forms.load(new StringReader(new String(file.readAllBytes(), UTF_8)));
      return HexFormat.of().parseHex(forms.getProperty(name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyGeneration_isRead(int generation) {
    Renewal renewal = RecordCodec.read(Renewal.class, form(generation, "renewal"));
    assertThat(renewal.node()).isEqualTo("b");
    assertThat(renewal.sequence()).isEqualTo(41);
    assertThat(renewal.report().classes()).hasSize(CLASSES);
    assertThat(renewal.report().classes().get(2).firstAttempts()).isEqualTo(5 * 41);
    GrantReply reply = RecordCodec.read(Answer.class, form(generation, "answer")).reply();
    Grant grant = ((GrantReply.Granted) reply).grant();
    assertThat(grant.ratePerSecond()).isPositive();
    assertThat(grant.lengthNanos()).isEqualTo(1_000_000_000L);
    assertThat(grant.cluster().phase()).isEqualTo(Phase.RAMPING);
    LedgerState state = RecordCodec.read(LedgerState.class, form(generation, "ledger"));
    assertThat(state.nodes().keySet()).containsExactly("a", "b");
    assertThat(state.recovery().phase()).isEqualTo(Phase.RAMPING);
    assertThat(state.view(List.of(), List.of()).ceilingPerSecond()).isPositive();
  }

  /** What a released version left behind is where the present one goes on. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyGeneration_isGoneOnWith(int generation) {
    LedgerState state = RecordCodec.read(LedgerState.class, form(generation, "ledger"));
    Renewal renewal = RecordCodec.read(Renewal.class, form(generation, "renewal"));
    Ledger.Renewed renewed =
        LEDGER.renew(state, renewal, new Owner("o", renewal.sentNanos() + TICK, 5));
    assertThat(renewed.reply()).isInstanceOf(GrantReply.Granted.class);
    assertThat(renewed.state().authority().epoch()).isEqualTo(state.authority().epoch());
    assertThat(renewed.state().recovery().phase()).isEqualTo(Phase.RAMPING);
    assertThat(renewed.state().view(List.of(), List.of()).ceilingPerSecond())
        .isLessThanOrEqualTo(2 * state.view(List.of(), List.of()).ceilingPerSecond());
  }

  @Test
  void latest_isWhatIsWritten() {
    Renewal renewal = RecordCodec.read(Renewal.class, form(LATEST, "renewal"));
    Answer answer = RecordCodec.read(Answer.class, form(LATEST, "answer"));
    LedgerState state = RecordCodec.read(LedgerState.class, form(LATEST, "ledger"));
    assertThat(hex(RecordCodec.write(renewal))).isEqualTo(hex(form(LATEST, "renewal")));
    assertThat(hex(RecordCodec.write(answer))).isEqualTo(hex(form(LATEST, "answer")));
    assertThat(hex(RecordCodec.write(state))).isEqualTo(hex(form(LATEST, "ledger")));
  }

  /**
   * A node of the next version renews at an owner of this one, and the ledger comes back from an
   * owner of the next one: neither stops the other, and no epoch is broken.
   */
  @Test
  void thisAndTheNextVersion_shareALedger() {
    Renewals older = new Renewals("a", CLASSES);
    Renewals newer = new Renewals("b", CLASSES);
    LedgerState state = null;
    long epoch = 0;
    double highest = 0;
    for (long tick = 0; tick < 100; tick++) {
      boolean next = tick % 2 == 1;
      Renewal sent = (next ? newer : older).next(tick * TICK);
      byte[] order = RecordCodec.write(sent);
      Renewal renewal = RecordCodec.read(Renewal.class, next ? grown(order) : order);
      assertThat(renewal).isEqualTo(sent);
      Ledger.Renewed renewed = LEDGER.renew(state, renewal, new Owner("o", tick * TICK, 5));
      byte[] answer = RecordCodec.write(new Answer(renewed.reply()));
      GrantReply reply = RecordCodec.read(Answer.class, answer).reply();
      Grant grant = ((GrantReply.Granted) reply).grant();
      (next ? newer : older).hold(grant);
      // the entry changes hands, now and then to an owner of the next version
      byte[] entry = RecordCodec.write(renewed.state());
      state = RecordCodec.read(LedgerState.class, tick % 3 == 0 ? grown(entry) : entry);
      assertThat(state).isEqualTo(renewed.state());
      assertThat(state.authority().epoch()).isGreaterThanOrEqualTo(epoch);
      epoch = state.authority().epoch();
      highest = Math.max(highest, grant.ratePerSecond());
    }
    assertThat(highest).as("both were granted to").isPositive();
    assertThat(requireNonNull(state).nodes().keySet()).containsExactly("a", "b");
  }

  /** The negative control: what is added anywhere but at the end is not understood. */
  @Test
  void whatIsAddedInFront_isNotUnderstood() {
    Renewal sent = new Renewals("a", CLASSES).next(TICK);
    byte[] bytes = grown(RecordCodec.write(sent));
    byte[] shifted = bytes.clone();
    int body = bytes.length - 8 - (bytes.length - 8 - header(bytes));
    System.arraycopy(bytes, body, shifted, body + 8, bytes.length - body - 8);
    Arrays.fill(shifted, body, body + 8, (byte) 0);
    @Nullable Renewal read = null;
    try {
      read = RecordCodec.read(Renewal.class, shifted);
    } catch (RecordCodec.Unreadable expected) {
      assertThat(expected).hasMessageContaining("Renewal");
    }
    assertThat(read).isNotEqualTo(sent);
  }

  /**
   * As a later version writes it: the outer record has one more component, a number, at its end.
   */
  private static byte[] grown(byte[] bytes) {
    int header = header(bytes);
    long[] counts = new long[2];
    int at = 1;
    for (int i = 0; i < counts.length; i++) {
      int shift = 0;
      do {
        counts[i] |= (bytes[at] & 0x7fL) << shift;
        shift += 7;
      } while (bytes[at++] < 0);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes[0]);
    // zigzag: a positive number is twice itself
    number(out, counts[0] + 2);
    number(out, counts[1] + 2 * Double.BYTES);
    out.write(bytes, header, bytes.length - header);
    out.writeBytes(new byte[] {64, 9, 33, -5, 84, 68, 45, 24});
    return out.toByteArray();
  }

  /** Where the components begin: after the version, their count and their length. */
  private static int header(byte[] bytes) {
    int at = 1;
    for (int number = 0; number < 2; number++) {
      while (bytes[at++] < 0) {
        // the number goes on
      }
    }
    return at;
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Prints the forms of a ledger in its ramp: a new generation's file. */
  public static void main(String[] none) {
    Renewals a = new Renewals("a", CLASSES);
    Renewals b = new Renewals("b", CLASSES);
    LedgerState state = null;
    for (long tick = 0; tick < 40; tick++) {
      for (Renewals each : new Renewals[] {a, b}) {
        Renewal renewal = each.next(tick * TICK);
        Ledger.Renewed renewed = LEDGER.renew(state, renewal, new Owner("o", tick * TICK, 5));
        each.hold(((GrantReply.Granted) renewed.reply()).grant());
        state = renewed.state();
      }
    }
    Renewal last = b.next(40 * TICK);
    GrantReply reply = LEDGER.renew(state, last, new Owner("o", 40 * TICK, 5)).reply();
    System.out.println("renewal=" + hex(RecordCodec.write(last)));
    System.out.println("answer=" + hex(RecordCodec.write(new Answer(reply))));
    System.out.println("ledger=" + hex(RecordCodec.write(requireNonNull(state))));
  }
}
