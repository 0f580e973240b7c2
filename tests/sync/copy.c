/* SPDX-License-Identifier: GPL-3.0-or-later
 * A replica and who talks to the server for it. */
#include "copy.h"

#include <string.h>

#include "desk-blobs.h"
#include "desk-people.h"
#include "served.h"

#define OPS_AT_ONCE   5
#define INDEX_AT_ONCE 3

/* --- the file --- */

void
copy_create (Copy *self, const char *path, DeskDb *desk, const char *reader_uid)
{
  GError *error = NULL;
  g_autoptr (DeskPerson) me = desk_people_find_uid (desk, reader_uid, &error);

  g_assert_no_error (error);
  self->path = g_strdup (path);
  self->reader = g_strdup (reader_uid);
  self->db = desk_replica_create (path, "https://desk.example.org", desk_db_get_uid (desk), me,
                                  &error);
  g_assert_no_error (error);
}

void
copy_open (Copy *self)
{
  GError *error = NULL;

  self->db = desk_db_open (self->path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
}

void
copy_close (Copy *self)
{
  g_clear_pointer (&self->db, desk_db_close);
}

void
copy_clear (Copy *self)
{
  copy_close (self);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->reader, g_free);
  g_clear_pointer (&self->wanted, g_free);
  if (self->received != NULL)
    g_string_free (g_steal_pointer (&self->received), TRUE);
}

/* --- asking --- */

CopyAsk *
copy_ask_ref (CopyAsk *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
copy_ask_unref (CopyAsk *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_pointer (&self->batch, desk_batch_free);
  g_clear_pointer (&self->told, desk_gap_free);
  g_free (self->request);
  g_free (self);
}

static void
ask_pull (CopyAsk *ask, const DeskReplicaState *state)
{
  ask->request = state->cursor != NULL
                     ? g_strdup_printf ("{\"get\": \"%s\", \"cursor\": \"%s\"}",
                                        state->filling ? "snapshot" : "changes", state->cursor)
                     : g_strdup ("{\"get\": \"snapshot\"}");
}

static gboolean
ask_push (Copy *self, CopyAsk *ask, GError **error)
{
  g_autoptr (DeskOpsRequest) request = desk_ops_request_new ("device");
  g_autoptr (JsonNode) node = NULL;

  ask->batch = desk_outbox_take (self->db, OPS_AT_ONCE, DESK_PROTOCOL_MAX_OPS_BYTES, error);
  if (ask->batch == NULL)
    return FALSE;
  for (guint i = 0; i < ask->batch->ops->len; i++)
    desk_ops_request_add (request, ask->batch->ops->pdata[i]);
  node = desk_ops_request_to_json (request);
  if (ask->batch->ops->len > 0)
    ask->request = desk_json_to_string (node, FALSE);
  return TRUE;
}

static char *
make_events_request (const char *ticket, gint64 after_no)
{
  return g_strdup_printf ("{\"get\": \"events\", \"ticket\": \"%s\", \"after\": %" G_GINT64_FORMAT
                          "}",
                          ticket, after_no);
}

static gboolean
ask_fetch (Copy *self, CopyAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) gaps = desk_replica_list_gaps (self->db, 1, error);

  if (gaps != NULL && gaps->len > 0)
    {
      const DeskGap *gap = g_ptr_array_index (gaps, 0);

      ask->request = make_events_request (gap->ticket, gap->after_no);
    }
  return gaps != NULL;
}

static gboolean
ask_tell (Copy *self, CopyAsk *ask, GError **error)
{
  g_autoptr (GPtrArray) untold = desk_replica_list_untold (self->db, 1, error);

  if (untold != NULL && untold->len > 0)
    {
      ask->told = g_ptr_array_steal_index (untold, 0);
      ask->request = g_strdup_printf (
          "{\"get\": \"seen\", \"ticket\": \"%s\", \"no\": %" G_GINT64_FORMAT "}",
          ask->told->ticket, ask->told->after_no);
    }
  return untold != NULL;
}

