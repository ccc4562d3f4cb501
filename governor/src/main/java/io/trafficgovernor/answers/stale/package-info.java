/**
 * A shared HTTP cache, bounded in bytes, that knows which answers may be kept (RFC 9111) and which
 * may be given although they are stale (RFC 5861 and the class's {@code max-stale}). Start at
 * {@link io.trafficgovernor.answers.stale.AnswerCache}. Nothing here blocks or sends anything.
 */
@NullMarked
package io.trafficgovernor.answers.stale;

import org.jspecify.annotations.NullMarked;
