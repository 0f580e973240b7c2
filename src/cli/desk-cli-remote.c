/* SPDX-License-Identifier: GPL-3.0-or-later
 * Commands on a desk that a server has; see the header. */
#include "desk-cli-remote.h"

#include <stdio.h>
#include <string.h>

#include "desk-blobs.h"
#include "desk-json.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-words.h"

#define TIMEOUT_SECS 15
/* The app answers for the same copy; it may have a lot to send first. */
#define WAIT_FOR_OTHERS_US (15 * G_USEC_PER_SEC)
#define LOOK_EVERY_US      (50 * 1000)
#define MAX_PEOPLE         200

const char *
desk_cli_get_place (DeskCli *self)
{
  const char *place = desk_arguments_get (self->arguments, "desk");

  if (place == NULL)
    place = g_getenv ("DESKBELL_DESK");
  return place != NULL && *place != '\0' ? place : NULL;
}

gboolean
desk_cli_is_remote (DeskCli *self)
{
  const char *place = desk_cli_get_place (self);

  return place != NULL &&
         (g_str_has_prefix (place, "https://") || g_str_has_prefix (place, "http://"));
}

/* --- opening --- */

gboolean
desk_cli_open_copy_offline (DeskCli *self, GError **error)
{
  GError *failure = NULL;

  self->account = desk_account_find (desk_cli_get_place (self),
                                     desk_arguments_get (self->arguments, "as"), &failure);
  if (g_error_matches (failure, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_SIGNED_OUT))
    {
      g_autofree char *message = desk_words_of_error (failure);

      g_set_error (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_SIGNED_OUT,
                   _ ("%s; deskbellctl login does it"), message);
      g_error_free (failure);
      return FALSE;
    }
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  self->db = desk_db_open (self->account->path, DESK_DB_OPEN, error);
  if (self->db == NULL)
    return FALSE;
  self->me = desk_people_find_uid (self->db, self->account->person, error);
  if (self->me == NULL && error != NULL && *error == NULL)
    g_set_error (error, DESK_STORE_ERROR, DESK_STORE_ERROR_DAMAGED,
                 _ ("The copy of the desk is not %s's; sign in again"), self->account->login);
  return self->me != NULL;
}

static void
show_upload_cb (const DeskOp *op, const DeskAttachment *file, gint64 sent_bytes, gpointer user_data)
{
  desk_show_progress (sent_bytes, file->size_bytes, NULL);
}

static void
connect_to_server (DeskCli *self)
{
  if (self->sync != NULL)
    return;
  self->remote = desk_account_connect (self->account, TIMEOUT_SECS);
  self->sync = desk_sync_new (self->remote, self->db, self->account->device);
  desk_transfer_set_progress (desk_sync_get_transfer (self->sync), show_upload_cb, NULL);
}

/* Somebody may have changed who I am. */
static gboolean
read_me (DeskCli *self, GError **error)
{
  DeskPerson *me = desk_people_find_uid (self->db, self->account->person, error);

  if (me == NULL)
    return FALSE;
  desk_person_unref (self->me);
  self->me = me;
  return TRUE;
}

static void
show_tickets_cb (gint64 n_tickets, gboolean filling, gpointer user_data)
{
  if (filling)
    desk_show_progress (n_tickets, 0, NULL);
}

static gboolean
make_findable (DeskCli *self, GError **error)
{
  gint64 left = 1;

  while (left > 0)
    if (!desk_sync_index (self->sync, &left, error))
      return FALSE;
  return TRUE;
}

gboolean
desk_cli_exchange (DeskCli *self, GError **error)
{
  gboolean done;

  connect_to_server (self);
  done = desk_sync_run (self->sync, show_tickets_cb, NULL, NULL, error) &&
         make_findable (self, error);
  desk_clear_progress ();
  return done && read_me (self, error);
}

static gboolean
is_filled (DeskCli *self, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, error);

  return state != NULL && state->pulled_at > 0;
}

