/**
 * Certificates and keys of the node, read again while it runs. Start at {@link
 * io.trafficgovernor.tls.Certificates}: what one end of TLS shows now; {@link
 * io.trafficgovernor.tls.Pem} is what was read of its files, checked.
 */
@NullMarked
package io.trafficgovernor.tls;

import org.jspecify.annotations.NullMarked;
