/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a client's copy lacks: changes, the first fill, and the stream that says "look".
 *
 * Waiting tells nothing: whoever is woken looks for what they may see, and sleeps on when there is
 * nothing, so that a note among agents does not even show in the time of an answer. */
#include <microhttpd.h>
#include <string.h>

#include "desk-feed-seen.h"
#include "desk-seal.h"
#include "desk-server-private.h"

#define MAX_WAIT_SECS 60
/* Proxies end a connection on which nothing was said for a minute. */
#define HEARTBEAT_SECS 25

/* Somebody who waits. */
typedef struct
{
  DeskCursor cursor;
  gint64 until_us; /* of a long poll, or the next heartbeat */
  guint count;     /* of the hub, before the last look … */
  guint nudges;    /* … of a stream */
  guint64 told;    /* of the board */
  gboolean has_looked;
} Wait;

/* --- cursors --- */

static char *
seal (DeskServer *server, const DeskCursor *cursor)
{
  guint8 bytes[DESK_CURSOR_BYTES];

  desk_cursor_pack (cursor, bytes);
  return desk_seal_close (server->key, bytes, sizeof bytes);
}

static gboolean
unseal (DeskServer *server, const char *text, DeskCursor *cursor, GError **error)
{
  g_autoptr (GBytes) bytes = desk_seal_open (server->key, text);
  gsize size;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (data != NULL && desk_cursor_unpack (data, size, cursor))
    return TRUE;
  g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
               "This cursor is not from here; fill the copy again");
  return FALSE;
}

/* Takes @page. */
static void
answer_page (DeskRequest *request, DeskPage *page, const DeskCursor *next)
{
  page->next = seal (desk_visit_get_server (request), next);
  desk_visit_answer_page (request, page);
}

/* --- marks --- */

#define MARK_HEADER "Desk-Seen"
/* Of who has heard nothing yet. */
#define NO_MARK "-"

static const char *
get_mark (DeskRequest *request)
{
  return desk_visit_get (request)->person != NULL ? desk_request_get_header (request, MARK_HEADER)
                                                  : NULL;
}

static gboolean
check_mark (DeskRequest *request, const char *text, GError **error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskDb *db = desk_server_get_db (server, error);
  DeskCursor mark;

  return db != NULL && unseal (server, text, &mark, error) &&
         desk_feed_check_mark (db, desk_visit_get (request)->person, &mark, desk_server_now (),
                               error);
}

gboolean
desk_visit_check_mark (DeskRequest *request)
{
  const char *text = get_mark (request);
  GError *error = NULL;

  if (text == NULL || g_str_equal (text, NO_MARK) || check_mark (request, text, &error))
    return TRUE;
  desk_visit_fail (request, error);
  return FALSE;
}

void
desk_visit_add_mark (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  g_autofree char *text = NULL;
  DeskCursor mark;
  DeskDb *db;

  if (get_mark (request) == NULL || (db = desk_server_get_db (server, NULL)) == NULL ||
      !desk_feed_mark (db, desk_visit_get (request)->person, desk_server_now (), &mark, NULL))
    return;
  text = seal (server, &mark);
  desk_request_add_header (request, MARK_HEADER, text);
}

/* --- changes --- */

static void look (DeskRequest *request);

/* @pass: the same news is told once. FALSE with @error. */
static gboolean
has_news (DeskRequest *request, Wait *wait, gboolean pass, gboolean *news, GError **error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskDb *db;

  wait->count = desk_hub_get_count (server->hub);
  db = desk_server_get_db (server, error);
  return db != NULL && desk_feed_has_news (db, desk_visit_get (request)->person, &wait->cursor,
                                           pass, news, desk_server_now (), error);
}

static void
answer_changes (DeskRequest *request, Wait *wait)
{
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  DeskCursor next;
  DeskPage *page = db != NULL ? desk_feed_read (db, desk_visit_get (request)->person, &wait->cursor,
                                                NULL, desk_server_now (), &next, &error)
                              : NULL;

  if (page == NULL)
    desk_visit_fail (request, error);
  else
    answer_page (request, page, &next);
}

/* Whether the session still is, and with which rights by now. */
static gboolean
is_still_in (DeskRequest *request, GError **error)
{
  return desk_server_identify (desk_visit_get_server (request), request, error) &&
         desk_visit_get (request)->guest != NULL;
}

static gboolean
sleep_on (DeskRequest *request, Wait *wait)
{
  return g_get_monotonic_time () < wait->until_us &&
         desk_hub_wait (desk_visit_get_server (request)->hub, request, look, wait->count,
                        wait->until_us);
}

static gboolean
is_time_up (DeskRequest *request, const Wait *wait)
{
  return g_get_monotonic_time () >= wait->until_us || desk_request_has_hung_up (request) ||
         desk_hub_is_stopping (desk_visit_get_server (request)->hub);
}

static void
look (DeskRequest *request)
{
  Wait *wait = desk_visit_get (request)->more;
  GError *error = NULL;
  gboolean news = FALSE;

  do
    {
      if (!is_still_in (request, &error) || !has_news (request, wait, FALSE, &news, &error))
        {
          if (error != NULL)
            desk_visit_fail (request, error);
          else
            desk_visit_refuse (request, "unauthorized", "Sign in again");
          return;
        }
      if (news || is_time_up (request, wait))
        {
          answer_changes (request, wait);
          return;
        }
    }
  while (!sleep_on (request, wait));
}