static void
tell_trouble (DeskCli *self)
{
  g_autofree char *words = desk_words_of_error (self->trouble);
  g_autofree char *message = desk_plain_line (words);

  fprintf (stderr, _ ("deskbellctl: %s; this is what the copy on this computer has\n"), message);
}

/* What the server says is good to know, what it does not say is no reason to show nothing. Who
 * writes is told what became of it. */
gboolean
desk_cli_open_copy (DeskCli *self, DeskDbMode mode, GError **error)
{
  if (!desk_cli_open_copy_offline (self, error))
    return FALSE;
  /* The app does all of it while it runs. */
  self->turn = desk_turn_take (self->account->path);
  if (self->turn == NULL || desk_cli_exchange (self, &self->trouble))
    return TRUE;
  if (self->trouble->domain != DESK_REMOTE_ERROR || !is_filled (self, NULL))
    {
      g_propagate_error (error, g_steal_pointer (&self->trouble));
      return FALSE;
    }
  if (mode == DESK_DB_READ)
    tell_trouble (self);
  return TRUE;
}

/* --- an op --- */

static gboolean
find_in (
    DeskCli *self, const DeskOp *op, DeskOutboxState state, DeskOutboxItem **item, GError **error)
{
  g_autoptr (GPtrArray) items = desk_outbox_list (self->db, state, error);

  *item = NULL;
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      DeskOutboxItem *one = items->pdata[i];

      if (g_str_equal (one->op->uid, op->uid))
        {
          *item = g_ptr_array_steal_index (items, i);
          break;
        }
    }
  return items != NULL;
}

static gboolean
is_waiting (DeskCli *self, const DeskOp *op, gboolean *waiting, GError **error)
{
  g_autoptr (DeskOutboxItem) item = NULL;

  if (!find_in (self, op, DESK_OUTBOX_WAITING, &item, error))
    return FALSE;
  *waiting = item != NULL;
  return TRUE;
}

/* Whoever asked from a shell has the words still, and is told. */
static gboolean
tell_refusal (DeskCli *self, const DeskOp *op, GError **error)
{
  g_autoptr (DeskOutboxItem) item = NULL;

  if (!find_in (self, op, DESK_OUTBOX_REFUSED, &item, error))
    return FALSE;
  if (item == NULL)
    return TRUE;
  if (!desk_outbox_drop (self->db, op->uid, error))
    return FALSE;
  desk_problem_set_error (item->problem, error);
  return FALSE;
}

/* Whether whoever has the turn has told so. */
static gboolean
has_trouble (DeskCli *self)
{
  self->trouble = desk_turn_ask (self->account->path);
  return self->trouble != NULL;
}

static gboolean
wait_for_others (DeskCli *self, const DeskOp *op, gboolean *waiting, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + WAIT_FOR_OTHERS_US;

  do
    {
      if (!is_waiting (self, op, waiting, error))
        return FALSE;
      if (!*waiting || (self->turn = desk_turn_take (self->account->path)) != NULL ||
          has_trouble (self))
        return TRUE;
      g_usleep (LOOK_EVERY_US);
    }
  while (g_get_monotonic_time () < until_us);
  return TRUE;
}

static gboolean
fail_kept (DeskCli *self, GError **error)
{
  g_autofree char *trouble = self->trouble != NULL ? desk_words_of_error (self->trouble) : NULL;

  if (trouble != NULL)
    g_set_error (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_KEPT,
                 _ ("%s; it is kept here and sent as soon as possible (deskbellctl sync)"),
                 trouble);
  else
    g_set_error (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_KEPT,
                 _ ("It is kept here and sent as soon as possible (deskbellctl sync)"));
  return FALSE;
}

/* A server that was restored has the copy filled again before it takes anything. */
static gboolean
push (DeskCli *self, const DeskOp *op, GError **error)
{
  gboolean done, waiting;

  connect_to_server (self);
  done = desk_sync_push (self->sync, NULL, error) && is_waiting (self, op, &waiting, error) &&
         (!waiting || desk_sync_run (self->sync, NULL, NULL, NULL, error));
  desk_clear_progress ();
  return done;
}

