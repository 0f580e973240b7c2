/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers that were given lately: as long as nothing at all is committed, the same person who asks
 * for the same ticket is told the same.
 *
 * An answer depends on the desk, on who asks and for what, and is found again by exactly these: the
 * number of commits, the person as they were let in (their role and revision as well: they may have
 * been let in before a change of theirs, and answered after it), and the reference. All writing of
 * a served desk goes through its server, so a commit is never missed. There is no rule of what
 * depends on what, which could be wrong: every commit makes everything be forgotten.
 *
 * Kept within a number of bytes. Any thread. */
#pragma once

#include "desk-catalogue.h"

G_BEGIN_DECLS

typedef struct _DeskAnswers DeskAnswers;

DeskAnswers *desk_answers_new (gsize max_bytes);
void desk_answers_free (DeskAnswers *self);

/* The text that was added for @person and @ref after @n_commits commits, and @no with it; NULL: it
 * has to be made. @n_commits: as of now. (transfer full) (nullable) */
GBytes *desk_answers_find (
    DeskAnswers *self, guint n_commits, const DeskPerson *person, const char *ref, gint64 *no);
/* @n_commits: as it was before the desk was read. */
void desk_answers_add (DeskAnswers *self,
                       guint n_commits,
                       const DeskPerson *person,
                       const char *ref,
                       GBytes *text,
                       gint64 no);

G_END_DECLS
