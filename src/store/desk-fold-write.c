/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing what a ticket's row, its counters and a redaction need. */
#include "desk-fold.h"

#include "desk-documents.h"
#include "desk-error.h"
#include "desk-projection.h"
#include "desk-scrub.h"

static gboolean
find_person_id (DeskDb *db, const char *uid, gint64 *id, GError **error)
{
  return desk_db_get_person_id (db, uid, id, error);
}

static gboolean
find_people (DeskDb *db, DeskFold *fold, GError **error)
{
  return find_person_id (db, fold->ticket->requester, &fold->requester_id, error) &&
         find_person_id (db, fold->ticket->assignee, &fold->assignee_id, error);
}

gboolean
desk_fold_reserve (DeskDb *db, DeskFold *fold, GError **error)
{
  gint64 last;

  if (!desk_db_get_int (db, DESK_SQL_TICKET_LAST, &last, error, ""))
    return FALSE;
  fold->id = last + 1;
  fold->is_new = TRUE;
  return TRUE;
}

gboolean
desk_fold_write (DeskDb *db, DeskFold *fold, GError **error)
{
  const DeskTicket *t = fold->ticket;
  DeskSql sql;

  if (!find_people (db, fold, error) || (fold->id == 0 && !desk_fold_reserve (db, fold, error)))
    return FALSE;
  sql = fold->is_new ? DESK_SQL_TICKET_INSERT : DESK_SQL_TICKET_UPDATE;
  fold->is_new = FALSE;
  return desk_db_run (
             db, sql, error, "ssiIiiIIiIIiiIsssIIiiiiiiiIIiiu", t->number, t->summary,
             fold->requester_id, desk_db_get_entry_id (db, DESK_ENTRY_TOPIC, t->topic),
             (gint64) t->status, desk_db_get_entry_id (db, DESK_ENTRY_DEPARTMENT, t->department),
             desk_db_get_entry_id (db, DESK_ENTRY_TEAM, t->team), fold->assignee_id,
             (gint64) t->priority, desk_db_get_entry_id (db, DESK_ENTRY_SLA, t->sla), t->due_at,
             t->target_secs, t->spent_secs, t->running_since, t->resolution, t->steps,
             t->recommendations, t->resolved_at, t->closed_at, t->no, t->public_no, t->created_at,
             t->updated_at, t->public_at, fold->tx, fold->public_tx, fold->last_event,
             fold->public_last_event, fold->attachments, fold->id, t->uid) >= 0;
}

/* --- events --- */

gint64
desk_fold_find_blob (DeskDb *db, const DeskAttachment *attachment, GError **error)
{
  g_autoptr (GBytes) sha256 = desk_bytes_from_hex (attachment->sha256);
  g_autoptr (DeskQuery) query = desk_db_query (db, DESK_SQL_BLOB_FIND, error, "b", sha256);
  GError *failure = NULL;

  if (query == NULL)
    return 0;
  if (desk_query_next (query, &failure) && desk_query_int (query, 1) == attachment->size_bytes)
    return desk_query_int (query, 0);
  if (failure == NULL)
    desk_refuse (&failure, DESK_ERROR_NO_SUCH, "The file “%s” is not in the desk; attach it again",
                 attachment->name);
  g_propagate_error (error, failure);
  return 0;
}

