/* SPDX-License-Identifier: GPL-3.0-or-later
 * The steps between a copy of a desk and its server; see the header. */
#include "desk-sync-private.h"

#include <string.h>

#include "desk-ahead.h"

/* Room for what is around the ops of a request. */
#define BATCH_MAX_BYTES (DESK_PROTOCOL_MAX_OPS_BYTES - 64 * 1024)
/* A server that says so each time has something wrong with it. */
#define MAX_REFILLS 3
#define MAX_MISSING 2
/* One that looks for something that this person sees passes over what they do not. */
#define MAX_EMPTY 500
/* Tickets that are indexed at a time, and marks that are told. */
#define TICKETS_A_STEP 200
#define MARKS_AT_ONCE  50

DeskSync *
desk_sync_new (DeskRemote *remote, DeskDb *db, const char *device)
{
  DeskSync *self = g_new0 (DeskSync, 1);

  self->remote = remote;
  self->db = db;
  self->device = g_strdup (device);
  self->transfer = desk_transfer_new (remote, db);
  return self;
}

void
desk_sync_free (DeskSync *self)
{
  if (self == NULL)
    return;
  desk_transfer_free (self->transfer);
  g_free (self->device);
  g_free (self);
}

DeskTransfer *
desk_sync_get_transfer (DeskSync *self)
{
  return self->transfer;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

DeskReplicaState *
desk_sync_look (DeskSync *self, GError **error)
{
  DeskReplicaState *state = desk_replica_get_state (self->db, error);

  if (state != NULL)
    desk_remote_set_seen (self->remote, state->seen);
  return state;
}

static gboolean
is_refill (const GError *error)
{
  return g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_REFILL);
}

/* --- reading --- */

/* A pull on its way. */
typedef struct
{
  DeskSync *sync;
  GCancellable *cancellable;
  DeskAhead *ahead;
  gint64 ahead_stamp; /* where the copy has to stand for what was asked ahead */
  gint64 n_tickets;
  gboolean filling;
  gboolean more; /* there is another page to ask for */
  guint n_empty; /* pages that brought nothing, one after the other */
} Pull;

static void
clear_pull (Pull *self)
{
  g_clear_pointer (&self->ahead, desk_ahead_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pull, clear_pull)

static char *
make_page_path (const char *cursor, gboolean filling)
{
  g_autofree char *quoted = cursor != NULL ? g_uri_escape_string (cursor, NULL, FALSE) : NULL;

  if (quoted == NULL)
    return g_strdup ("/v1/snapshot");
  return g_strconcat (filling ? "/v1/snapshot?after=" : "/v1/changes?since=", quoted, NULL);
}

/* The answer counts only when nothing but the page before was heard since it was asked for. */
static DeskPage *
take_from_ahead (Pull *self, const DeskReplicaState *state, const char *path, char **seen)
{
  g_autoptr (DeskPage) page = desk_ahead_take (self->ahead, path, seen);

  if (page != NULL && state->stamp == self->ahead_stamp)
    return g_steal_pointer (&page);
  g_clear_pointer (seen, g_free);
  return NULL;
}

static DeskPage *
ask_page (Pull *self, const DeskReplicaState *state, char **seen, GError **error)
{
  DeskRemote *remote = self->sync->remote;
  g_autofree char *path = make_page_path (state->cursor, state->filling);
  const DeskAsk ask = { .method = "GET", .path = path };
  DeskPage *page = take_from_ahead (self, state, path, seen);

  if (page != NULL)
    return page;
  page = desk_remote_ask_page (remote, &ask, self->cancellable, error);
  *seen = g_strdup (desk_remote_get_seen (remote));
  return page;
}

/* Asks for the page after @page, with the mark of @page, before it is taken in. */
static void
ask_ahead (Pull *self, const DeskReplicaState *state, const DeskPage *page, const char *seen)
{
  g_autofree char *path = make_page_path (page->next, state->filling);

  self->ahead_stamp = state->stamp + 1;
  desk_ahead_ask (self->ahead, path, seen != NULL ? seen : state->seen);
}

static gboolean
is_empty (const DeskPage *page)
{
  return page->puts->len == 0 && page->gone->len == 0 && page->people->len == 0 &&
         page->entries == NULL;
}

/* What leads nowhere would be asked for without an end. */
static gboolean
check_page (Pull *self, const DeskReplicaState *state, const DeskPage *page, GError **error)
{
  self->n_empty = is_empty (page) ? self->n_empty + 1 : 0;
  if (page->next != NULL && self->n_empty <= MAX_EMPTY &&
      !(page->more && g_strcmp0 (page->next, state->cursor) == 0))
    return TRUE;
  return desk_remote_fail (error, DESK_REMOTE_ERROR_NONSENSE,
                           "What %s tells of the desk leads nowhere; tell whoever keeps the desk",
                           desk_remote_get_address (self->sync->remote));
}

static gboolean
pull_page (Pull *self, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_sync_look (self->sync, error);
  g_autofree char *seen = NULL;
  g_autoptr (DeskPage) page = state != NULL ? ask_page (self, state, &seen, error) : NULL;
  gboolean applied;

  if (page == NULL || !check_page (self, state, page, error))
    return FALSE;
  if (page->more)
    ask_ahead (self, state, page, seen);
  if (!desk_replica_apply (self->sync->db, page, state->stamp, seen, get_now (), &applied, error))
    return FALSE;
  self->filling = state->filling;
  /* After a fill comes what has changed meanwhile. */
  self->more = page->more || state->filling || !applied;
  self->n_tickets += page->puts->len;
  return TRUE;
}

gboolean
desk_sync_pull (DeskSync *self,
                DeskSyncProgress progress,
                gpointer user_data,
                GCancellable *cancellable,
                GError **error)
{
  g_auto (Pull) pull = { .sync = self, .cancellable = cancellable, .more = TRUE };
  guint n_refills = 0;

  pull.ahead = desk_ahead_new (self->remote, cancellable);
  while (pull.more)
    {
      g_autoptr (GError) failure = NULL;

      if (pull_page (&pull, &failure))
        {
          if (progress != NULL)
            progress (pull.n_tickets, pull.filling, user_data);
        }
      else if (is_refill (failure) && n_refills++ < MAX_REFILLS)
        {
          if (!desk_replica_begin_fill (self->db, error))
            return FALSE;
        }
      else
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
  return TRUE;
}

/* --- sending --- */

static gboolean
bring_files (DeskSync *self, const DeskBatch *batch, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < batch->ops->len; i++)
    if (!desk_transfer_bring (self->transfer, batch->ops->pdata[i], cancellable, error))
      return FALSE;
  return TRUE;
}

static DeskOpsAnswer *
ask_ops (DeskSync *self, const DeskBatch *batch, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskOpsRequest) request = desk_ops_request_new (self->device);
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) failure = NULL;
  DeskAsk ask = { .method = "POST", .path = "/v1/ops" };
  DeskOpsAnswer *answer;

  for (guint i = 0; i < batch->ops->len; i++)
    desk_ops_request_add (request, batch->ops->pdata[i]);
  body = desk_ops_request_to_json (request);
  ask.json = body;
  node = desk_remote_ask_json (self->remote, &ask, cancellable, error);
  answer = node != NULL ? desk_ops_answer_from_json (node, &failure) : NULL;
  if (failure != NULL)
    desk_remote_fail_nonsense (self->remote, failure, error);
  return answer;
}

