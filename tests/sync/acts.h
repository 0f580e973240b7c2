/* SPDX-License-Identifier: GPL-3.0-or-later
 * What people do on their copies, in a line each. */
#pragma once

#include "copy.h"
#include "fixture.h"

G_BEGIN_DECLS

void start_server (Fixture *f);
/* The server goes and comes back; @content (nullable): with that file. */
void reopen (Fixture *f, const char *content);
void copy_file (const char *from, const char *to);

/* A copy of @login's, in step, of the fixture `f`. */
#define COPY(name, login)                                                                          \
  g_auto (Copy) name = { 0 };                                                                      \
  copy_create (&name, fixture_path (&f, login "-" #name ".desk"), f.db, fixture_uid (&f, login));  \
  copy_sync (&name, f.db, f.now)

void assert_same (Copy *copy, Fixture *f);

/* NULL: it is not here. (transfer full) */
DeskCase *load (Copy *copy, const char *uid);
/* On top of what is here; @ticket NULL: a new one. (transfer full) */
DeskOp *new_op (Copy *copy, Fixture *f, DeskKind kind, const char *ticket, const char *text);

/* Through the store's one door; FINE, or why it is refused at once. */
int submit (Copy *copy, Fixture *f, const DeskOp *op);
int say (Copy *copy, Fixture *f, DeskKind kind, const char *ticket, const char *text);
int change (Copy *copy, Fixture *f, const char *ticket, DeskField field, const char *to);
/* The new ticket's uid. (transfer full) */
char *file (Copy *copy, Fixture *f, const char *summary);

guint count_items (Copy *copy, DeskOutboxState state);

G_END_DECLS