gboolean
desk_cli_send (DeskCli *self, const DeskOp *op, GError **error)
{
  gboolean waiting = TRUE;

  if (self->turn == NULL && !wait_for_others (self, op, &waiting, error))
    return FALSE;
  if (waiting && self->turn != NULL && self->trouble == NULL)
    push (self, op, &self->trouble);
  if (self->trouble != NULL && self->trouble->domain != DESK_REMOTE_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&self->trouble));
      return FALSE;
    }
  if (!is_waiting (self, op, &waiting, error))
    return FALSE;
  return waiting ? fail_kept (self, error) : tell_refusal (self, op, error);
}

gboolean
desk_cli_bring (DeskCli *self, const char *ref)
{
  if (!desk_cli_is_remote (self) || self->trouble != NULL)
    return FALSE;
  connect_to_server (self);
  return desk_sync_bring (self->sync, ref, NULL, NULL);
}

void
desk_cli_catch_up (DeskCli *self)
{
  if (self->turn != NULL && self->sync != NULL)
    desk_sync_pull (self->sync, NULL, NULL, NULL, NULL);
}

/* --- files --- */

gboolean
desk_cli_fetch_file (DeskCli *self,
                     const DeskCase *ticket,
                     const DeskAttachment *attachment,
                     GError **error)
{
  gboolean done;

  if (self->account == NULL)
    return TRUE;
  connect_to_server (self);
  done = desk_transfer_get (desk_sync_get_transfer (self->sync), ticket->ticket->uid, attachment,
                            desk_show_progress, NULL, NULL, error);
  desk_clear_progress ();
  return done;
}

/* --- what the server keeps itself --- */

JsonNode *
desk_cli_ask (DeskCli *self, const char *method, const char *path, JsonNode *body, GError **error)
{
  g_autoptr (JsonNode) owned = body;
  const DeskAsk ask = { .method = method, .path = path, .json = owned };
  g_autoptr (GBytes) answer = NULL;
  const char *text;
  gsize size;

  connect_to_server (self);
  answer = desk_remote_ask (self->remote, &ask, NULL, error);
  if (answer == NULL)
    return NULL;
  text = g_bytes_get_data (answer, &size);
  return size > 0 ? desk_json_parse (text, size, error) : json_node_new (JSON_NODE_NULL);
}

/* "If-Match" with the revision that is changed, or "If-None-Match: *" for something new. */
static DeskPage *
put (DeskCli *self, const char *path, JsonNode *body, gint64 base, GError **error)
{
  g_autoptr (JsonNode) owned = body;
  g_autofree char *revision = g_strdup_printf ("\"%" G_GINT64_FORMAT "\"", base);
  const DeskAsk ask = {
    .method = "PUT",
    .path = path,
    .json = owned,
    .header = base > 0 ? "If-Match" : "If-None-Match",
    .value = base > 0 ? revision : "*",
  };

  connect_to_server (self);
  return desk_remote_ask_page (self->remote, &ask, NULL, error);
}

static gboolean
save_person_there (DeskCli *self, DeskPerson *person, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/people/", person->uid, NULL);
  g_autoptr (DeskPage)
      page = put (self, path, desk_person_to_json (person), person->revision, error);

  if (page == NULL)
    return FALSE;
  if (page->people->len > 0)
    person->revision = ((DeskPerson *) page->people->pdata[0])->revision;
  desk_cli_catch_up (self);
  return TRUE;
}