/* @all is FALSE when one of the ops was taken back meanwhile, and nothing was sent. */
static DeskOpsAnswer *
send_batch (
    DeskSync *self, DeskBatch *batch, gboolean *all, GCancellable *cancellable, GError **error)
{
  DeskOpsAnswer *answer;

  if (!bring_files (self, batch, cancellable, error) ||
      !desk_outbox_note_leaving (self->db, batch, all, error) || !*all)
    return NULL;
  answer = ask_ops (self, batch, cancellable, error);
  /* Should this fail, they only cannot be taken back any more. */
  if (answer == NULL && !desk_remote_has_left (self->remote))
    desk_outbox_note_kept (self->db, batch, NULL);
  return answer;
}

/* The server did not even look at the op: to its author this is a refusal like any other. */
static DeskOpsAnswer *
refuse (const DeskBatch *batch, const GError *error)
{
  const DeskOp *op = batch->ops->pdata[0];
  DeskOpsAnswer *answer = desk_ops_answer_new ();
  DeskOpResult *result = desk_op_result_new (op->uid, DESK_OP_STATUS_REFUSED);

  result->problem = desk_problem_new_for_error (error);
  g_ptr_array_add (answer->results, result);
  return answer;
}

/* Whether the server refuses what it is asked, whenever it is asked. */
static gboolean
is_final (const GError *error)
{
  return error->domain == DESK_ERROR;
}

static gboolean
asks_for (const DeskBatch *batch, const char *op)
{
  for (guint i = 0; i < batch->ops->len; i++)
    if (g_strcmp0 (((const DeskOp *) batch->ops->pdata[i])->uid, op) == 0)
      return TRUE;
  return FALSE;
}

/* An answer to what was not asked would be asked for again and again. */
static guint
count_settled (const DeskBatch *batch, const DeskOpsAnswer *answer)
{
  guint n_settled = 0;

  for (guint i = 0; i < answer->results->len; i++)
    {
      const DeskOpResult *result = answer->results->pdata[i];

      if (result->status != DESK_OP_STATUS_RETRY &&
          result->status != DESK_OP_STATUS_NOT_ATTEMPTED && asks_for (batch, result->op))
        n_settled++;
    }
  return n_settled;
}