static gboolean
ask_this (Copy *self, CopyAsk *ask, const DeskReplicaState *state, GError **error)
{
  switch (ask->kind)
    {
    case COPY_PULL:
      ask_pull (ask, state);
      return TRUE;
    case COPY_PUSH:
      return ask_push (self, ask, error);
    case COPY_FETCH:
      return ask_fetch (self, ask, error);
    case COPY_READ:
      ask->request = self->wanted != NULL ? make_events_request (self->wanted, 0) : NULL;
      return TRUE;
    case COPY_TELL:
      return ask_tell (self, ask, error);
    }
  g_assert_not_reached ();
}

/* @seen: the mark. */
static void
add_seen (CopyAsk *ask, const char *seen)
{
  g_autofree char *plain = ask->request;

  ask->request = seen != NULL ? g_strdup_printf ("{\"seen\": \"%s\", %s", seen, plain + 1)
                              : g_steal_pointer (&plain);
}

CopyAsk *
copy_ask (Copy *self, CopyAskKind kind, GError **error)
{
  g_autoptr (CopyAsk) ask = g_new0 (CopyAsk, 1);
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, error);

  g_atomic_ref_count_init (&ask->ref_count);
  ask->kind = kind;
  if (state == NULL || !ask_this (self, ask, state, error) || ask->request == NULL)
    return NULL;
  ask->stamp = ask->batch != NULL ? ask->batch->stamp : state->stamp;
  add_seen (ask, ask->batch != NULL ? ask->batch->seen : state->seen);
  return g_steal_pointer (&ask);
}

gboolean
copy_leave (Copy *self, CopyAsk *ask, GError **error)
{
  gboolean all = TRUE;

  return ask->batch == NULL ||
         (desk_outbox_note_leaving (self->db, ask->batch, &all, error) && all);
}

gboolean
copy_stay (Copy *self, const CopyAsk *ask, GError **error)
{
  return ask->batch == NULL || desk_outbox_note_kept (self->db, ask->batch, error);
}

/* --- taking answers --- */

void
copy_upload (Copy *self, DeskDb *desk, const DeskOp *op)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (op->attachments, i);
      g_autoptr (GOutputStream) content = g_memory_output_stream_new_resizable ();
      g_autoptr (GBytes) bytes = NULL;
      g_autoptr (DeskAttachment) uploaded = NULL;
      GError *error = NULL;

      desk_blobs_write_own (self->db, file->sha256, content, NULL, &error);
      g_assert_no_error (error);
      g_output_stream_close (content, NULL, &error);
      g_assert_no_error (error);
      bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (content));
      uploaded = desk_blobs_add_bytes (desk, bytes, file->name, file->type, &error);
      g_assert_no_error (error);
    }
}

/* An answer that comes late must not make a good cursor a bad one. */
static gboolean
refill (Copy *self, const CopyAsk *ask, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_replica_get_state (self->db, error);

  return state != NULL && (state->stamp != ask->stamp || desk_replica_begin_fill (self->db, error));
}

static gboolean
take_pull (
    Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, gint64 now, GError **error)
{
  g_autoptr (DeskPage) page = NULL;
  GError *failure = NULL;
  gboolean applied;

  page = desk_page_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_replica_apply (self->db, page, ask->stamp, seen, now, &applied, error);
}

static gboolean
take_push (
    Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, gint64 now, GError **error)
{
  g_autoptr (DeskOpsAnswer) answer = NULL;
  GError *failure = NULL;

  answer = desk_ops_answer_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_outbox_settle (self->db, ask->batch, answer, seen, now, error);
}

static gboolean
take_ticket (Copy *self,
             const CopyAsk *ask,
             JsonNode *body,
             const char *seen,
             gboolean *taken,
             GError **error)
{
  g_autoptr (DeskPage) page = NULL;
  GError *failure = NULL;

  page = desk_page_from_json (body, &failure);
  g_assert_no_error (failure);
  return desk_replica_take_in (self->db, page->puts->pdata[0], page->people, ask->stamp, seen,
                               taken, error);
}

