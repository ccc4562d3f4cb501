/**
 * What a person and a program are told of a replay: a table, a page with plots, a result file.
 * Start at {@link io.trafficgovernor.loadtest.report.Report}.
 */
@NullMarked
package io.trafficgovernor.loadtest.report;

import org.jspecify.annotations.NullMarked;