static gboolean
write_attachments (DeskDb *db, gint64 ticket, const DeskEvent *event, gint64 id, GError **error)
{
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *attachment = event->attachments->pdata[i];
      gint64 blob = desk_fold_find_blob (db, attachment, error);

      if (blob == 0 || desk_db_run (db, DESK_SQL_ATTACHMENT_INSERT, error, "iiissi", id, (gint64) i,
                                    ticket, attachment->name, attachment->type, blob) < 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_event (DeskDb *db,
             gint64 ticket,
             const DeskEvent *event,
             gint64 author,
             GBytes *digest,
             gint64 *id,
             GError **error)
{
  g_autofree char *changes = desk_changes_format (event->changes);
  const char *cause = g_strcmp0 (event->cause, event->uid) != 0 ? event->cause : NULL;
  gint64 at = event->at != event->accepted_at ? event->at : 0;

  return desk_db_insert (db, DESK_SQL_EVENT_INSERT, id, error, "uiiIissuisiubIii", event->uid,
                          ticket, event->no, event->public_no, (gint64) event->kind, event->text,
                          changes, event->target, author, event->device, (gint64) event->via, cause,
                          digest, at, event->accepted_at, (gint64) event->redacted);
}

static gboolean
write_document (DeskDb *db,
                DeskFold *fold,
                const DeskEvent *event,
                gint64 id,
                const char *old_summary,
                GError **error)
{
  const char *summary = fold->ticket->summary;

  /* The summary is in the older documents too. */
  if (event->no > 1 && g_strcmp0 (old_summary, summary) != 0 &&
      !desk_documents_follow (db, fold, event->no, old_summary, error))
    return FALSE;
  return desk_documents_put (db, summary, fold->requester_id, event, id, error);
}

gboolean
desk_fold_add_event (DeskDb *db,
                     DeskFold *fold,
                     const DeskEvent *event,
                     gint64 author,
                     GBytes *digest,
                     GError **error)
{
  g_autofree char *old_summary = g_strdup (fold->ticket->summary);
  gint64 id;

  if (!write_event (db, fold->id, event, author, digest, &id, error) ||
      !write_attachments (db, fold->id, event, id, error))
    return FALSE;
  desk_fold_apply (fold, event, id);
  return find_people (db, fold, error) && write_document (db, fold, event, id, old_summary, error);
}

/* --- counters --- */

DeskTallyKey
desk_fold_get_tally_key (DeskDb *db, const DeskFold *fold)
{
  return (DeskTallyKey){
    .department = desk_db_get_entry_id (db, DESK_ENTRY_DEPARTMENT, fold->ticket->department),
    .team = desk_db_get_entry_id (db, DESK_ENTRY_TEAM, fold->ticket->team),
    .assignee = fold->assignee_id,
    .status = fold->ticket->status,
    .requester = fold->requester_id,
  };
}

static gboolean
count (DeskDb *db, const DeskTallyKey *key, gint64 n, GError **error)
{
  return desk_db_run (db, DESK_SQL_TALLY_ADD, error, "iiiii", key->department, key->team,
                      key->assignee, key->status, n) >= 0;
}

static gboolean
keys_equal (const DeskTallyKey *a, const DeskTallyKey *b)
{
  return a->department == b->department && a->team == b->team && a->assignee == b->assignee &&
         a->status == b->status;
}

gboolean
desk_fold_move_tally (DeskDb *db, const DeskTallyKey *before, const DeskFold *fold, GError **error)
{
  DeskTallyKey after = desk_fold_get_tally_key (db, fold);

  if (before != NULL && keys_equal (before, &after))
    return TRUE;
  return (before == NULL || count (db, before, -1, error)) && count (db, &after, 1, error);
}

/* --- moves --- */

/* Who had no assignee or team loses nobody with it. */
static gboolean
takes_away (const DeskTallyKey *before, const DeskTallyKey *after)
{
  return before->department != after->department || before->requester != after->requester ||
         (before->team != 0 && before->team != after->team) ||
         (before->assignee != 0 && before->assignee != after->assignee);
}

gboolean
desk_fold_looks_different (DeskDb *db, const DeskTallyKey *before, const DeskFold *fold)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  const char *department;
  g_autoptr (DeskTicket) ticket = NULL;
  g_autoptr (DeskTicket) shown_before = NULL;
  g_autoptr (DeskTicket) shown = NULL;

  department = before != NULL ? desk_db_get_entry_slug (db, before->department) : NULL;
  if (department == NULL || g_strcmp0 (department, fold->ticket->department) == 0)
    return FALSE;
  ticket = desk_ticket_copy (fold->ticket);
  desk_ticket_set_field (ticket, DESK_FIELD_DEPARTMENT, department);
  shown_before = desk_ticket_project (ticket, catalogue);
  shown = desk_ticket_project (fold->ticket, catalogue);
  return desk_ticket_compare (shown_before, shown) != NULL;
}

gboolean
desk_fold_note_move (
    DeskDb *db, const DeskTallyKey *before, const DeskFold *fold, gint64 now, GError **error)
{
  DeskTallyKey after = desk_fold_get_tally_key (db, fold);

  if (before == NULL || !takes_away (before, &after))
    return TRUE;
  return desk_db_run (db, DESK_SQL_MOVED_INSERT, error, "iiiIIii", fold->tx, fold->id,
                      before->department, before->team, before->assignee, before->requester,
                      now) >= 0;
}

/* --- redaction --- */

/* Texts go, states stay: without them the ticket could not be folded. */
static gboolean
is_personal (DeskField field)
{
  return field == DESK_FIELD_SUMMARY || field == DESK_FIELD_RESOLUTION ||
         field == DESK_FIELD_STEPS || field == DESK_FIELD_RECOMMENDATIONS;
}

static void
empty_changes (GPtrArray *changes)
{
  for (guint i = 0; i < changes->len; i++)
    {
      DeskChange *change = changes->pdata[i];

      if (!is_personal (change->field))
        continue;
      g_free (change->from);
      change->from = NULL;
      if (change->to != NULL)
        {
          g_free (change->to);
          change->to = g_strdup ("");
        }
    }
}

/* What the next change of the same field had found there would keep the value alive. */
static gboolean
forget_from (DeskDb *db, GPtrArray *events, const DeskEvent *redacted, GError **error)
{
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = events->pdata[i];
      gboolean touched = FALSE;
      g_autofree char *changes = NULL;

      for (guint k = 0; event->no > redacted->no && k < event->changes->len; k++)
        {
          DeskChange *change = event->changes->pdata[k];

          if (!is_personal (change->field) || change->from == NULL ||
              desk_changes_find (redacted->changes, change->field) == NULL)
            continue;
          g_clear_pointer (&change->from, g_free);
          touched = TRUE;
        }
      changes = touched ? desk_changes_format (event->changes) : NULL;
      if (touched && desk_db_run (db, DESK_SQL_EVENT_REWRITE, error, "su", changes, event->uid) < 0)
        return FALSE;
    }
  return TRUE;
}

