/**
 * What simulations have shown, as files: {@code result.json} for programs, {@code result.md} for
 * reviews, {@code index.html} with plots for people. Start at {@link
 * io.trafficgovernor.loadtest.proof.Proof}.
 */
@NullMarked
package io.trafficgovernor.loadtest.proof;

import org.jspecify.annotations.NullMarked;