static gboolean
misses_file (const DeskOpsAnswer *answer)
{
  for (guint i = 0; i < answer->results->len; i++)
    {
      const DeskOpResult *result = answer->results->pdata[i];

      if (result->problem != NULL && g_strcmp0 (result->problem->code, "blob-missing") == 0)
        return TRUE;
    }
  return FALSE;
}

/* A push on its way. */
typedef struct
{
  guint max; /* ops at a time */
  guint n_missing;
  gboolean done;
} Push;

static gboolean
settle (
    DeskSync *self, Push *push, const DeskBatch *batch, const DeskOpsAnswer *answer, GError **error)
{
  if (!desk_outbox_settle (self->db, batch, answer, desk_remote_get_seen (self->remote), get_now (),
                           error))
    return FALSE;
  if (misses_file (answer) && !desk_transfer_forget (self->transfer, error))
    return FALSE;
  if (count_settled (batch, answer) > 0 ||
      (misses_file (answer) && push->n_missing++ < MAX_MISSING))
    return TRUE;
  desk_remote_fail (error, DESK_REMOTE_ERROR_BUSY,
                    "The server could not take anything in; it is asked again later");
  return FALSE;
}

static gboolean
push_batch (DeskSync *self, Push *push, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_sync_look (self, error);
  g_autoptr (DeskBatch)
      batch = state != NULL ? desk_outbox_take (self->db, push->max, BATCH_MAX_BYTES, error) : NULL;
  g_autoptr (DeskOpsAnswer) answer = NULL;
  GError *failure = NULL;
  gboolean all = TRUE;

  if (batch == NULL)
    return FALSE;
  push->done = batch->ops->len == 0;
  if (push->done)
    return TRUE;
  answer = send_batch (self, batch, &all, cancellable, &failure);
  if (answer == NULL && !all)
    return TRUE;
  if (answer == NULL && !is_final (failure))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  /* One of them is at fault: they go one by one, until it is known which. */
  if (answer == NULL && batch->ops->len > 1)
    {
      g_error_free (failure);
      push->max = 1;
      return TRUE;
    }
  if (answer == NULL)
    answer = refuse (batch, failure);
  g_clear_error (&failure);
  return settle (self, push, batch, answer, error);
}

gboolean
desk_sync_push (DeskSync *self, GCancellable *cancellable, GError **error)
{
  Push push = { .max = DESK_PROTOCOL_MAX_OPS };

  while (!push.done)
    {
      g_autoptr (GError) failure = NULL;

      if (push_batch (self, &push, cancellable, &failure))
        continue;
      if (is_refill (failure))
        return desk_replica_begin_fill (self->db, error);
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  return TRUE;
}

/* --- what was read here --- */

static gboolean
tell_seen (DeskSync *self, const DeskGap *read, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/tickets/%s/seen/%" G_GINT64_FORMAT, read->ticket,
                                           read->after_no);
  const DeskAsk ask = { .method = "PUT", .path = path };
  g_autoptr (GError) failure = NULL;
  g_autoptr (GBytes) nothing = desk_remote_ask (self->remote, &ask, cancellable, &failure);

  /* A ticket that went is nothing to tell of either. */
  if (nothing != NULL || is_final (failure))
    return desk_replica_note_told (self->db, read, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
desk_sync_tell_seen (DeskSync *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (DeskReplicaState) state = desk_sync_look (self, error);
  g_autoptr (GPtrArray)
      untold = state != NULL ? desk_replica_list_untold (self->db, MARKS_AT_ONCE, error) : NULL;

  if (untold == NULL)
    return FALSE;
  for (guint i = 0; i < untold->len; i++)
    if (!tell_seen (self, untold->pdata[i], cancellable, error))
      return FALSE;
  return TRUE;
}

/* --- the rest --- */

gboolean
desk_sync_index (DeskSync *self, gint64 *left, GError **error)
{
  return desk_replica_index (self->db, TICKETS_A_STEP, left, error);
}

/* What waits goes first: the server may have lost it (see desk_outbox_take()). */
static gboolean
run_once (DeskSync *self,
          DeskSyncProgress progress,
          gpointer user_data,
          GCancellable *cancellable,
          GError **error)
{
  return desk_sync_push (self, cancellable, error) &&
         desk_sync_pull (self, progress, user_data, cancellable, error) &&
         desk_sync_push (self, cancellable, error) && desk_sync_mend (self, cancellable, error) &&
         desk_sync_tell_seen (self, cancellable, error);
}

gboolean
desk_sync_run (DeskSync *self,
               DeskSyncProgress progress,
               gpointer user_data,
               GCancellable *cancellable,
               GError **error)
{
  guint n_refills = 0;

  for (;;)
    {
      g_autoptr (GError) failure = NULL;

      if (run_once (self, progress, user_data, cancellable, &failure))
        return TRUE;
      if (!is_refill (failure) || n_refills++ == MAX_REFILLS)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (!desk_replica_begin_fill (self->db, error))
        return FALSE;
    }
}
