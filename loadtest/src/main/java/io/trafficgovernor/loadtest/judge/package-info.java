/**
 * What a run must show, as pure functions of its record. Start at {@link
 * io.trafficgovernor.loadtest.judge.Judgement}.
 */
@NullMarked
package io.trafficgovernor.loadtest.judge;

import org.jspecify.annotations.NullMarked;