static gboolean
save_entry_there (DeskCli *self, DeskEntry *entry, GError **error)
{
  g_autofree char *slug = g_uri_escape_string (entry->slug, NULL, FALSE);
  g_autofree char *path = g_strdup_printf (
      "/v1/catalogue/%s/%s", desk_enum_get_nick (DESK_TYPE_ENTRY_KIND, (int) entry->kind), slug);
  g_autoptr (DeskPage) page = put (self, path, desk_entry_to_json (entry), entry->revision, error);

  if (page == NULL)
    return FALSE;
  if (page->entries != NULL && page->entries->len > 0)
    entry->revision = ((DeskEntry *) page->entries->pdata[0])->revision;
  desk_cli_catch_up (self);
  return TRUE;
}

static gboolean
erase_person_there (DeskCli *self, const DeskPerson *person, GError **error)
{
  g_autofree char *path = g_strconcat ("/v1/people/", person->uid, NULL);
  g_autoptr (JsonNode) answer = desk_cli_ask (self, "DELETE", path, NULL, error);

  if (answer == NULL)
    return FALSE;
  desk_cli_catch_up (self);
  return TRUE;
}

gboolean
desk_cli_save_person (DeskCli *self, DeskPerson *person, GError **error)
{
  if (self->account != NULL)
    return save_person_there (self, person, error);
  return desk_people_save (self->db, person, person->revision, self->me, desk_cli_now (), error) &&
         desk_db_commit (self->db, error);
}

gboolean
desk_cli_erase_person (DeskCli *self, const DeskPerson *person, GError **error)
{
  if (self->account != NULL)
    return erase_person_there (self, person, error);
  return desk_people_erase (self->db, person->uid, self->me, desk_cli_now (), error) &&
         desk_db_commit (self->db, error);
}

gboolean
desk_cli_save_entry (DeskCli *self, DeskEntry *entry, GError **error)
{
  if (self->account != NULL)
    return save_entry_there (self, entry, error);
  return desk_entries_save (self->db, entry, entry->revision, self->me, desk_cli_now (), error) &&
         desk_db_commit (self->db, error);
}

/* A page of people behind the place @after (nullable). */
static DeskPage *
ask_people_page (DeskCli *self, const char *words, const char *after, GError **error)
{
  g_autofree char *quoted = g_uri_escape_string (words != NULL ? words : "", NULL, FALSE);
  g_autofree char *place = g_uri_escape_string (after != NULL ? after : "", NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1/people?limit=%d&q=%s%s%s", MAX_PEOPLE, quoted,
                                           after != NULL ? "&after=" : "", place);
  const DeskAsk ask = { .method = "GET", .path = path };

  return desk_remote_ask_page (self->remote, &ask, NULL, error);
}

GPtrArray *
desk_cli_ask_people (DeskCli *self, const char *words, GError **error)
{
  g_autoptr (GPtrArray)
      people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  g_autofree char *after = NULL;
  gboolean more = TRUE;

  connect_to_server (self);
  while (more)
    {
      g_autoptr (DeskPage) page = ask_people_page (self, words, after, error);

      if (page == NULL)
        return NULL;
      for (guint i = 0; i < page->people->len; i++)
        g_ptr_array_add (people, desk_person_ref (page->people->pdata[i]));
      g_free (after);
      after = g_strdup (page->next);
      more = page->more && after != NULL && page->people->len > 0;
    }
  return g_steal_pointer (&people);
}

/* So that ops can name the person before the feed does. */
static gboolean
introduce (DeskCli *self, const DeskPerson *person, GError **error)
{
  if (!desk_db_begin (self->db, error))
    return FALSE;
  if (desk_people_put (self->db, person, error))
    return desk_db_commit (self->db, error);
  desk_db_rollback (self->db);
  return FALSE;
}

DeskPerson *
desk_cli_ask_login (DeskCli *self, const char *login, GError **error)
{
  g_autoptr (GPtrArray) people = NULL;

  if (self->account == NULL || self->me->role == DESK_ROLE_REQUESTER)
    return NULL;
  people = desk_cli_ask_people (self, login, error);
  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      DeskPerson *person = people->pdata[i];

      if (g_strcmp0 (person->login, login) == 0)
        return introduce (self, person, error) ? desk_person_ref (person) : NULL;
    }
  return NULL;
}
