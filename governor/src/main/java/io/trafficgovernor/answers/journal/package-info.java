/**
 * Writes that were acknowledged without the backend: on disk before the client hears of it, and
 * delivered when the backend takes writes again. Start at {@link
 * io.trafficgovernor.answers.journal.WriteJournal}; {@link
 * io.trafficgovernor.answers.journal.JournalFile} is the SQLite file behind it, used by one thread.
 */
@NullMarked
package io.trafficgovernor.answers.journal;

import org.jspecify.annotations.NullMarked;
