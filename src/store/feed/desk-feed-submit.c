/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an op's author is told: what became of it, and the ticket as it is now. */
#include "desk-feed-private.h"

#include "desk-error.h"
#include "desk-tickets.h"

/* The ticket as the author sees it, with what they had not seen; NULL without @error: they do not
 * see it. */
static gboolean
add_put (DeskFeeding *feeding, const DeskOp *op, DeskOpResult *result, GError **error)
{
  DeskEventRange range = { .after_no = op->base,
                           .max = desk_feed_limits.events,
                           .max_bytes = desk_feed_limits.bytes };
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (feeding->db, op->ticket, &failure);

  if (fold != NULL)
    result->put = desk_feeding_make_put (feeding, fold, &range, NULL, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* What the author does not see is no reason that they can be given. */
static void
add_clash (DeskProblem *problem, const DeskPut *put, DeskField field)
{
  const DeskChange *first = NULL, *last = NULL;
  const char *by = NULL;

  for (guint i = 0; i < put->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (put->events, i);
      const DeskChange *change = desk_changes_find (event->changes, field);

      if (change == NULL)
        continue;
      first = first != NULL ? first : change;
      last = change;
      by = event->author;
    }
  if (last != NULL)
    g_ptr_array_add (problem->clashes, desk_clash_new (field, first->from, last->to, by));
}

static DeskOpResult *
make_refusal (const DeskOp *op, const GError *refusal)
{
  DeskOpResult *result = desk_op_result_new (op->uid, refusal->code == DESK_ERROR_CONFLICT
                                                          ? DESK_OP_STATUS_CONFLICT
                                                          : DESK_OP_STATUS_REFUSED);

  result->problem = desk_problem_new_for_error (refusal);
  return result;
}

static void
add_clashes (DeskOpResult *result, const DeskOp *op)
{
  if (result->status != DESK_OP_STATUS_CONFLICT || result->put == NULL)
    return;
  for (guint i = 0; i < op->changes->len; i++)
    add_clash (result->problem, result->put, ((DeskChange *) op->changes->pdata[i])->field);
}

/* Somebody new is there once their first ticket was accepted. */
static gboolean
add_state (DeskDb *db,
           const DeskPerson *author,
           const DeskOp *op,
           DeskOpResult *result,
           GHashTable *people,
           GError **error)
{
  g_auto (DeskFeeding) feeding = { 0 };

  if (!desk_feeding_open (&feeding, db, author, NULL, 0, error) ||
      !add_put (&feeding, op, result, error))
    return FALSE;
  if (result->put != NULL && people != NULL)
    return desk_tickets_add_people (db, people, result->put->ticket, result->put->events, error);
  return TRUE;
}

DeskOpResult *
desk_feed_submit (DeskDb *db,
                  DeskOp *op,
                  const DeskPerson *author,
                  gint64 now,
                  GHashTable *people,
                  GError **error)
{
  g_autoptr (DeskReceipt) receipt = NULL;
  g_autoptr (DeskOpResult) result = NULL;
  g_autoptr (GError) refusal = NULL;

  g_free (op->author);
  op->author = g_strdup (author->uid);
  receipt = desk_submit_in (db, op, author, now, &refusal);
  if (receipt == NULL && refusal->domain != DESK_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return NULL;
    }
  if (receipt != NULL)
    result = desk_op_result_new (op->uid, receipt->replayed ? DESK_OP_STATUS_REPLAYED
                                                            : DESK_OP_STATUS_ACCEPTED);
  else
    result = make_refusal (op, refusal);
  if (!add_state (db, author, op, result, people, error))
    return NULL;
  add_clashes (result, op);
  return g_steal_pointer (&result);
}
