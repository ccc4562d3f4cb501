/**
 * The figures of simulated runs: a log is kept while one goes, and measured when it is over. Start
 * at {@link io.trafficgovernor.loadtest.measure.Figures}.
 */
@NullMarked
package io.trafficgovernor.loadtest.measure;

import org.jspecify.annotations.NullMarked;
