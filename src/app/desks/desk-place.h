/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk as somebody: where it is, and who they are there.
 *
 * Either a desk file, or the copy of a desk on a server that somebody has signed in to. A value,
 * shared by reference; any thread. */
#pragma once

#include "desk-account.h"

G_BEGIN_DECLS

typedef struct
{
  char *path; /* of the desk file or of the copy */
  char *login;
  gboolean is_own;      /* the person's own desk, which is made when it is missing */
  DeskAccount *account; /* NULL: a desk file */
} DeskPlace;

/* Whether @text, as somebody wrote it, is the address of a server and not a file. */
gboolean desk_place_is_address (const char *text);

/* @path NULL: the own desk; @login NULL: who is logged in to this computer. (transfer full) */
DeskPlace *desk_place_new_file (const char *path, const char *login);
/* (transfer full) @account: (transfer full) */
DeskPlace *desk_place_new_account (DeskAccount *account);
DeskPlace *desk_place_ref (DeskPlace *self);
void desk_place_unref (DeskPlace *self);
gboolean desk_place_equal (const DeskPlace *self, const DeskPlace *other);
/* By which it is told from all others on this computer. (transfer full) */
char *desk_place_dup_id (const DeskPlace *self);
/* The file or the address, as a person would write it. Lent. */
const char *desk_place_get_desk (const DeskPlace *self);
/* What a person calls it, without and with who they are there: "help.example.org", "karen at
 * help.example.org". (transfer full) */
char *desk_place_dup_desk_name (const DeskPlace *self);
char *desk_place_dup_name (const DeskPlace *self);

/* The account of @login (nullable: the only one) at @address; fails as desk_account_find(). */
void desk_place_find_async (const char *address,
                            const char *login,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
DeskPlace *desk_place_find_finish (GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPlace, desk_place_unref)

G_END_DECLS
