/**
 * Replays an incident on real processes: with the governor, without it, and once more at half the
 * load. Start at {@link io.trafficgovernor.loadtest.replay.ReplayCommand}.
 */
@NullMarked
package io.trafficgovernor.loadtest.replay;

import org.jspecify.annotations.NullMarked;
