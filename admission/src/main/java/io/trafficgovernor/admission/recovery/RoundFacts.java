package io.trafficgovernor.admission.recovery;

import io.trafficgovernor.admission.control.Level;
import io.trafficgovernor.admission.control.Served;
import io.trafficgovernor.admission.control.Verdict;
import java.util.OptionalDouble;

/**
 * What the machine needs to know of a closed round.
 *
 * @param level where the controller went after it
 * @param ceilingBefore where it was in the round, tokens per second
 * @param demandPerSecond first attempts of all classes
 * @param errorShare share of errors over the last outcomes; empty while too few
 * @param unreachable whether enough nodes cannot connect to the backend
 * @param blame whom a red round hit
 * @param goodOutcomes useful answers in the round; probes are told apart
 * @param badOutcomes time-outs and unusual failures in the round
 * @param served how much of what came lately was answered
 */
public record RoundFacts(
    Verdict verdict,
    Level level,
    double ceilingBefore,
    double demandPerSecond,
    OptionalDouble errorShare,
    boolean unreachable,
    Failed.Blame blame,
    int goodOutcomes,
    int badOutcomes,
    Served served,
    long durationNanos,
    long endNanos) {}
