/* SPDX-License-Identifier: GPL-3.0-or-later
 * What somebody has typed and not sent. */
#include "desk-drafts.h"

#include <glib/gstdio.h>
#include <string.h>

#include "desk-json.h"

/* A draft is a text of at most a megabyte and some names of files. */
#define MAX_DRAFT_BYTES (4 * 1024 * 1024)
#define ENDING          ".json"

struct _DeskDrafts
{
  GObject parent_instance;

  char *folder;       /* NULL: in memory only */
  GHashTable *drafts; /* key → DeskOp */
  GThreadPool *writer;
};

G_DEFINE_FINAL_TYPE (DeskDrafts, desk_drafts, G_TYPE_OBJECT)

/* --- the disk --- */

/* One file to write or, without content, to remove. */
typedef struct
{
  char *path; /* NULL: nothing but to say that it is done */
  char *content;
  GTask *task; /* or NULL */
} Errand;

static void
run_errand (gpointer data, gpointer user_data)
{
  Errand *errand = data;
  g_autoptr (GError) error = NULL;

  if (errand->task != NULL)
    g_task_return_boolean (errand->task, TRUE);
  else if (errand->content == NULL)
    g_unlink (errand->path);
  else if (!g_file_set_contents_full (errand->path, errand->content, -1,
                                      G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                      0600, &error))
    g_debug ("Draft not kept: %s", error->message);
  g_clear_object (&errand->task);
  g_free (errand->path);
  g_free (errand->content);
  g_free (errand);
}

/* Keys hold uids, words and "/", which no file name may. */
static char *
path_of_key (DeskDrafts *self, const char *key)
{
  g_autofree char *name = g_strconcat (key, ENDING, NULL);

  return g_build_filename (self->folder, g_strdelimit (name, "/", '.'), NULL);
}

static void
write_later (DeskDrafts *self, const char *key, const DeskOp *op)
{
  Errand *errand;

  if (self->folder == NULL)
    return;
  errand = g_new0 (Errand, 1);
  errand->path = path_of_key (self, key);
  if (op != NULL)
    {
      g_autoptr (JsonNode) json = desk_op_to_json (op);
      errand->content = desk_json_to_string (json, FALSE);
    }
  g_thread_pool_push (self->writer, errand, NULL);
}

static void
read_draft (DeskDrafts *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *key = g_strndup (name, strlen (name) - strlen (ENDING));
  g_autofree char *content = NULL;
  g_autoptr (JsonNode) json = NULL;
  DeskOp *op;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, NULL) || size > MAX_DRAFT_BYTES)
    return;
  json = desk_json_parse (content, size, NULL);
  op = json != NULL ? desk_op_from_json (json, NULL) : NULL;
  if (op != NULL)
    g_hash_table_insert (self->drafts, g_strdelimit (g_steal_pointer (&key), ".", '/'), op);
}

static void
read_drafts (DeskDrafts *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ENDING))
      read_draft (self, name);
}

/* --- the object --- */

static void
desk_drafts_finalize (GObject *object)
{
  DeskDrafts *self = DESK_DRAFTS (object);

  g_thread_pool_free (self->writer, FALSE, TRUE);
  g_hash_table_unref (self->drafts);
  g_free (self->folder);
  G_OBJECT_CLASS (desk_drafts_parent_class)->finalize (object);
}

static void
desk_drafts_class_init (DeskDraftsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = desk_drafts_finalize;
}

static void
desk_drafts_init (DeskDrafts *self)
{
  self->drafts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify) desk_op_unref);
  self->writer = g_thread_pool_new (run_errand, NULL, 1, FALSE, NULL);
}

/* Another folder for every login, none of them "..". */
static char *
name_folder (const char *login)
{
  g_autofree char *escaped = g_uri_escape_string (login, NULL, FALSE);
  g_auto (GStrv) parts = g_strsplit (escaped, ".", -1);

  return g_strjoinv ("%2E", parts);
}

DeskDrafts *
desk_drafts_open (const char *desk, const char *login)
{
  DeskDrafts *self = g_object_new (DESK_TYPE_DRAFTS, NULL);
  g_autofree char *person = name_folder (login);

  self->folder = g_build_filename (g_get_user_state_dir (), "deskbell", "drafts", desk, person,
                                   NULL);
  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    g_clear_pointer (&self->folder, g_free);
  else
    read_drafts (self);
  return self;
}

const DeskOp *
desk_drafts_get (DeskDrafts *self, const char *key)
{
  g_return_val_if_fail (DESK_IS_DRAFTS (self), NULL);

  return g_hash_table_lookup (self->drafts, key);
}

static gboolean
is_empty (const DeskOp *op)
{
  return op == NULL || (op->text == NULL && op->changes->len == 0 && op->attachments->len == 0);
}

void
desk_drafts_set (DeskDrafts *self, const char *key, DeskOp *op)
{
  g_return_if_fail (DESK_IS_DRAFTS (self));

  if (is_empty (op))
    {
      if (g_hash_table_remove (self->drafts, key))
        write_later (self, key, NULL);
      return;
    }
  g_hash_table_insert (self->drafts, g_strdup (key), desk_op_ref (op));
  write_later (self, key, op);
}

void
desk_drafts_flush (DeskDrafts *self)
{
  g_return_if_fail (DESK_IS_DRAFTS (self));

  /* The pool has one thread and works in order: a new pool means that the old one is empty. */
  g_thread_pool_free (self->writer, FALSE, TRUE);
  self->writer = g_thread_pool_new (run_errand, NULL, 1, FALSE, NULL);
}

void
desk_drafts_flush_async (DeskDrafts *self, GAsyncReadyCallback callback, gpointer user_data)
{
  Errand *errand;

  g_return_if_fail (DESK_IS_DRAFTS (self));

  errand = g_new0 (Errand, 1);
  errand->task = g_task_new (self, NULL, callback, user_data);
  g_thread_pool_push (self->writer, errand, NULL);
}
