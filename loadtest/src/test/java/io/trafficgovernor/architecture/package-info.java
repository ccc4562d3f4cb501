/**
 * The rules of the house as tests. What the compiled classes must keep is {@link
 * io.trafficgovernor.architecture.ClassRule}, what the text of the sources must keep is {@link
 * io.trafficgovernor.architecture.SourceRule}; start there. They stand in this module because it
 * sees all others. Each rule is shown to be able to fail: the classes below {@code broken} and the
 * small sources in the tests break them on purpose.
 */
@NullMarked
package io.trafficgovernor.architecture;

import org.jspecify.annotations.NullMarked;
