/* SPDX-License-Identifier: GPL-3.0-or-later
 * The search documents of a desk. */
#include "desk-documents.h"

#include "desk-fold.h"
#include "desk-spread.h"

/* Values that people search for; others are states. The summary is in every document anyway. */
static const DeskField searched[] = { DESK_FIELD_RESOLUTION, DESK_FIELD_STEPS,
                                      DESK_FIELD_RECOMMENDATIONS };

static void
append (GString *words, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (words->len > 0)
    g_string_append_c (words, '\n');
  desk_spread_document (words, text);
}

char *
desk_document_get_owner (gint64 requester)
{
  return g_strdup_printf (DESK_DOCUMENT_OWNER_SIGN "%" G_GINT64_FORMAT, requester);
}

char *
desk_document_make (const char *summary, gint64 requester, const DeskEvent *event)
{
  GString *words = g_string_new (NULL);

  append (words, event->text);
  for (guint i = 0; i < G_N_ELEMENTS (searched); i++)
    {
      const DeskChange *change = desk_changes_find (event->changes, searched[i]);
      append (words, change != NULL ? change->to : NULL);
    }
  for (guint i = 0; i < event->attachments->len; i++)
    append (words, ((DeskAttachment *) event->attachments->pdata[i])->name);
  if (words->len > 0 || event->kind == DESK_KIND_CREATED)
    append (words, summary);
  if (words->len > 0 && event->audience == DESK_AUDIENCE_PUBLIC)
    {
      g_autofree char *owner = desk_document_get_owner (requester);

      append (words, owner);
    }
  return g_string_free (words, words->len == 0);
}

static gboolean
write_document (
    DeskDb *db, const DeskEvent *event, gint64 id, const char *words, gboolean add, GError **error)
{
  static const DeskSql statements[2][2] = {
    [DESK_AUDIENCE_PUBLIC] = { DESK_SQL_TEXT_PUBLIC_DELETE, DESK_SQL_TEXT_PUBLIC_INSERT },
    [DESK_AUDIENCE_INTERNAL] = { DESK_SQL_TEXT_INTERNAL_DELETE, DESK_SQL_TEXT_INTERNAL_INSERT },
  };

  return words == NULL ||
         desk_db_run (db, statements[event->audience][add], error, "is", id, words) >= 0;
}

gboolean
desk_documents_remove (DeskDb *db,
                       const char *summary,
                       gint64 requester,
                       const DeskEvent *event,
                       gint64 id,
                       GError **error)
{
  g_autofree char *words = desk_document_make (summary, requester, event);

  return write_document (db, event, id, words, FALSE, error);
}

gboolean
desk_documents_put (DeskDb *db,
                    const char *summary,
                    gint64 requester,
                    const DeskEvent *event,
                    gint64 id,
                    GError **error)
{
  g_autofree char *words = desk_document_make (summary, requester, event);

  return write_document (db, event, id, words, TRUE, error);
}

static gboolean
rewrite_document (DeskDb *db,
                  const DeskFold *fold,
                  const DeskEvent *event,
                  const char *old_summary,
                  GError **error)
{
  gint64 id, ticket;

  return desk_fold_find_event (db, event->uid, &id, &ticket, NULL, error) &&
         desk_documents_remove (db, old_summary, fold->requester_id, event, id, error) &&
         desk_documents_put (db, fold->ticket->summary, fold->requester_id, event, id, error);
}

gboolean
desk_documents_follow (
    DeskDb *db, DeskFold *fold, gint64 before_no, const char *old_summary, GError **error)
{
  g_autoptr (GPtrArray) events = desk_fold_read_events (db, fold, 0, error);

  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = events->pdata[i];

      if (event->no < before_no && !rewrite_document (db, fold, event, old_summary, error))
        return FALSE;
    }
  return TRUE;
}
