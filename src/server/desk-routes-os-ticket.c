/* SPDX-License-Identifier: GPL-3.0-or-later
 * POST /api/tickets.json: what clients of osTicket's API send already.
 *
 * The key is the token of an agent's program. The ticket is the sender's: of whoever has the mail
 * address, or of somebody new. */
#include <microhttpd.h>
#include <string.h>

#include "desk-api.h"
#include "desk-blobs.h"
#include "desk-log.h"
#include "desk-people.h"
#include "desk-server-private.h"
#include "desk-uid.h"

typedef struct
{
  DeskOsTicket *asked;
  GPtrArray *attachments; /* of DeskAttachment */
} Filing;

static void
free_filing (gpointer data)
{
  Filing *self = data;

  desk_os_ticket_free (self->asked);
  g_ptr_array_unref (self->attachments);
  g_free (self);
}

/* --- the files --- */

static gpointer
files_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Filing *self = data;

  for (guint i = self->attachments->len; i < self->asked->files->len; i++)
    {
      DeskOsTicketFile *file = self->asked->files->pdata[i];
      DeskAttachment *attachment = desk_blobs_add_bytes (db, file->bytes, file->name, file->type,
                                                         error);

      if (attachment == NULL)
        return NULL;
      g_ptr_array_add (self->attachments, attachment);
    }
  return self;
}

/* --- whose it is --- */

/* (transfer full); NULL without @error when nobody has the address. */
static DeskPerson *
find_by_email (DeskDb *db, const char *email, GError **error)
{
  g_autoptr (GPtrArray) people = desk_people_list (db, email, 100, error);

  for (guint i = 0; people != NULL && i < people->len; i++)
    {
      DeskPerson *person = people->pdata[i];

      if (person->email != NULL && g_ascii_strcasecmp (person->email, email) == 0)
        return desk_person_ref (person);
    }
  return NULL;
}

/* Kept with their first ticket. */
static DeskPerson *
make_person (DeskDb *db, const DeskOsTicket *asked, GError **error)
{
  g_autofree char *login = g_ascii_strdown (asked->email, -1);
  g_autoptr (DeskPerson) known = desk_people_identify (db, login, asked->name, error);
  DeskPerson *person;

  if (known == NULL || known->email != NULL)
    return g_steal_pointer (&known);
  person = desk_person_copy (known);
  person->email = g_strdup (asked->email);
  return person;
}

static DeskPerson *
find_sender (DeskDb *db, const DeskOsTicket *asked, GError **error)
{
  GError *failure = NULL;
  DeskPerson *person = find_by_email (db, asked->email, &failure);

  if (person == NULL && failure == NULL)
    person = make_person (db, asked, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return person;
}

/* --- the ticket --- */

static char *
make_text (const DeskOsTicket *asked)
{
  return asked->phone != NULL ? g_strconcat (asked->message, "\n\nPhone: ", asked->phone, NULL)
                              : g_strdup (asked->message);
}

static gboolean
may_choose_priority (DeskDb *db)
{
  const DeskEntry *desk = desk_catalogue_get_desk (desk_db_get_catalogue (db, NULL));

  return desk_entry_get_bool (desk, DESK_PROPERTY_REQUESTER_PRIORITY);
}

static DeskOp *
make_op (DeskDb *db, Filing *self, const DeskPerson *sender)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *ticket = desk_uid_new ();
  g_autofree char *text = make_text (self->asked);
  DeskOp *op = desk_op_new (uid, ticket, DESK_KIND_CREATED, sender->uid);

  op->via = DESK_VIA_API;
  desk_op_set_text (op, text);
  desk_op_change (op, DESK_FIELD_SUMMARY, self->asked->subject);
  if (self->asked->topic != NULL)
    desk_op_change (op, DESK_FIELD_TOPIC, self->asked->topic);
  if (self->asked->priority >= 0 && may_choose_priority (db))
    desk_op_change (op, DESK_FIELD_PRIORITY,
                    desk_enum_get_nick (DESK_TYPE_PRIORITY, self->asked->priority));
  for (guint i = 0; i < self->attachments->len; i++)
    {
      const DeskAttachment *file = self->attachments->pdata[i];

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
  return op;
}

static gpointer
file_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  Filing *self = data;
  g_autoptr (DeskPerson) sender = find_sender (db, self->asked, error);
  g_autoptr (DeskOp) op = sender != NULL ? make_op (db, self, sender) : NULL;

  return op != NULL ? desk_submit_in (db, op, sender, desk_server_now (), error) : NULL;
}

static void
filed_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  DeskReceipt *receipt = result;
  char *number;

  if (error != NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  desk_metrics_add (server->metrics, DESK_COUNT_OPS_ACCEPTED, 1);
  desk_hub_tell (server->hub);
  number = g_strdup (receipt->ticket->number);
  desk_receipt_free (receipt);
  desk_request_answer (request, MHD_HTTP_CREATED, "text/plain; charset=utf-8", number,
                       strlen (number));
}

static void
files_taken_cb (DeskRequest *request, gpointer result, GError *error)
{
  if (error != NULL)
    desk_visit_fail (request, error);
  else
    desk_visit_run (request, desk_visit_get_server (request)->writer, file_job,
                    desk_visit_get (request)->more, NULL, (GDestroyNotify) desk_receipt_free,
                    filed_cb);
}

void
desk_handle_os_ticket (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  DeskOsTicket *asked = node != NULL ? desk_os_ticket_from_json (node, &error) : NULL;
  Filing *filing;

  if (asked == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  filing = g_new0 (Filing, 1);
  filing->asked = asked;
  filing->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_attachment_free);
  visit->more = filing;
  visit->free_more = free_filing;
  desk_visit_run (request, desk_visit_get_server (request)->bulk, files_job, filing, NULL, NULL,
                  files_taken_cb);
}
