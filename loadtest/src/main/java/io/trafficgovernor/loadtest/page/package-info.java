/**
 * What all reports share: the frame of an HTML page that asks nothing of the network, and how
 * checks are told in HTML, JSON and Markdown. Start at {@link
 * io.trafficgovernor.loadtest.page.Sheet}.
 */
@NullMarked
package io.trafficgovernor.loadtest.page;

import org.jspecify.annotations.NullMarked;
