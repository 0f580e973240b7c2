/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading outside a copy: lists, one ticket, its history, search, attachments; and how far somebody
 * has read.
 *
 * A ticket that may not be seen answers as one that does not exist. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <microhttpd.h>
#include <string.h>
#include <unistd.h>

#include "desk-blobs.h"
#include "desk-rows.h"
#include "desk-seal.h"
#include "desk-search.h"
#include "desk-server-private.h"
#include "desk-tickets.h"

#define PAGE_TICKETS     50
#define MAX_PAGE_TICKETS 200
#define PAGE_EVENTS      200
#define MAX_PAGE_EVENTS  1000
#define MAX_WORDS_BYTES  1024

/* --- pages of tickets --- */

static void
add_people (DeskRequest *request, DeskPage *page, GHashTable *people)
{
  g_ptr_array_unref (page->people);
  page->people = desk_feed_people_to_array (people, desk_visit_get (request)->person);
}

/* Takes @page; its tickets' people are added. */
static void
answer_tickets (DeskRequest *request, DeskPage *page, GHashTable *people)
{
  add_people (request, page, people);
  desk_visit_answer_page (request, page);
}

/* Rows only: nobody wants the whole history of a list. */
static gboolean
add_row (DeskDb *db,
         DeskRequest *request,
         const DeskRow *row,
         DeskPage *page,
         GHashTable *people,
         GError **error)
{
  DeskPut *put = desk_feed_load (db, desk_visit_get (request)->person, row->uid, G_MAXINT64, 0,
                                 people, error);

  if (put != NULL)
    g_ptr_array_add (page->puts, put);
  return put != NULL;
}

static gboolean
add_rows (DeskDb *db,
          DeskRequest *request,
          GPtrArray *rows,
          DeskPage *page,
          GHashTable *people,
          GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    if (rows->pdata[i] != NULL && !add_row (db, request, rows->pdata[i], page, people, error))
      return FALSE;
  return TRUE;
}

/* --- lists --- */

/* What a list is asked for. */
typedef struct
{
  DeskView view;
  DeskSort sort;
  gint64 limit;
  gboolean goes_on;
  DeskKey after;
} List;

static gboolean
read_view (DeskRequest *request, List *list, GError **error)
{
  const char *word = desk_request_get_parameter (request, "view");
  gboolean agent = desk_visit_get (request)->person->role >= DESK_ROLE_AGENT;

  if (word == NULL)
    list->view = desk_view_of (agent ? DESK_VIEW_ALL : DESK_VIEW_FILED);
  else if (!desk_view_parse (word, &list->view, error))
    return FALSE;
  if (!agent && list->view.kind == DESK_VIEW_MINE)
    list->view = desk_view_of (DESK_VIEW_FILED);
  return TRUE;
}

static gboolean
read_sort (DeskRequest *request, List *list, GError **error)
{
  const char *word = desk_request_get_parameter (request, "sort");
  int sort = DESK_SORT_RECENT;

  if (word != NULL && !desk_enum_parse (DESK_TYPE_SORT, word, &sort))
    {
      desk_refuse (error, DESK_ERROR_INVALID,
                   "“sort” has to be one of recent, due, number, priority");
      return FALSE;
    }
  list->sort = sort;
  return TRUE;
}

static gboolean
read_after (DeskRequest *request, List *list, GError **error)
{
  const char *text = desk_request_get_parameter (request, "after");
  g_autoptr (GBytes) bytes = NULL;

  if (text == NULL)
    return TRUE;
  bytes = desk_seal_open (desk_visit_get_server (request)->key, text);
  if (bytes == NULL || g_bytes_get_size (bytes) != sizeof (DeskKey))
    {
      g_set_error (error, DESK_FEED_ERROR, DESK_FEED_ERROR_INVALID_CURSOR,
                   "“after” has to be what the page before said");
      return FALSE;
    }
  memcpy (&list->after, g_bytes_get_data (bytes, NULL), sizeof (DeskKey));
  list->goes_on = TRUE;
  return TRUE;
}

/* One more was asked for than fits. */
static void
say_where_it_ends (DeskRequest *request, DeskPage *page, GArray *keys, guint limit)
{
  page->more = keys->len > limit;
  if (page->more)
    page->next = desk_seal_close (desk_visit_get_server (request)->key,
                                  (const guint8 *) &g_array_index (keys, DeskKey, limit - 1),
                                  sizeof (DeskKey));
}

static gboolean
fill_list (DeskDb *db,
           DeskRequest *request,
           const List *list,
           DeskPage *page,
           GHashTable *people,
           GError **error)
{
  const DeskPerson *person = desk_visit_get (request)->person;
  g_autoptr (GArray) keys = desk_rows_keys_after (db, person, &list->view, list->sort,
                                                  list->goes_on ? &list->after : NULL,
                                                  list->limit + 1, desk_server_now (), error);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GPtrArray) rows = NULL;

  if (keys == NULL)
    return FALSE;
  for (guint i = 0; i < MIN (keys->len, (guint) list->limit); i++)
    g_array_append_val (ids, g_array_index (keys, DeskKey, i).id);
  rows = desk_rows_load (db, person, (const gint64 *) ids->data, ids->len, error);
  if (rows == NULL || !add_rows (db, request, rows, page, people, error))
    return FALSE;
  say_where_it_ends (request, page, keys, list->limit);
  return TRUE;
}

