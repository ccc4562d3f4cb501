/**
 * Whose turn it is: a key for each request, and the cutoff above which a key waits. A key that is
 * many users' is taken apart ({@code HeavyKeys}). Start at {@link
 * io.trafficgovernor.admission.order.Cutoff}.
 */
@NullMarked
package io.trafficgovernor.admission.order;

import org.jspecify.annotations.NullMarked;
