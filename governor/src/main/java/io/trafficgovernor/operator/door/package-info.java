/**
 * Who may come in by the operator's port, and how he is answered. Start at {@link
 * io.trafficgovernor.operator.door.Guard}.
 */
@NullMarked
package io.trafficgovernor.operator.door;

import org.jspecify.annotations.NullMarked;
