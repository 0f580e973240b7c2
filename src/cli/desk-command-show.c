/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl show: a ticket's facts and its conversation. */
#include "desk-cli.h"

#include "desk-output.h"
#include "desk-report.h"
#include "desk-sla.h"
#include "desk-words.h"

#define INDENT "    "

static void
add_fact (DeskTable *table, const char *label, const char *value)
{
  if (value != NULL && *value != '\0')
    desk_table_add (table, label, value);
}

static void
add_time (DeskTable *table, const char *label, gint64 at)
{
  g_autofree char *time = desk_words_of_time (at);

  add_fact (table, label, time);
}

static void
add_person (DeskTable *table, const DeskCase *self, const char *label, const char *uid)
{
  g_autofree char *person = desk_words_of_person_with_login (self, uid);

  add_fact (table, label, person);
}

static void
print_facts (const DeskCase *self)
{
  const DeskTicket *ticket = self->ticket;
  g_autoptr (DeskTable) table = desk_table_new (2);
  g_autofree char *due =
      desk_words_of_due (ticket->status, desk_clock_of (ticket), desk_cli_now ());

  add_fact (table, _ ("Status"), desk_enum_get_nick (DESK_TYPE_STATUS, ticket->status));
  add_fact (table, _ ("Priority"), desk_enum_get_nick (DESK_TYPE_PRIORITY, ticket->priority));
  add_fact (table, _ ("Due"), due);
  add_person (table, self, _ ("Requester"), ticket->requester);
  add_person (table, self, _ ("Assignee"), ticket->assignee);
  add_fact (table, _ ("Team"), ticket->team);
  add_fact (table, _ ("Topic"), ticket->topic);
  add_fact (table, _ ("Department"), ticket->department);
  add_fact (table, _ ("SLA plan"), ticket->sla);
  add_time (table, _ ("Filed"), ticket->created_at);
  add_time (table, _ ("Changed"), ticket->updated_at);
  add_time (table, _ ("Resolved"), ticket->resolved_at);
  add_time (table, _ ("Closed"), ticket->closed_at);
  add_fact (table, _ ("Uid"), ticket->uid);
  desk_table_print (table);
}

static void
print_text (const char *heading, const char *text)
{
  g_autofree char *plain = text != NULL && *text != '\0' ? desk_plain_text (text, INDENT) : NULL;

  if (plain != NULL && heading != NULL)
    desk_print ("\n%s\n", heading);
  if (plain != NULL)
    desk_print ("%s\n", plain);
}

static void
print_event_heading (const DeskCase *self, const DeskEvent *event)
{
  g_autofree char *no = desk_words_of_no (event);
  g_autofree char *time = desk_words_of_time (event->accepted_at);
  g_autofree char *author = desk_words_of_person (self, event->author);
  g_autofree char *plain_author = desk_plain_line (author);
  g_autofree char *kind = desk_words_of_kind (event);

  desk_print ("\n%s  %s  %s  %s\n", no, time, plain_author, kind);
}

static void
print_changes (const DeskCase *self, const DeskEvent *event)
{
  g_autofree char *changes = desk_words_of_changes (self, event);
  g_autofree char *plain = desk_plain_line (changes);

  if (*plain != '\0')
    desk_print (INDENT "%s\n", plain);
}

static void
print_attachments (const DeskEvent *event)
{
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (event->attachments, i);
      g_autofree char *name = desk_plain_line (attachment->name);
      g_autofree char *size = g_format_size (attachment->size_bytes);

      desk_print (INDENT "[%s, %s]\n", name, size);
    }
}

static void
print_event (const DeskCase *self, const DeskEvent *event)
{
  print_event_heading (self, event);
  /* The first event says what the facts above say. */
  if (event->kind != DESK_KIND_CREATED)
    print_changes (self, event);
  if (event->redacted)
    desk_print (INDENT "%s\n", _ ("(redacted)"));
  print_text (NULL, event->text);
  print_attachments (event);
}

static void
print_for_people (const DeskCase *self)
{
  const DeskTicket *ticket = self->ticket;
  g_autofree char *name = desk_words_of_ticket (ticket->number, ticket->uid);
  g_autofree char *number = desk_plain_line (name);
  g_autofree char *summary = desk_plain_line (ticket->summary);

  desk_print ("%s  %s\n\n", number, summary);
  print_facts (self);
  print_text (_ ("Resolution"), ticket->resolution);
  print_text (_ ("Steps taken"), ticket->steps);
  print_text (_ ("Recommendations"), ticket->recommendations);
  for (guint i = 0; i < self->events->len; i++)
    print_event (self, g_ptr_array_index (self->events, i));
}

static void
print_as_json (const DeskCase *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_member (object, "ticket", desk_report_ticket_to_json (self));
  json_object_set_member (object, "events", desk_report_events_to_json (self));
  json_object_set_member (object, "people", desk_report_people_to_json (self));
  json_node_take_object (node, object);
  desk_print_json (node);
}

static gboolean
exec_show (DeskCli *cli, GError **error)
{
  g_autoptr (DeskCase) self = desk_cli_load (cli, DESK_DB_READ, error);

  if (self == NULL)
    return FALSE;
  if (cli->json)
    print_as_json (self);
  else
    print_for_people (self);
  return TRUE;
}

const DeskCommand desk_command_show = {
  .name = "show",
  .arguments = "NUMBER",
  .help = N_ ("Show a ticket and its conversation"),
  .min_words = 1,
  .max_words = 1,
  .exec = exec_show,
};