/* Contents that nothing refers to any more do not wait for the sweep. */
static gboolean
drop_contents (DeskDb *db, const DeskEvent *event, GError **error)
{
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *attachment = event->attachments->pdata[i];
      g_autoptr (GBytes) sha256 = desk_bytes_from_hex (attachment->sha256);
      gint64 blob;

      if (!desk_db_get_int (db, DESK_SQL_BLOB_FIND, &blob, error, "b", sha256) ||
          desk_db_run (db, DESK_SQL_BLOB_FORGET, error, "i", blob) < 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_redacted (DeskDb *db, DeskEvent *event, gint64 id, GError **error)
{
  g_autofree char *changes = NULL;

  empty_changes (event->changes);
  changes = desk_changes_format (event->changes);
  return desk_db_run (db, DESK_SQL_EVENT_REDACT, error, "si", changes, id) >= 0 &&
         desk_db_run (db, DESK_SQL_ATTACHMENTS_DELETE, error, "i", id) >= 0 &&
         drop_contents (db, event, error);
}

static DeskEvent *
find_event (GPtrArray *events, const char *uid)
{
  for (guint i = 0; i < events->len; i++)
    if (g_strcmp0 (((DeskEvent *) events->pdata[i])->uid, uid) == 0)
      return events->pdata[i];
  return NULL;
}

static gboolean
rewrite_documents (DeskDb *db, DeskFold *fold, GPtrArray *events, gboolean add, GError **error)
{
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = events->pdata[i];
      gint64 id, ticket;

      if (!desk_fold_find_event (db, event->uid, &id, &ticket, NULL, error) ||
          !(add ? desk_documents_put (db, fold->ticket->summary, fold->requester_id, event, id,
                                      error)
                : desk_documents_remove (db, fold->ticket->summary, fold->requester_id, event, id,
                                         error)))
        return FALSE;
    }
  return TRUE;
}

/* The row keeps what only this file knows of it. */
static gboolean
refold (DeskDb *db, DeskFold *fold, GPtrArray *events, GError **error)
{
  g_autoptr (DeskFold) again = desk_fold_again (db, fold->ticket->uid, events, error);

  if (again == NULL)
    return FALSE;
  desk_ticket_unref (fold->ticket);
  fold->ticket = desk_ticket_ref (again->ticket);
  fold->last_event = again->last_event;
  fold->public_last_event = again->public_last_event;
  fold->attachments = again->attachments;
  return TRUE;
}

gboolean
desk_fold_redact (DeskDb *db, DeskFold *fold, const char *target, GError **error)
{
  g_autoptr (GPtrArray) events = desk_fold_read_events (db, fold, 0, error);
  DeskEvent *event = events != NULL ? find_event (events, target) : NULL;
  gint64 id, ticket;

  if (event == NULL || !desk_fold_find_event (db, target, &id, &ticket, NULL, error) ||
      !rewrite_documents (db, fold, events, FALSE, error) ||
      !write_redacted (db, event, id, error) || !forget_from (db, events, event, error))
    return FALSE;
  g_ptr_array_set_size (event->attachments, 0);
  g_clear_pointer (&event->text, g_free);
  return refold (db, fold, events, error) && rewrite_documents (db, fold, events, TRUE, error) &&
         desk_fold_write (db, fold, error) && desk_scrub_ask_words (db, fold->ticket->uid, error);
}
