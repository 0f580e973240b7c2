/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server without a network. */
#include "served.h"

#include <string.h>

#include "desk-blobs.h"
#include "desk-error.h"
#include "desk-feed-seen.h"
#include "desk-people.h"
#include "desk-tickets.h"

static DeskFeedLimits limits;

void
served_set_page (guint puts, guint events)
{
  limits = desk_feed_limits;
  if (puts > 0)
    limits.puts = puts;
  if (events > 0)
    limits.events = events;
}

static const DeskFeedLimits *
get_limits (void)
{
  return limits.puts > 0 ? &limits : NULL;
}

/* --- cursors --- */

static char *
seal (const DeskCursor *cursor)
{
  guint8 bytes[DESK_CURSOR_BYTES];
  GString *text = g_string_new (NULL);

  desk_cursor_pack (cursor, bytes);
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
unseal (const char *text, DeskCursor *cursor)
{
  g_autoptr (GBytes) bytes = desk_bytes_from_hex (text);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return desk_cursor_unpack (data, size, cursor);
}

/* --- answers --- */

static char *
make_answer (int status, const char *body)
{
  return g_strdup_printf ("{\"status\": %d, \"body\": %s}", status, body);
}

static char *
answer_node (int status, JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;
  g_autofree char *text = desk_json_to_string (owned, FALSE);

  return make_answer (status, text);
}

/* What is an answer too; NULL with @error for what is none. */
static char *
answer_failure (GError *failure, GError **error)
{
  g_autoptr (GError) owned = failure;

  if (owned->domain == DESK_FEED_ERROR)
    return make_answer (owned->code == DESK_FEED_ERROR_REFILL ? 410 : 400, "{}");
  if (owned->domain == DESK_ERROR)
    return make_answer (owned->code == DESK_ERROR_NO_SUCH ? 404 : 422, "{}");
  g_propagate_error (error, g_steal_pointer (&owned));
  return NULL;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) &&
                 !json_node_is_null (json_object_get_member (object, name))
             ? json_object_get_string_member (object, name)
             : NULL;
}

static char *
answer_page (DeskDb *db, const DeskPerson *reader, JsonObject *request, gint64 now, GError **error)
{
  gboolean fill = g_str_equal (get_text (request, "get"), "snapshot");
  const char *text = get_text (request, "cursor");
  g_autoptr (DeskPage) page = NULL;
  g_autofree char *body = NULL;
  DeskCursor since, next;
  GError *failure = NULL;

  if (text != NULL && !unseal (text, &since))
    return make_answer (400, "{}");
  page = fill ? desk_feed_fill (db, reader, text != NULL ? &since : NULL, get_limits (), now, &next,
                                &failure)
              : desk_feed_read (db, reader, &since, get_limits (), now, &next, &failure);
  if (page == NULL)
    return answer_failure (failure, error);
  page->next = seal (&next);
  body = desk_page_to_string (page, NULL);
  return make_answer (200, body);
}

/* {"ticket": put, "people": […]} */
static char *
answer_events (DeskDb *db, const DeskPerson *reader, JsonObject *request, GError **error)
{
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  GError *failure = NULL;
  g_autoptr (DeskPut) put = desk_feed_load (
      db, reader, get_text (request, "ticket"), json_object_get_int_member (request, "after"),
      get_limits () != NULL ? limits.events : 0, people, &failure);
  g_autoptr (DeskPage) page = desk_page_new ();
  g_autofree char *body = NULL;

  if (put == NULL)
    return answer_failure (failure, error);
  g_ptr_array_unref (page->people);
  page->people = desk_feed_people_to_array (people, reader);
  g_ptr_array_add (page->puts, g_steal_pointer (&put));
  body = desk_page_to_string (page, NULL);
  return make_answer (200, body);
}

static char *
answer_seen (DeskDb *db, const DeskPerson *reader, JsonObject *request, GError **error)
{
  GError *failure = NULL;

  if (!desk_db_begin (db, error))
    return NULL;
  if (desk_tickets_mark_seen (db, reader, get_text (request, "ticket"),
                              json_object_get_int_member (request, "no"), &failure))
    return desk_db_commit (db, error) ? make_answer (200, "{}") : NULL;
  desk_db_rollback (db);
  return answer_failure (failure, error);
}

