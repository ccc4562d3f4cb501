/**
 * The protocol as a model, checked state by state. Start at {@link
 * io.trafficgovernor.cluster.model.LeaseModelTest}.
 */
@NullMarked
package io.trafficgovernor.cluster.model;

import org.jspecify.annotations.NullMarked;
