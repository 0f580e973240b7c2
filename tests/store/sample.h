/* SPDX-License-Identifier: GPL-3.0-or-later
 * Something of everything, for what must take a whole desk along: checks, exports, backups.
 *
 * On top of the fixture's desk: tickets in every state, with every kind of event, in a private
 * department too, with files, new summaries, things taken out, and somebody erased. */
#pragma once

#include "fixture.h"

G_BEGIN_DECLS

/* The first ticket has the number MB-001 and eight events; its sixth has the file "log (1).txt" of
 * 700 KiB. */
void sample_fill (Fixture *self);

/* A reply of john's with a file of @size bytes. */
void sample_attach (Fixture *self, const char *ticket, const char *name, gsize size);
/* Takes out the first event of the ticket that has @words in its text, summary or files. */
void sample_redact (Fixture *self, const char *ticket, const char *words);
void sample_erase (Fixture *self, const char *login);

/* desk_check(), its problems shown with the test's messages. */
gint64 sample_check (DeskDb *db);
void sample_assert_sound (DeskDb *db);
/* Runs @sql past all the rules. */
void sample_break (DeskDb *db, const char *sql);
/* Closes the desk and opens it again. */
void sample_reopen (Fixture *self);
/* The whole export of a desk. (transfer full) */
char *sample_export (DeskDb *db);
/* A new empty desk in the fixture's folder. (transfer full) */
DeskDb *sample_new_desk (Fixture *self, const char *name);

G_END_DECLS
