/**
 * Answers without the backend, for classes that are set so deliberately. Start at {@link
 * io.trafficgovernor.answers.Degraded}, the kinds there are; each kind has a package below.
 */
@NullMarked
package io.trafficgovernor.answers;

import org.jspecify.annotations.NullMarked;
