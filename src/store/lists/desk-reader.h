/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who looks at tickets, in the file's own numbers.
 *
 * Visibility is decided on three numbers (department, assignee, team) because a list looks at a
 * million of them; it is the same rule as desk_standing_of(), and a test holds the two together.
 * Lives on the stack while the person does. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

typedef struct
{
  const DeskPerson *person;
  gint64 id; /* 0: not kept yet */
  gboolean agent;
  gboolean everything; /* an administrator */
  GArray *departments; /* of gint64 entry ids */
  GArray *teams;
} DeskReader;

gboolean
desk_reader_open (DeskDb *db, const DeskPerson *person, DeskReader *reader, GError **error);
void desk_reader_close (DeskReader *reader);

/* Whether the reader sees a ticket of these (0: none) as an agent does. */
gboolean
desk_reader_works_on (const DeskReader *reader, gint64 department, gint64 assignee, gint64 team);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DeskReader, desk_reader_close)

G_END_DECLS
