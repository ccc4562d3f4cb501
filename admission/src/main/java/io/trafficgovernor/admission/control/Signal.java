package io.trafficgovernor.admission.control;

/** What makes a round red. */
public enum Signal {
  /** The backend refuses: 3 refusals or more, and over 2 % of the outcomes. */
  FAST,
  /** Over 10 % time-outs or over 50 % unusual failures, of at least 20 outcomes. */
  HARD,
  /** Nothing came back for half a second in which 20 answers were due. */
  STALL
}
