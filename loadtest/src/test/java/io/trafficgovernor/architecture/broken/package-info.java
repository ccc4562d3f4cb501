/**
 * A second house in which every rule is broken once; nothing here runs. Each class is named by the
 * rule that must find it.
 */
@NullMarked
package io.trafficgovernor.architecture.broken;

import org.jspecify.annotations.NullMarked;