static gboolean
take_this (
    Copy *self, const CopyAsk *ask, JsonNode *body, const char *seen, gint64 now, GError **error)
{
  gboolean taken;

  switch (ask->kind)
    {
    case COPY_PULL:
      return take_pull (self, ask, body, seen, now, error);
    case COPY_PUSH:
      return take_push (self, ask, body, seen, now, error);
    case COPY_FETCH:
      return take_ticket (self, ask, body, seen, &taken, error);
    case COPY_READ:
      if (!take_ticket (self, ask, body, seen, &taken, error))
        return FALSE;
      if (taken)
        g_clear_pointer (&self->wanted, g_free);
      return TRUE;
    case COPY_TELL:
      return desk_replica_note_told (self->db, ask->told, error);
    }
  g_assert_not_reached ();
}

/* Of a ticket that is not there the feed tells more. */
static gboolean
take_no_such (Copy *self, const CopyAsk *ask, GError **error)
{
  if (ask->kind == COPY_READ)
    g_clear_pointer (&self->wanted, g_free);
  return ask->kind != COPY_TELL || desk_replica_note_told (self->db, ask->told, error);
}

gboolean
copy_take (Copy *self, const CopyAsk *ask, const char *answer, gint64 now, GError **error)
{
  GError *failure = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (answer, strlen (answer), &failure);
  JsonObject *object;
  JsonNode *body;
  int status;

  now += self->skew;
  g_assert_no_error (failure);
  object = json_node_get_object (node);
  status = json_object_get_int_member (object, "status");
  body = json_object_get_member (object, "body");
  if (status == 410)
    return refill (self, ask, error);
  /* Who may not ask any more waits. */
  if (status == 401)
    return TRUE;
  if (status == 404 && ask->kind >= COPY_FETCH)
    return take_no_such (self, ask, error);
  g_assert_cmpint (status, ==, 200);
  return take_this (self, ask, body, json_object_get_string_member (object, "seen"), now, error);
}

/* --- at once --- */

/* FALSE: there was nothing to ask. */
static gboolean
exchange (Copy *self, DeskDb *desk, CopyAskKind kind, gint64 now)
{
  GError *error = NULL;
  g_autoptr (CopyAsk) ask = copy_ask (self, kind, &error);
  g_autofree char *answer = NULL;

  g_assert_no_error (error);
  if (ask == NULL)
    return FALSE;
  for (guint i = 0; ask->batch != NULL && i < ask->batch->ops->len; i++)
    copy_upload (self, desk, ask->batch->ops->pdata[i]);
  copy_leave (self, ask, &error);
  g_assert_no_error (error);
  answer = served_answer (desk, self->reader, ask->request, now, &error);
  g_assert_no_error (error);
  if (self->received != NULL)
    g_string_append (self->received, answer);
  copy_take (self, ask, answer, now, &error);
  g_assert_no_error (error);
  return TRUE;
}

void
copy_pull (Copy *self, DeskDb *desk, gint64 now)
{
  g_autofree char *before = NULL;
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (DeskReplicaState) state = NULL;
      GError *error = NULL;

      exchange (self, desk, COPY_PULL, now);
      state = desk_replica_get_state (self->db, &error);
      g_assert_no_error (error);
      more = state->filling || g_strcmp0 (before, state->cursor) != 0;
      g_free (before);
      before = g_strdup (state->cursor);
    }
}

void
copy_sync (Copy *self, DeskDb *desk, gint64 now)
{
  gint64 left = 1;
  GError *error = NULL;

  while (exchange (self, desk, COPY_PUSH, now))
    ;
  copy_pull (self, desk, now);
  while (exchange (self, desk, COPY_PUSH, now))
    ;
  copy_pull (self, desk, now);
  for (guint i = 0; i < 1000 && exchange (self, desk, COPY_FETCH, now); i++)
    ;
  while (exchange (self, desk, COPY_READ, now))
    ;
  for (guint i = 0; i < 1000 && exchange (self, desk, COPY_FETCH, now); i++)
    ;
  while (exchange (self, desk, COPY_TELL, now))
    ;
  while (left > 0)
    {
      desk_replica_index (self->db, INDEX_AT_ONCE, &left, &error);
      g_assert_no_error (error);
    }
}
