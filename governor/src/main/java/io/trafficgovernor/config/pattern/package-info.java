/**
 * What values are compared with: paths in one form, patterns of paths, ranges of addresses, places
 * where sessions are told. Start at {@link io.trafficgovernor.config.pattern.PathPattern}. Pure.
 */
@NullMarked
package io.trafficgovernor.config.pattern;

import org.jspecify.annotations.NullMarked;
