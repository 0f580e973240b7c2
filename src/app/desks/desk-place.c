/* SPDX-License-Identifier: GPL-3.0-or-later
 * A desk as somebody. */
#include "desk-place.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
desk_place_is_address (const char *text)
{
  return g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://");
}

/* --- the value --- */

DeskPlace *
desk_place_new_file (const char *path, const char *login)
{
  DeskPlace *self = g_atomic_rc_box_new0 (DeskPlace);
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "deskbell", "desk.desk", NULL);

  self->is_own = path == NULL || g_str_equal (path, own);
  self->path = g_strdup (path != NULL ? path : own);
  self->login = g_strdup (login != NULL ? login : g_get_user_name ());
  return self;
}

DeskPlace *
desk_place_new_account (DeskAccount *account)
{
  DeskPlace *self = g_atomic_rc_box_new0 (DeskPlace);

  self->path = g_strdup (account->path);
  self->login = g_strdup (account->login);
  self->account = account;
  return self;
}

DeskPlace *
desk_place_ref (DeskPlace *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_place (gpointer data)
{
  DeskPlace *self = data;

  g_free (self->path);
  g_free (self->login);
  g_clear_pointer (&self->account, desk_account_free);
}

void
desk_place_unref (DeskPlace *self)
{
  g_atomic_rc_box_release_full (self, clear_place);
}

gboolean
desk_place_equal (const DeskPlace *self, const DeskPlace *other)
{
  return g_str_equal (self->path, other->path) && g_str_equal (self->login, other->login);
}

char *
desk_place_dup_id (const DeskPlace *self)
{
  return g_strconcat (self->path, "\n", self->login, NULL);
}

const char *
desk_place_get_desk (const DeskPlace *self)
{
  return self->account != NULL ? self->account->address : self->path;
}

char *
desk_place_dup_desk_name (const DeskPlace *self)
{
  g_autofree char *name = NULL;

  if (self->account != NULL)
    return g_strdup (strstr (self->account->address, "://") + strlen ("://"));
  name = g_path_get_basename (self->path);
  return g_filename_display_name (name);
}

char *
desk_place_dup_name (const DeskPlace *self)
{
  g_autofree char *desk = desk_place_dup_desk_name (self);

  if (self->is_own)
    return g_strdup_printf (_ ("%s on this computer"), self->login);
  /* Translators: somebody's login and the address of a desk, such as "karen at help.example.org" */
  return g_strdup_printf (_ ("%s at %s"), self->login, desk);
}

/* --- finding the account of an address --- */

typedef struct
{
  char *address;
  char *login; /* or NULL */
} Question;

static void
free_question (gpointer data)
{
  Question *self = data;

  g_free (self->address);
  g_free (self->login);
  g_free (self);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Question *question = data;
  GError *error = NULL;
  DeskAccount *account = desk_account_find (question->address, question->login, &error);

  if (account != NULL)
    g_task_return_pointer (task, desk_place_new_account (account),
                           (GDestroyNotify) desk_place_unref);
  else
    g_task_return_error (task, error);
}

void
desk_place_find_async (const char *address,
                       const char *login,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Question *question = g_new0 (Question, 1);

  *question = (Question){ g_strdup (address), g_strdup (login) };
  g_task_set_source_tag (task, desk_place_find_async);
  g_task_set_task_data (task, question, free_question);
  g_task_run_in_thread (task, find_in_thread);
}

DeskPlace *
desk_place_find_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