static gboolean
has_all (DeskDb *db, const DeskOp *op, gboolean *has, GError **error)
{
  *has = TRUE;
  for (guint i = 0; i < op->attachments->len && *has; i++)
    if (!desk_blobs_find (db, ((DeskAttachment *) op->attachments->pdata[i])->sha256, has, error))
      return FALSE;
  return TRUE;
}

static DeskOpResult *
submit_one (DeskDb *db,
            DeskOp *op,
            const DeskPerson *author,
            gint64 now,
            GHashTable *people,
            GError **error)
{
  DeskOpResult *result;
  gboolean has;

  if (!has_all (db, op, &has, error))
    return NULL;
  if (has)
    return desk_feed_submit (db, op, author, now, people, error);
  result = desk_op_result_new (op->uid, DESK_OP_STATUS_RETRY);
  result->problem = desk_problem_new ("blob-missing", "Upload the file first");
  return result;
}

/* All in one transaction, as a group of the server's writer is. */
static char *
answer_ops (DeskDb *db, const DeskPerson *author, JsonNode *node, gint64 now, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskOpsRequest) request = desk_ops_request_from_json (node, &failure);
  g_autoptr (DeskOpsAnswer) answer = desk_ops_answer_new ();
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  gboolean stopped = FALSE;

  g_assert_no_error (failure);
  if (!desk_db_begin (db, error))
    return NULL;
  for (guint i = 0; i < request->asked->len; i++)
    {
      const DeskAsked *asked = request->asked->pdata[i];
      DeskOpResult *result;

      g_assert_no_error (asked->error);
      result = stopped ? desk_op_result_new (asked->uid, DESK_OP_STATUS_NOT_ATTEMPTED)
                       : submit_one (db, asked->op, author, now, people, error);
      if (result == NULL)
        {
          desk_db_rollback (db);
          return NULL;
        }
      g_ptr_array_add (answer->results, result);
      stopped |= result->status == DESK_OP_STATUS_RETRY;
    }
  g_ptr_array_unref (answer->people);
  answer->people = desk_feed_people_to_array (people, author);
  answer->server_time = now;
  if (!desk_db_commit (db, error))
    return NULL;
  return answer_node (200, desk_ops_answer_to_json (answer));
}

/* --- marks --- */

/* NULL: the request may be answered. */
static char *
check_seen (DeskDb *db, const DeskPerson *reader, JsonObject *request, gint64 now, GError **error)
{
  const char *seen = get_text (request, "seen");
  GError *failure = NULL;
  DeskCursor mark;

  if (seen == NULL)
    return NULL;
  g_assert_true (unseal (seen, &mark));
  return desk_feed_check_mark (db, reader, &mark, now, &failure) ? NULL
                                                                 : answer_failure (failure, error);
}

/* @answer with a mark; NULL with @error. */
static char *
add_seen (DeskDb *db, const DeskPerson *reader, char *answer, gint64 now, GError **error)
{
  g_autofree char *owned = answer;
  g_autofree char *seal_text = NULL;
  DeskCursor mark;

  if (!desk_feed_mark (db, reader, now, &mark, error))
    return NULL;
  seal_text = seal (&mark);
  return g_strdup_printf ("{\"seen\": \"%s\", %s", seal_text, answer + 1);
}

static char *
answer_this (DeskDb *db, const DeskPerson *reader, JsonNode *node, gint64 now, GError **error)
{
  JsonObject *object = json_node_get_object (node);
  const char *get = get_text (object, "get");

  if (get == NULL)
    return answer_ops (db, reader, node, now, error);
  if (g_str_equal (get, "events"))
    return answer_events (db, reader, object, error);
  if (g_str_equal (get, "seen"))
    return answer_seen (db, reader, object, error);
  return answer_page (db, reader, object, now, error);
}

char *
served_answer (DeskDb *db, const char *reader_uid, const char *request, gint64 now, GError **error)
{
  GError *failure = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (request, strlen (request), &failure);
  g_autoptr (DeskPerson) reader = NULL;
  JsonObject *object;
  char *answer;

  g_assert_no_error (failure);
  object = json_node_get_object (node);
  reader = desk_people_find_uid (db, reader_uid, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }
  if (reader == NULL || reader->removed)
    return make_answer (401, "{}");
  answer = check_seen (db, reader, object, now, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  if (failure != NULL || answer != NULL)
    return answer;
  answer = answer_this (db, reader, node, now, error);
  return answer != NULL ? add_seen (db, reader, answer, now, error) : NULL;
}