void
desk_handle_tickets (DeskRequest *request)
{
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  g_autoptr (DeskPage) page = desk_page_new ();
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  List list = { 0 };
  gboolean done = db != NULL && read_view (request, &list, &error) &&
                  read_sort (request, &list, &error) && read_after (request, &list, &error) &&
                  desk_visit_get_number (request, "limit", 1, MAX_PAGE_TICKETS, PAGE_TICKETS,
                                         &list.limit, &error) &&
                  fill_list (db, request, &list, page, people, &error);

  if (done)
    answer_tickets (request, g_steal_pointer (&page), people);
  else
    desk_visit_fail (request, error);
}

/* --- search --- */

void
desk_handle_search (DeskRequest *request)
{
  const char *words = desk_request_get_parameter (request, "q");
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  g_autoptr (DeskPage) page = desk_page_new ();
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  g_autoptr (GPtrArray) rows = NULL;
  gint64 limit;

  if (words == NULL || strlen (words) > MAX_WORDS_BYTES)
    {
      g_clear_error (&error);
      desk_visit_refuse (request, words == NULL ? "missing" : "too-long",
                         "“q” has to be the words to look for");
      return;
    }
  if (db != NULL &&
      desk_visit_get_number (request, "limit", 1, MAX_PAGE_TICKETS, PAGE_TICKETS, &limit, &error) &&
      (rows = desk_search (db, desk_visit_get (request)->person, words, limit, &error)) != NULL &&
      add_rows (db, request, rows, page, people, &error))
    answer_tickets (request, g_steal_pointer (&page), people);
  else
    desk_visit_fail (request, error);
}

/* --- one ticket --- */

/* @no: how much there is of the ticket, as the reader counts. NULL, and that was answered, when
 * there is nothing to see. */
static DeskPage *
load_ticket (DeskRequest *request, gint64 after_no, guint max, gint64 *no)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  g_autoptr (GHashTable) people = desk_feed_people_new ();
  DeskPut *put = db != NULL ? desk_feed_load (db, visit->person, visit->parameters[0], after_no,
                                              max, people, &error)
                            : NULL;
  DeskPage *page;

  if (put == NULL)
    {
      desk_visit_fail (request, error);
      return NULL;
    }
  *no = put->ticket->no;
  page = desk_page_new ();
  page->more = max > 0 && put->events->len == max &&
               ((DeskEvent *) put->events->pdata[max - 1])->no < *no;
  g_ptr_array_add (page->puts, put);
  add_people (request, page, people);
  return page;
}

/* Its time is put in when it leaves. */
static GBytes *
print_row (DeskRequest *request, gint64 *no)
{
  g_autoptr (DeskPage) page = load_ticket (request, G_MAXINT64, 0, no);
  gsize length;
  char *text;

  if (page == NULL)
    return NULL;
  page->server_time = 1;
  text = desk_page_to_string (page, &length);
  return g_bytes_new_take (text, length);
}

static void
answer_row (DeskRequest *request, GBytes *row, gint64 no)
{
  gsize length;
  char *text = desk_page_text_at (row, desk_server_now (), &length);

  desk_visit_count_page (request, 1);
  desk_visit_answer_text (request, MHD_HTTP_OK, text, length);
  desk_visit_add_etag (request, no);
}

void
desk_handle_ticket (DeskRequest *request)
{
  DeskAnswers *answers = desk_visit_get_server (request)->answers;
  DeskVisit *visit = desk_visit_get (request);
  const char *ref = visit->parameters[0];
  /* Requesters could tell by the time that it takes whether anybody has written anything. */
  gboolean may_tell_again = visit->person->role >= DESK_ROLE_AGENT;
  guint n_commits = desk_db_count_commits ();
  gint64 no;
  g_autoptr (GBytes)
      row = may_tell_again ? desk_answers_find (answers, n_commits, visit->person, ref, &no) : NULL;

  if (row == NULL)
    {
      row = print_row (request, &no);
      if (row == NULL)
        return;
      if (may_tell_again)
        desk_answers_add (answers, n_commits, visit->person, ref, row, no);
    }
  answer_row (request, row, no);
}

void
desk_handle_events (DeskRequest *request)
{
  GError *error = NULL;
  gint64 after_no, max, no;
  DeskPage *page;

  if (!desk_visit_get_number (request, "after", 0, G_MAXINT64, 0, &after_no, &error) ||
      !desk_visit_get_number (request, "max", 1, MAX_PAGE_EVENTS, PAGE_EVENTS, &max, &error))
    {
      desk_visit_fail (request, error);
      return;
    }
  page = load_ticket (request, after_no, max, &no);
  if (page == NULL)
    return;
  desk_visit_answer_page (request, page);
  desk_visit_add_etag (request, no);
}

/* --- how far somebody has read --- */

