package io.trafficgovernor.admission.herd;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafficgovernor.admission.herd.ReturnTickets.Holder;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReturnTicketsTest {
  private static final Holder HOLDER = new Holder(2, 42, 7);
  private static final long AT = 1_790_000_000_000L;

  private final ReturnTickets tickets = new ReturnTickets(Optional.of("a secret of the cluster"));
  private final String ticket = tickets.issue(HOLDER, AT);

  @Test
  void due_inItsTime() {
    assertThat(ticket).hasSize(32).matches("[A-Za-z0-9_-]+");
    assertThat(tickets.due(ticket, HOLDER, AT)).isTrue();
    assertThat(tickets.due(ticket, HOLDER, AT - ReturnTickets.EARLY_MILLIS)).isTrue();
    assertThat(tickets.due(ticket, HOLDER, AT + ReturnTickets.GOOD_MILLIS)).isTrue();
  }

  @Test
  void due_neitherEarlyNorLate() {
    assertThat(tickets.due(ticket, HOLDER, AT - ReturnTickets.EARLY_MILLIS - 1)).isFalse();
    assertThat(tickets.due(ticket, HOLDER, AT + ReturnTickets.GOOD_MILLIS + 1)).isFalse();
  }

  @Test
  void due_onEveryNode() {
    ReturnTickets other = new ReturnTickets(Optional.of("a secret of the cluster"));
    assertThat(other.due(ticket, HOLDER, AT)).isTrue();
    ReturnTickets stranger = new ReturnTickets(Optional.of("another secret"));
    assertThat(stranger.due(ticket, HOLDER, AT)).isFalse();
  }

  @Test
  void due_forItsHolderOnly() {
    assertThat(tickets.due(ticket, new Holder(1, 42, 7), AT)).isFalse();
    assertThat(tickets.due(ticket, new Holder(2, 43, 7), AT)).isFalse();
    assertThat(tickets.due(ticket, new Holder(2, 42, 8), AT)).as("next incident").isFalse();
  }

  @Test
  void due_withoutASecretByTheIncident() {
    ReturnTickets derived = new ReturnTickets(Optional.empty());
    String own = derived.issue(HOLDER, AT);
    assertThat(new ReturnTickets(Optional.empty()).due(own, HOLDER, AT)).isTrue();
    assertThat(derived.due(own, new Holder(2, 42, 8), AT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "================================",
        "................................",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
      })
  void due_notForAnythingElse(String text) {
    assertThat(tickets.due(text, HOLDER, AT)).isFalse();
  }

  @Test
  void due_notWhenAnyBitIsChanged() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      char[] forged = ticket.toCharArray();
      int at = random.nextInt(forged.length);
      char other = (char) ('A' + random.nextInt(26));
      if (forged[at] != other) {
        forged[at] = other;
        assertThat(tickets.due(new String(forged), HOLDER, AT)).isFalse();
      }
    }
  }
}
