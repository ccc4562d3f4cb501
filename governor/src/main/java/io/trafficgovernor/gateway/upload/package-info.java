/**
 * Long bodies on their way. Start at {@link io.trafficgovernor.gateway.upload.Upload}: one of them
 * on its way; {@link io.trafficgovernor.gateway.upload.Uploads}: how many may hold a slot at a
 * time. A {@link io.trafficgovernor.gateway.upload.Gathering} is read to be kept instead.
 */
@NullMarked
package io.trafficgovernor.gateway.upload;

import org.jspecify.annotations.NullMarked;
