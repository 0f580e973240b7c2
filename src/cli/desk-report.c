/* SPDX-License-Identifier: GPL-3.0-or-later
 * Showing tickets; see the header. */
#include "desk-report.h"

#include "desk-json.h"
#include "desk-output.h"
#include "desk-sla.h"
#include "desk-words.h"

/* --- one ticket --- */

static void
add_event_with_number (DeskTable *table, const DeskCase *ticket, const DeskEvent *event)
{
  g_autofree char *number = desk_words_of_ticket (ticket->ticket->number, ticket->ticket->uid);
  g_autofree char *no = desk_words_of_no (event);
  g_autofree char *author = desk_words_of_person (ticket, event->author);
  g_autofree char *kind = desk_words_of_kind (event);
  g_autofree char *words = desk_words_of_event (ticket, event);

  desk_table_add (table, number, no, author, kind, words);
}

static void
add_event_with_time (DeskTable *table, const DeskCase *ticket, const DeskEvent *event)
{
  g_autofree char *no = desk_words_of_no (event);
  g_autofree char *time = desk_words_of_time (event->accepted_at);
  g_autofree char *author = desk_words_of_person (ticket, event->author);
  g_autofree char *kind = desk_words_of_kind (event);
  g_autofree char *words = desk_words_of_event (ticket, event);

  desk_table_add (table, no, time, author, kind, words);
}

void
desk_report_events (const DeskCase *ticket, gboolean with_number)
{
  g_autoptr (DeskTable) table = desk_table_new (5);

  for (guint i = 0; i < ticket->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (ticket->events, i);

      if (with_number)
        add_event_with_number (table, ticket, event);
      else
        add_event_with_time (table, ticket, event);
    }
  desk_table_print (table);
}

JsonNode *
desk_report_ticket_to_json (const DeskCase *ticket)
{
  return desk_ticket_to_json (ticket->ticket);
}

static JsonNode *
take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

JsonNode *
desk_report_events_to_json (const DeskCase *ticket)
{
  JsonArray *events = json_array_sized_new (ticket->events->len);

  for (guint i = 0; i < ticket->events->len; i++)
    json_array_add_element (events, desk_event_to_json (g_ptr_array_index (ticket->events, i)));
  return take_array (events);
}

static int
compare_people_cb (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (((const DeskPerson *) a)->uid, ((const DeskPerson *) b)->uid);
}

JsonNode *
desk_report_people_to_json (const DeskCase *ticket)
{
  g_autoptr (GList) people =
      g_list_sort (g_hash_table_get_values (ticket->people), compare_people_cb);
  JsonArray *array = json_array_new ();

  for (GList *link = people; link != NULL; link = link->next)
    json_array_add_element (array, desk_person_to_json (link->data));
  return take_array (array);
}

/* --- lists --- */

static char *
describe_due (const DeskRow *row)
{
  DeskClock clock = { row->target_secs, row->spent_secs, row->running_since };

  return desk_words_of_due (row->status, clock, desk_cli_now ());
}

static void
add_row (DeskTable *table, const DeskRow *row)
{
  g_autofree char *due = describe_due (row);

  desk_table_add (table, row->number != NULL ? row->number : row->uid, desk_enum_get_nick (DESK_TYPE_STATUS, row->status),
                  desk_enum_get_nick (DESK_TYPE_PRIORITY, row->priority), due, row->assignee,
                  row->requester, row->summary);
}

static void
add_found_row (DeskTable *table, const DeskRow *row)
{
  desk_table_add (table, row->number != NULL ? row->number : row->uid, desk_enum_get_nick (DESK_TYPE_STATUS, row->status),
                  row->summary, row->last_text);
}

void
desk_report_rows (GPtrArray *rows, gboolean found)
{
  g_autoptr (DeskTable) table = desk_table_new (found ? 4 : 7);

  for (guint i = 0; i < rows->len; i++)
    (found ? add_found_row : add_row) (table, g_ptr_array_index (rows, i));
  desk_table_print (table);
}

/* The ticket of @row without its events; NULL with @error unset when it went meanwhile. (transfer
 * full) */
static DeskCase *
load_ticket (DeskCli *cli, const DeskRow *row, GError **error)
{
  GError *failure = NULL;
  DeskCase *ticket = desk_tickets_load (cli->db, cli->me, row->uid, G_MAXINT64, &failure);

  if (g_error_matches (failure, DESK_ERROR, DESK_ERROR_NO_SUCH))
    g_clear_error (&failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return ticket;
}

gboolean
desk_report_rows_as_json (DeskCli *cli, GPtrArray *rows, gboolean *first, GError **error)
{
  for (guint i = 0; i < rows->len; i++)
    {
      GError *failure = NULL;
      g_autoptr (DeskCase) ticket = load_ticket (cli, g_ptr_array_index (rows, i), &failure);

      if (failure != NULL)
        {
          g_propagate_error (error, failure);
          return FALSE;
        }
      if (ticket == NULL)
        continue;
      desk_print_json_item (desk_report_ticket_to_json (ticket), *first);
      *first = FALSE;
    }
  return TRUE;
}
