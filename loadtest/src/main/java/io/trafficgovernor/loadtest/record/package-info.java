/**
 * What a run leaves behind, as plain columns and samples: checks and plots are made from it
 * afterwards. All instants are nanoseconds of the one monotonic clock that the processes of a host
 * share. Start at {@link io.trafficgovernor.loadtest.record.RunRecord}.
 */
@NullMarked
package io.trafficgovernor.loadtest.record;

import org.jspecify.annotations.NullMarked;
