/**
 * The written form of our records, for the grid and the disk. Start at {@link
 * io.trafficgovernor.cluster.wire.RecordCodec}.
 */
@NullMarked
package io.trafficgovernor.cluster.wire;

import org.jspecify.annotations.NullMarked;
