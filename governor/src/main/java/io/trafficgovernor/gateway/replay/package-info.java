/**
 * Delivers journaled writes once the backend takes writes again. Start at {@link
 * io.trafficgovernor.gateway.replay.JournalReplay}; when that is so is said by {@link
 * io.trafficgovernor.gateway.replay.GreenLight}.
 */
@NullMarked
package io.trafficgovernor.gateway.replay;

import org.jspecify.annotations.NullMarked;
