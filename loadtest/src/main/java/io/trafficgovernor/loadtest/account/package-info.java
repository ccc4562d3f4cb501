/**
 * Holds what the nodes wrote down of their tokens against what reached the store, after the event
 * and without asking anybody. Start at {@link io.trafficgovernor.loadtest.account.Account}.
 */
@NullMarked
package io.trafficgovernor.loadtest.account;

import org.jspecify.annotations.NullMarked;
