package io.trafficgovernor.admission.recovery;

/**
 * State of the recovery machine.
 *
 * @param stay what is true of the present phase
 * @param memory what outlives it
 */
public record Recovery(Stay stay, Memory memory) {
  /** First boot, with no state to go by: cautious, and quickly over when the backend is well. */
  public static Recovery firstBoot(long nowNanos) {
    return new Recovery(Stay.in(Phase.PROBING, nowNanos), Memory.NONE);
  }

  public Phase phase() {
    return stay.phase();
  }

  /** After {@link Move.Effect.Advance} was carried out: an operator's hold is on that level now. */
  public Recovery advanced(double ceiling) {
    return stay.held() && stay.phase() == Phase.HOLD ? with(stay.capped(ceiling)) : this;
  }

  Recovery with(Stay next) {
    return new Recovery(next, memory);
  }

  Recovery with(Memory next) {
    return new Recovery(stay, next);
  }
}