static Wait *
begin_wait (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  Wait *wait = g_new0 (Wait, 1);

  visit->more = wait;
  visit->free_more = g_free;
  return wait;
}

/* FALSE: answered already. */
static gboolean
read_since (DeskRequest *request, DeskCursor *cursor)
{
  const char *since = desk_request_get_parameter (request, "since");
  GError *error = NULL;

  if (since == NULL)
    {
      desk_visit_refuse (request, "missing",
                         "“since” has to be the cursor of the last page; begin with /v1/snapshot");
      return FALSE;
    }
  if (unseal (desk_visit_get_server (request), since, cursor, &error))
    return TRUE;
  desk_visit_fail (request, error);
  return FALSE;
}

void
desk_handle_changes (DeskRequest *request)
{
  GError *error = NULL;
  gint64 wait_secs;
  Wait *wait;

  if (!desk_visit_get_number (request, "wait", 0, MAX_WAIT_SECS, 0, &wait_secs, &error))
    {
      desk_visit_fail (request, error);
      return;
    }
  wait = begin_wait (request);
  wait->until_us = g_get_monotonic_time () + wait_secs * G_USEC_PER_SEC;
  if (!read_since (request, &wait->cursor))
    return;
  if (wait_secs > 0)
    look (request);
  else
    answer_changes (request, wait);
}

/* --- the first fill --- */

void
desk_handle_snapshot (DeskRequest *request)
{
  DeskServer *server = desk_visit_get_server (request);
  const char *after = desk_request_get_parameter (request, "after");
  GError *error = NULL;
  DeskCursor cursor, next;
  DeskDb *db = desk_server_get_db (server, &error);
  DeskPage *page = NULL;

  if (db != NULL && (after == NULL || unseal (server, after, &cursor, &error)))
    page = desk_feed_fill (db, desk_visit_get (request)->person, after != NULL ? &cursor : NULL,
                           NULL, desk_server_now (), &next, &error);
  if (page == NULL)
    desk_visit_fail (request, error);
  else
    answer_page (request, page, &next);
}

/* --- the stream --- */

static void
beat (Wait *wait, GString *out)
{
  if (g_get_monotonic_time () < wait->until_us)
    return;
  g_string_append (out, ":\n\n");
  wait->until_us = g_get_monotonic_time () + HEARTBEAT_SECS * G_USEC_PER_SEC;
}

static gboolean
say_bye (GString *out)
{
  g_string_append (out, "event: bye\ndata: \n\n");
  return FALSE;
}

/* FALSE: the stream is over. */
static gboolean
look_for_stream (DeskRequest *request, Wait *wait, GString *out)
{
  g_autoptr (GError) error = NULL;
  gboolean news;

  if (desk_request_has_hung_up (request))
    return FALSE;
  wait->nudges = desk_hub_get_nudges (desk_visit_get_server (request)->hub);
  if (desk_hub_is_stopping (desk_visit_get_server (request)->hub) ||
      !is_still_in (request, &error) || !has_news (request, wait, TRUE, &news, &error))
    return say_bye (out);
  wait->has_looked = TRUE;
  if (news)
    g_string_append (out, "event: head\ndata: \n\n");
  return desk_visit_tell_presence (request, &wait->told, out, &error) || say_bye (out);
}

/* Only agents have a name there: what wakes them for each other does not touch a requester. */
static gboolean
sleep_in_hub (DeskRequest *request, const Wait *wait)
{
  DeskHub *hub = desk_visit_get_server (request)->hub;
  const DeskVisit *visit = desk_visit_get (request);

  if (visit->person->role < DESK_ROLE_AGENT)
    return desk_hub_wait (hub, request, NULL, wait->count, wait->until_us);
  return desk_hub_wait_named (hub, request, visit->session->uid, wait->count, wait->nudges,
                              wait->until_us);
}

/* As long as nothing was written since the last look there is nothing to look for. */
static gboolean
sleep_on_stream (DeskRequest *request, Wait *wait)
{
  return wait->has_looked && g_get_monotonic_time () < wait->until_us &&
         !desk_request_has_hung_up (request) && sleep_in_hub (request, wait);
}

/* Whoever listened may be gone, and with them what they were looking at. */
static void
note_end (DeskRequest *request)
{
  const DeskVisit *visit = desk_visit_get (request);

  if (visit->session != NULL)
    desk_board_doubt (desk_visit_get_server (request)->board, visit->session->uid,
                      g_get_monotonic_time ());
}

/* FALSE: the stream is over. */
static gboolean
go_on_streaming (DeskRequest *request, GString *out)
{
  Wait *wait = desk_visit_get (request)->more;

  while (!sleep_on_stream (request, wait))
    {
      if (!look_for_stream (request, wait, out))
        {
          note_end (request);
          return FALSE;
        }
      beat (wait, out);
      if (out->len > 0)
        break;
    }
  return TRUE;
}

static gboolean
stream (DeskRequest *request, GString *out)
{
  gboolean goes_on = go_on_streaming (request, out);

  desk_server_give_back_db ();
  return goes_on;
}

void
desk_handle_stream (DeskRequest *request)
{
  Wait *wait = begin_wait (request);

  if (!read_since (request, &wait->cursor))
    return;
  /* The first word opens the connection through any proxy. */
  wait->until_us = 0;
  desk_request_answer_stream (request, stream);
}