static gpointer
seen_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskVisit *visit = desk_visit_get (data);

  return GINT_TO_POINTER (desk_tickets_mark_seen (db, visit->person, visit->parameters[0],
                                                  *(gint64 *) visit->more, error));
}

static void
seen_cb (DeskRequest *request, gpointer result, GError *error)
{
  if (error != NULL)
    desk_visit_fail (request, error);
  else
    desk_visit_answer_nothing (request);
}

void
desk_handle_seen (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  gint64 no;

  if (!g_ascii_string_to_signed (visit->parameters[1], 10, 0, G_MAXINT64, &no, NULL))
    {
      desk_visit_refuse (request, "invalid", "How far it was read has to be a number");
      return;
    }
  visit->more = g_memdup2 (&no, sizeof no);
  visit->free_more = g_free;
  desk_visit_run (request, desk_visit_get_server (request)->writer, seen_job, request, NULL, NULL,
                  seen_cb);
}

/* --- attachments --- */

/* A file without a name that is gone with its descriptor. */
static int
open_spool (GError **error)
{
  int fd = open (g_get_tmp_dir (), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "No temporary file can be made in %s",
                 g_get_tmp_dir ());
  return fd;
}

static gpointer
attachment_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskVisit *visit = desk_visit_get (data);
  int fd = open_spool (error);
  g_autoptr (GOutputStream) output = fd >= 0 ? g_unix_output_stream_new (fd, FALSE) : NULL;

  if (output == NULL)
    return NULL;
  if (desk_blobs_write (db, visit->person, visit->parameters[0], visit->parameters[1], output, NULL,
                        NULL, cancellable, error))
    return GINT_TO_POINTER (fd);
  close (fd);
  return NULL;
}

/* "bytes=100-199", "bytes=100-", "bytes=-100" of @size. FALSE: no range that we know, so all of it.
 * *@length 0: outside. */
static gboolean
parse_range (const char *text, gint64 size, gint64 *start, gint64 *length)
{
  gint64 end = size - 1;
  char *dash;

  if (text == NULL || !g_str_has_prefix (text, "bytes=") || strchr (text, ',') != NULL)
    return FALSE;
  text += strlen ("bytes=");
  dash = strchr (text, '-');
  if (dash == NULL || strspn (text, "0123456789-") != strlen (text))
    return FALSE;
  *start = dash > text ? g_ascii_strtoll (text, NULL, 10)
                       : size - MIN (size, g_ascii_strtoll (dash + 1, NULL, 10));
  if (dash > text && dash[1] != '\0')
    end = MIN (end, g_ascii_strtoll (dash + 1, NULL, 10));
  *length = MAX (end - *start + 1, 0);
  return TRUE;
}

static void
describe_file (DeskRequest *request, const char *etag)
{
  desk_request_add_header (request, MHD_HTTP_HEADER_ETAG, etag);
  desk_request_add_header (request, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
  desk_request_add_header (request, "Content-Disposition", "attachment");
  desk_request_add_header (request, "Content-Security-Policy", "sandbox; default-src 'none'");
  desk_request_add_header (request, "Cache-Control", "private, max-age=31536000, immutable");
}

static void
answer_range (DeskRequest *request, int fd, gint64 size, gint64 start, gint64 length)
{
  g_autofree char *range = NULL;

  if (length == 0)
    {
      close (fd);
      desk_visit_refuse (request, "wrong-range", NULL);
      return;
    }
  range = g_strdup_printf ("bytes %" G_GINT64_FORMAT "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                           start, start + length - 1, size);
  desk_request_answer_file (request, MHD_HTTP_PARTIAL_CONTENT, "application/octet-stream", fd,
                            start, length);
  desk_request_add_header (request, MHD_HTTP_HEADER_CONTENT_RANGE, range);
}

static void
attachment_cb (DeskRequest *request, gpointer result, GError *error)
{
  const char *known = desk_request_get_header (request, MHD_HTTP_HEADER_IF_NONE_MATCH);
  g_autofree char *etag = g_strdup_printf ("\"%s\"", desk_visit_get (request)->parameters[1]);
  int fd = GPOINTER_TO_INT (result);
  gint64 size, start, length;

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  size = lseek (fd, 0, SEEK_END);
  if (known != NULL && strstr (known, etag) != NULL)
    {
      close (fd);
      desk_request_answer_static (request, MHD_HTTP_NOT_MODIFIED, NULL, "", 0);
    }
  else if (parse_range (desk_request_get_header (request, MHD_HTTP_HEADER_RANGE), size, &start,
                        &length))
    answer_range (request, fd, size, start, length);
  else
    desk_request_answer_file (request, MHD_HTTP_OK, "application/octet-stream", fd, 0, size);
  if (request->status < 400)
    describe_file (request, etag);
}

void
desk_handle_attachment (DeskRequest *request)
{
  const char *sha256 = desk_visit_get (request)->parameters[1];

  if (strlen (sha256) != 64 || strspn (sha256, "0123456789abcdef") != 64)
    desk_visit_refuse (request, "no-such", "The ticket has no such file");
  else
    desk_visit_run (request, desk_visit_get_server (request)->readers, attachment_job, request,
                    NULL, NULL, attachment_cb);
}
