/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is looking at or answering a ticket: agents tell each other, as far as each sees the ticket.
 *
 * Who may see what is asked each time something is said or told, so that a ticket that moved away
 * takes its visitors along. */
#include <microhttpd.h>

#include "desk-server-private.h"

/* Whether @ticket is there for the visitor as an agent; a requester of it is not one. */
static gboolean
sees_as_agent (
    DeskDb *db, const DeskPerson *person, const char *ticket, gboolean *sees, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (DeskPut) put = desk_feed_load (db, person, ticket, G_MAXINT64, 0, NULL, &failure);

  *sees = put != NULL && put->internal;
  if (put != NULL || g_error_matches (failure, DESK_ERROR, DESK_ERROR_NO_SUCH))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Leaves in @present what is for the visitor. The list is sorted by ticket. */
static gboolean
keep_visible (DeskRequest *request, GPtrArray *present, GError **error)
{
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), error);
  g_autofree char *last = NULL;
  gboolean sees = FALSE;

  if (db == NULL)
    return FALSE;
  for (guint i = 0; i < present->len;)
    {
      const DeskPresent *one = present->pdata[i];

      if (g_strcmp0 (one->ticket, last) != 0 &&
          !sees_as_agent (db, desk_visit_get (request)->person, one->ticket, &sees, error))
        return FALSE;
      g_free (last);
      last = g_strdup (one->ticket);
      if (sees)
        i++;
      else
        g_ptr_array_remove_index (present, i);
    }
  return TRUE;
}

/* (transfer full) */
static GPtrArray *
list_visible (DeskRequest *request, GError **error)
{
  g_autoptr (GPtrArray) list = desk_board_list (desk_visit_get_server (request)->board,
                                                desk_visit_get (request)->session->uid);

  return keep_visible (request, list, error) ? g_steal_pointer (&list) : NULL;
}

static GPtrArray *
read_present (DeskRequest *request, GError **error)
{
  g_autoptr (JsonNode) node = desk_visit_get_json (request, error);
  g_autoptr (GPtrArray) present = node != NULL ? desk_presence_from_json (node, error) : NULL;

  if (present == NULL)
    return NULL;
  if (present->len > DESK_PRESENCE_MAX_TICKETS)
    {
      desk_refuse (error, DESK_ERROR_INVALID, "“present” has to be a list of at most %d tickets",
                   DESK_PRESENCE_MAX_TICKETS);
      return NULL;
    }
  return keep_visible (request, present, error) ? g_steal_pointer (&present) : NULL;
}

void
desk_handle_presence (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (GPtrArray) present = read_present (request, &error);
  g_autoptr (GPtrArray) others = NULL;

  if (present != NULL)
    {
      desk_board_set (desk_visit_get_server (request)->board, visit->session->uid,
                      visit->person->uid, present, g_get_monotonic_time ());
      others = list_visible (request, &error);
    }
  if (others != NULL)
    desk_visit_answer_json (request, MHD_HTTP_OK, desk_presence_to_json (others));
  else
    desk_visit_fail (request, error);
}

gboolean
desk_visit_tell_presence (DeskRequest *request, guint64 *count, GString *out, GError **error)
{
  DeskVisit *visit = desk_visit_get (request);
  guint64 now;
  g_autoptr (GPtrArray) others = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (visit->person->role < DESK_ROLE_AGENT)
    return TRUE;
  now = desk_board_get_count (desk_visit_get_server (request)->board, visit->session->uid);
  if (now == *count)
    return TRUE;
  others = list_visible (request, error);
  if (others == NULL)
    return FALSE;
  *count = now;
  node = desk_presence_to_json (others);
  text = desk_json_to_string (node, FALSE);
  g_string_append_printf (out, "event: presence\ndata: %s\n\n", text);
  return TRUE;
}
