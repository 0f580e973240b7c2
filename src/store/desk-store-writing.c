/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing to the desk as a window does: ops, taking them back, and how far somebody has read. */
#include "desk-store-object.h"

#include "desk-outbox.h"
#include "desk-uid.h"

#define SEEN_MS 200

/* --- submitting --- */

DeskOp *
desk_store_new_op (DeskStore *self, const DeskTicket *ticket, DeskKind kind)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = ticket == NULL ? desk_uid_new () : NULL;
  DeskOp *op = desk_op_new (uid, ticket != NULL ? ticket->uid : new_ticket, kind, self->me->uid);

  op->device = g_strdup (self->device);
  op->via = DESK_VIA_APP;
  op->base = ticket != NULL ? ticket->no : 0;
  op->at = desk_store_get_now ();
  return op;
}

static gpointer
submit_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;

  if (call->text != NULL)
    return desk_outbox_add_instead (db, call->op, call->text, call->me, desk_store_get_now (),
                                    error);
  return desk_submit_in (db, call->op, call->me, desk_store_get_now (), error);
}

void
desk_store_submit_async (DeskStore *self,
                         DeskOp *op,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  desk_store_submit_instead_async (self, op, NULL, cancellable, callback, user_data);
}

void
desk_store_submit_instead_async (DeskStore *self,
                                 DeskOp *op,
                                 const char *refused_uid,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->op = desk_op_ref (op);
  call->text = g_strdup (refused_uid);
  desk_store_push (self, DESK_CREW_GROUPED, call, desk_store_submit_async, submit_job,
                   (GDestroyNotify) desk_receipt_free, cancellable, callback, user_data);
}

DeskReceipt *
desk_store_submit_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  const DeskCall *call = g_task_get_task_data (G_TASK (result));
  gboolean redacts = call->op->kind == DESK_KIND_REDACT;
  DeskReceipt *receipt = desk_store_finish (self, result, error);

  if (receipt != NULL && redacts && !self->closed)
    desk_store_tidy_now (self);
  /* Not to wait for the stamp of what we did ourselves. */
  if (receipt != NULL && !self->closed)
    desk_store_look (self);
  return receipt;
}

static gpointer
withdraw_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  return desk_outbox_withdraw (db, ((DeskCall *) data)->text, error);
}

void
desk_store_withdraw_async (DeskStore *self,
                           const char *op_uid,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  DeskCall *call = desk_store_new_call (self);

  call->text = g_strdup (op_uid);
  desk_store_push (self, DESK_CREW_GROUPED, call, desk_store_withdraw_async, withdraw_job,
                   (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
desk_store_withdraw_finish (DeskStore *self, GAsyncResult *result, GError **error)
{
  GPtrArray *ops = desk_store_finish (self, result, error);

  if (ops != NULL && !self->closed)
    desk_store_look (self);
  return ops;
}

/* --- how far I have read --- */

static gpointer
seen_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskCall *call = data;
  GHashTableIter iter;
  gpointer ticket, no;

  g_hash_table_iter_init (&iter, call->seen);
  while (g_hash_table_iter_next (&iter, &ticket, &no))
    desk_tickets_mark_seen (db, call->me, ticket, *(gint64 *) no, NULL);
  return GINT_TO_POINTER (TRUE);
}

static void
wrote_seen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskStore *self = DESK_STORE (source);

  if (desk_store_finish (self, result, NULL) != NULL && !self->closed)
    g_signal_emit_by_name (self, "seen");
}

void
desk_store_write_seen (DeskStore *self)
{
  DeskCall *call;

  if (g_hash_table_size (self->seen) == 0 || self->closed)
    return;
  call = desk_store_new_call (self);
  call->seen = g_steal_pointer (&self->seen);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  desk_store_push (self, DESK_CREW_GROUPED, call, desk_store_write_seen, seen_job, NULL, NULL,
                   wrote_seen_cb, NULL);
}

static gboolean
write_seen_cb (gpointer data)
{
  DeskStore *self = data;

  self->seen_source = 0;
  desk_store_write_seen (self);
  return G_SOURCE_REMOVE;
}

void
desk_store_mark_seen (DeskStore *self, const char *ticket_uid, gint64 no)
{
  g_return_if_fail (DESK_IS_STORE (self));

  g_hash_table_insert (self->seen, g_strdup (ticket_uid), g_memdup2 (&no, sizeof no));
  if (self->seen_source == 0 && !self->closed)
    self->seen_source = g_timeout_add (SEEN_MS, write_seen_cb, self);
}
