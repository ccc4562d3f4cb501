/**
 * Who did what, when and why, in files that show when somebody changed them. Start at {@link
 * io.trafficgovernor.audit.AuditTrail}.
 */
@NullMarked
package io.trafficgovernor.audit;

import org.jspecify.annotations.NullMarked;
