/* SPDX-License-Identifier: GPL-3.0-or-later
 * Importing events: those of one op together, because a ticket needs all that filed it.
 *
 * Everything that can be refused is found out before anything is written. */
#include "desk-import-private.h"

#include <inttypes.h>

#include <string.h>

#include "desk-fold.h"
#include "desk-json.h"
#include "desk-people.h"
#include "desk-text.h"

/* An op makes two events; a file that says otherwise is read in parts. */
#define GROUP_MAX       16
#define NUMBER_MAX      64
#define ATTACHMENTS_MAX 1000
#define DEVICE_MAX      100
#define FILE_NAME_MAX   255

/* --- groups --- */

static const DeskEvent *
event_at (DeskImport *self, guint i)
{
  return ((DeskLine *) g_ptr_array_index (self->group, i))->event;
}

static gint64
line_of (DeskImport *self, guint i)
{
  return g_array_index (self->group_lines, gint64, i);
}

gboolean
desk_import_continues_group (DeskImport *self, const DeskLine *line)
{
  const DeskEvent *first = self->group->len > 0 ? event_at (self, 0) : NULL;

  return first != NULL && self->group->len < GROUP_MAX && first->cause != NULL &&
         g_strcmp0 (first->cause, line->event->cause) == 0 &&
         g_str_equal (first->ticket, line->event->ticket);
}

void
desk_import_add_to_group (DeskImport *self, DeskLine *line)
{
  g_ptr_array_add (self->group, line);
  g_array_append_val (self->group_lines, self->line);
}

/* --- form --- */

static gboolean
is_clean_body (const char *text)
{
  g_autofree char *clean = desk_text_clean_body (text, "text", NULL);

  return text == NULL || g_strcmp0 (clean, text) == 0;
}

static gboolean
is_clean_value (DeskField field, const char *value)
{
  switch (field)
    {
    case DESK_FIELD_NUMBER:
      return desk_import_is_line (value, NUMBER_MAX);
    case DESK_FIELD_SUMMARY:
      return desk_import_is_line (value, DESK_SUMMARY_MAX_CHARS);
    case DESK_FIELD_RESOLUTION:
    case DESK_FIELD_STEPS:
    case DESK_FIELD_RECOMMENDATIONS:
      return is_clean_body (value);
    case DESK_FIELD_REQUESTER:
    case DESK_FIELD_TOPIC:
    case DESK_FIELD_STATUS:
    case DESK_FIELD_DEPARTMENT:
    case DESK_FIELD_TEAM:
    case DESK_FIELD_ASSIGNEE:
    case DESK_FIELD_PRIORITY:
    case DESK_FIELD_SLA:
    case DESK_FIELD_DUE_AT:
    case DESK_FIELD_TARGET_SECS:
    case DESK_FIELD_SPENT_SECS:
    case DESK_FIELD_RUNNING_SINCE:
    case DESK_FIELD_RESOLVED_AT:
    case DESK_FIELD_CLOSED_AT:
      return desk_import_is_line (value, DESK_LABEL_MAX_CHARS);
    }
  g_return_val_if_reached (FALSE);
}

/* One that can be saved into a folder without leaving it. */
static gboolean
is_safe_name (const char *name)
{
  return *name != '\0' && strlen (name) <= FILE_NAME_MAX && strchr (name, '/') == NULL &&
         !g_str_equal (name, ".") && !g_str_equal (name, "..") &&
         desk_import_is_line (name, FILE_NAME_MAX);
}

static gboolean
check_texts (const DeskEvent *event, GError **error)
{
  if (!is_clean_body (event->text) || (event->text != NULL && *event->text == '\0'))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The text of the event is too long or has signs that texts cannot have");
  if (!desk_import_is_line (event->device, DEVICE_MAX))
    return desk_refuse (error, DESK_ERROR_INVALID, "The device of the event is no id");
  for (guint i = 0; i < event->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (event->changes, i);

      if (!is_clean_value (change->field, change->from) ||
          !is_clean_value (change->field, change->to))
        return desk_refuse (error, DESK_ERROR_INVALID,
                            "The %s is too long or has signs that it cannot have",
                            desk_field_get_name (change->field));
    }
  return TRUE;
}

static gboolean
check_attachments (DeskImport *self, const DeskEvent *event, GError **error)
{
  if (event->attachments->len > ATTACHMENTS_MAX)
    return desk_refuse (error, DESK_ERROR_INVALID, "The event has more than %d files",
                        ATTACHMENTS_MAX);
  for (guint i = 0; i < event->attachments->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (event->attachments, i);

      if (!is_safe_name (file->name) || !desk_import_is_line (file->type, FILE_NAME_MAX))
        return desk_refuse (error, DESK_ERROR_INVALID,
                            "A file of the event has a name or type that it "
                            "cannot have");
      if (desk_fold_find_blob (self->db, file, error) == 0)
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_form (const DeskEvent *event, GError **error)
{
  if ((event->kind == DESK_KIND_CREATED) != (event->no == 1))
    return desk_refuse (error, DESK_ERROR_INVALID, "Only the first event of a ticket files it");
  if ((event->public_no > 0) != (event->audience == DESK_AUDIENCE_PUBLIC))
    return desk_refuse (error, DESK_ERROR_INVALID, "Only a public event has a public number");
  if ((event->kind == DESK_KIND_REDACT) != (event->target != NULL))
    return desk_refuse (error, DESK_ERROR_INVALID, "Only a redact has a target, and it needs one");
  if (event->redacted && (event->text != NULL || event->attachments->len > 0))
    return desk_refuse (error, DESK_ERROR_INVALID, "The event is redacted and has a text or files");
  if (event->at > event->accepted_at)
    return desk_refuse (error, DESK_ERROR_INVALID, "The event was accepted before it was made");
  return check_texts (event, error);
}

/* --- what it refers to --- */

static gboolean
check_person (DeskImport *self, const char *uid, GError **error)
{
  gint64 id;

  if (!desk_db_get_person_id (self->db, uid, &id, error))
    return FALSE;
  return id != 0 ||
         desk_refuse (error, DESK_ERROR_NO_SUCH, "The person “%s” is not in this desk", uid);
}

static const struct
{
  DeskField field;
  DeskEntryKind kind;
} entries[] = {
  { DESK_FIELD_TOPIC, DESK_ENTRY_TOPIC },
  { DESK_FIELD_DEPARTMENT, DESK_ENTRY_DEPARTMENT },
  { DESK_FIELD_TEAM, DESK_ENTRY_TEAM },
  { DESK_FIELD_SLA, DESK_ENTRY_SLA },
};

static gboolean
check_entry (DeskImport *self, const DeskChange *change, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    if (change->field == entries[i].field && change->to != NULL &&
        desk_db_get_entry_id (self->db, entries[i].kind, change->to) == 0)
      return desk_refuse (error, DESK_ERROR_NO_SUCH, "The %s “%s” is not in this desk",
                          desk_field_get_name (change->field), change->to);
  return TRUE;
}

static gboolean
check_change (DeskImport *self, const DeskEvent *event, const DeskChange *change, GError **error)
{
  if (event->no > 1 &&
      (change->field == DESK_FIELD_NUMBER || change->field == DESK_FIELD_REQUESTER))
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s of a ticket stays the same",
                        desk_field_get_name (change->field));
  if (change->to != NULL && desk_field_get_field_type (change->field) == DESK_FIELD_TYPE_PERSON &&
      !check_person (self, change->to, error))
    return FALSE;
  return check_entry (self, change, error);
}

static gboolean
check_references (DeskImport *self, const DeskEvent *event, GError **error)
{
  if (!check_person (self, event->author, error))
    return FALSE;
  for (guint i = 0; i < event->changes->len; i++)
    if (!check_change (self, event, g_ptr_array_index (event->changes, i), error))
      return FALSE;
  return check_attachments (self, event, error);
}

/* --- its place --- */

static gboolean
check_uid_is_new (DeskImport *self, const DeskEvent *event, GError **error)
{
  gint64 id, ticket;

  return desk_fold_find_event (self->db, event->uid, &id, &ticket, NULL, error) &&
         (id == 0 || desk_refuse (error, DESK_ERROR_UID_REUSED, "Another event here has this uid"));
}

/* @ticket is as of the event before. */
static gboolean
check_place (const DeskTicket *ticket, const DeskEvent *event, GError **error)
{
  if (event->no != ticket->no + 1)
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "Event %" PRId64 " of the ticket is missing before this one",
                        ticket->no + 1);
  if (event->audience == DESK_AUDIENCE_PUBLIC && event->public_no != ticket->public_no + 1)
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The public number of the event is not the next");
  return TRUE;
}

static gboolean
check_event (DeskImport *self, const DeskTicket *ticket, const DeskEvent *event, GError **error)
{
  return check_place (ticket, event, error) && check_form (event, error) &&
         check_uid_is_new (self, event, error) && check_references (self, event, error);
}

/* What a ticket's row cannot do without. */
static gboolean
check_ticket (DeskImport *self, const DeskTicket *ticket, gboolean is_new, GError **error)
{
  gint64 taken;

  if (ticket->department == NULL || ticket->requester == NULL || ticket->number == NULL)
    return desk_refuse (error, DESK_ERROR_MISSING, "The ticket has no %s",
                        ticket->number == NULL      ? DESK_N_ ("number")
                        : ticket->requester == NULL ? DESK_N_ ("requester")
                                                    : DESK_N_ ("department"));
  if (!is_new)
    return TRUE;
  if (!desk_db_get_int (self->db, DESK_SQL_NUMBER_TAKEN, &taken, error, "s", ticket->number))
    return FALSE;
  return taken == 0 || desk_refuse (error, DESK_ERROR_EXISTS,
                                    "Another ticket here has the number “%s”", ticket->number);
}

/* Plays the events from @first on, on a copy of the ticket. @failed: the one that cannot be. */
static gboolean
check_group (DeskImport *self, const DeskFold *fold, guint first, guint *failed, GError **error)
{
  g_autoptr (DeskTicket) ticket = fold != NULL ? desk_ticket_copy (fold->ticket)
                                               : desk_ticket_new (event_at (self, 0)->ticket);

  for (guint i = first; i < self->group->len; i++)
    {
      *failed = i;
      if (!check_event (self, ticket, event_at (self, i), error))
        return FALSE;
      desk_apply (ticket, event_at (self, i));
    }
  *failed = first;
  return check_ticket (self, ticket, fold == NULL, error);
}

/* --- comparing --- */

/* What a redaction has emptied, here or there, is no difference. */
static void
forget_redactable (DeskEvent *event)
{
  event->redacted = TRUE;
  g_clear_pointer (&event->text, g_free);
  g_ptr_array_set_size (event->attachments, 0);
  for (guint i = 0; i < event->changes->len; i++)
    {
      DeskChange *change = g_ptr_array_index (event->changes, i);

      if (desk_field_get_field_type (change->field) == DESK_FIELD_TYPE_TEXT &&
          change->field != DESK_FIELD_NUMBER)
        {
          g_clear_pointer (&change->from, g_free);
          g_clear_pointer (&change->to, g_free);
        }
    }
}

/* What the redaction of an older event took away from this one. */
static void
forget_older (DeskEvent *event)
{
  for (guint i = 0; i < event->changes->len; i++)
    {
      DeskChange *change = g_ptr_array_index (event->changes, i);

      if (desk_field_get_field_type (change->field) == DESK_FIELD_TYPE_TEXT)
        g_clear_pointer (&change->from, g_free);
    }
}

static gboolean
events_equal (const DeskEvent *a, const DeskEvent *b)
{
  g_autoptr (DeskEvent) first_copy = desk_event_copy (a);
  g_autoptr (DeskEvent) second_copy = desk_event_copy (b);
  g_autoptr (JsonNode) first = NULL;
  g_autoptr (JsonNode) second = NULL;

  forget_older (first_copy);
  forget_older (second_copy);
  if (a->redacted || b->redacted)
    {
      forget_redactable (first_copy);
      forget_redactable (second_copy);
    }
  first = desk_event_to_json (first_copy);
  second = desk_event_to_json (second_copy);
  return json_node_equal (first, second);
}

/* (nullable) without @error: there is none with this uid. (transfer full) */
static DeskEvent *
find_mine (DeskImport *self, const char *uid, char **digest, GError **error)
{
  g_autoptr (DeskQuery) query = desk_db_query (self->db, DESK_SQL_EXPORT_EVENT, error, "u", uid);

  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  return desk_fold_read_event (self->db, query, digest, error);
}

/* @line is of an event that the ticket has by its number. */
static gboolean
compare (
    DeskImport *self, const DeskFold *fold, const DeskLine *line, gint64 number, GError **error)
{
  g_autofree char *digest = NULL;
  GError *failure = NULL;
  g_autoptr (DeskEvent) mine = find_mine (self, line->event->uid, &digest, &failure);

  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (mine != NULL && events_equal (mine, line->event) && g_strcmp0 (digest, line->digest) == 0)
    self->result->same++;
  else
    desk_import_differ (self, number,
                        "Event %" PRId64 " of ticket %s is another here, and stays so",
                        line->event->no, fold->ticket->number);
  return TRUE;
}

/* Returns how many events of the group the ticket has. */
static guint
compare_group (DeskImport *self, const DeskFold *fold, GError **error)
{
  guint i = 0;

  for (; i < self->group->len && event_at (self, i)->no <= fold->ticket->no; i++)
    if (!compare (self, fold, g_ptr_array_index (self->group, i), line_of (self, i), error))
      break;
  return i;
}

/* --- writing --- */

static gboolean
add_event (DeskImport *self, DeskFold *fold, const DeskLine *line, GError **error)
{
  g_autoptr (GBytes) digest = line->digest != NULL ? desk_bytes_from_hex (line->digest) : NULL;
  gint64 author;

  return desk_db_get_person_id (self->db, line->event->author, &author, error) &&
         desk_fold_add_event (self->db, fold, line->event, author, digest, error);
}

/* The events of one op stand at one place, in whatever parts they come. */
static void
find_place (DeskImport *self)
{
  const DeskEvent *event = event_at (self, 0);

  if (self->tx != 0 && event->cause != NULL && g_strcmp0 (self->cause, event->cause) == 0)
    return;
  g_free (self->cause);
  self->cause = g_strdup (event->cause);
  self->tx = desk_db_take_tx (self->db);
}

/* Takes out here what was taken out where the event comes from, if it is there still. */
static gboolean
redact (DeskImport *self, DeskFold *fold, const DeskEvent *event, GError **error)
{
  g_autofree char *digest = NULL;
  GError *failure = NULL;
  g_autoptr (DeskEvent) target = NULL;

  if (event->kind != DESK_KIND_REDACT)
    return TRUE;
  target = find_mine (self, event->target, &digest, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (target == NULL || target->redacted || !g_str_equal (target->ticket, event->ticket))
    return TRUE;
  return desk_fold_redact (self->db, fold, event->target, error);
}

static gboolean
write_ticket (
    DeskImport *self, DeskFold *fold, const DeskTallyKey *before, guint first, GError **error)
{
  for (guint i = first; i < self->group->len; i++)
    if (!add_event (self, fold, g_ptr_array_index (self->group, i), error))
      return FALSE;
  find_place (self);
  fold->tx = self->tx;
  if (desk_fold_looks_different (self->db, before, fold))
    fold->public_tx = self->tx;
  for (guint i = first; i < self->group->len; i++)
    if (event_at (self, i)->audience == DESK_AUDIENCE_PUBLIC)
      fold->public_tx = self->tx;
  if (!desk_fold_write (self->db, fold, error) ||
      !desk_fold_move_tally (self->db, before, fold, error) ||
      !desk_fold_note_move (self->db, before, fold, g_get_real_time () / G_USEC_PER_SEC, error))
    return FALSE;
  for (guint i = first; i < self->group->len; i++)
    if (!redact (self, fold, event_at (self, i), error))
      return FALSE;
  self->result->added += self->group->len - first;
  return TRUE;
}

static gboolean
write_new_ticket (DeskImport *self, GError **error)
{
  g_autoptr (DeskFold) fold = g_new0 (DeskFold, 1);

  fold->ticket = desk_ticket_new (event_at (self, 0)->ticket);
  return desk_fold_reserve (self->db, fold, error) && write_ticket (self, fold, NULL, 0, error);
}

static gboolean
write_old_ticket (DeskImport *self, DeskFold *fold, guint first, GError **error)
{
  DeskTallyKey before = desk_fold_get_tally_key (self->db, fold);

  return write_ticket (self, fold, &before, first, error);
}

/* An op is taken whole or not at all. */
static gboolean
refuse_group (DeskImport *self, guint first, guint failed, GError *failure, GError **error)
{
  if (!desk_import_handle (self, line_of (self, failed), failure, error))
    return FALSE;
  for (guint i = first; i < self->group->len; i++)
    if (i != failed)
      desk_import_refuse (self, line_of (self, i), "Line %" PRId64 ", of the same op, was refused",
                          line_of (self, failed));
  return TRUE;
}

static gboolean
store_group (DeskImport *self, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (self->db, event_at (self, 0)->ticket, &failure);
  guint first = 0, failed = 0;

  if (fold != NULL)
    failed = first = compare_group (self, fold, &failure);
  if (failure == NULL && first == self->group->len)
    return TRUE;
  if (failure == NULL && check_group (self, fold, first, &failed, &failure))
    return fold != NULL ? write_old_ticket (self, fold, first, error)
                        : write_new_ticket (self, error);
  return refuse_group (self, first, failed, failure, error);
}

gboolean
desk_import_group (DeskImport *self, GError **error)
{
  gboolean done = TRUE;

  if (self->group->len == 0)
    return TRUE;
  done = store_group (self, error);
  g_ptr_array_set_size (self->group, 0);
  g_array_set_size (self->group_lines, 0);
  return done;
}

/* --- seen --- */

gboolean
desk_import_seen (DeskImport *self, const DeskLine *line, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskFold) fold = desk_fold_find (self->db, line->ticket, &failure);
  gint64 person = 0, changed;

  if (failure == NULL)
    desk_db_get_person_id (self->db, line->uid, &person, &failure);
  if (failure == NULL && (fold == NULL || person == 0 || line->no > fold->ticket->no))
    desk_refuse (&failure, DESK_ERROR_NO_SUCH, "This ticket, event or person is not in this desk");
  if (failure != NULL)
    return desk_import_handle (self, self->line, failure, error);
  changed = desk_db_run (self->db, DESK_SQL_SEEN_SAVE, error, "iii", fold->id, person, line->no);
  *(changed > 0 ? &self->result->added : &self->result->same) += 1;
  return changed >= 0;
}
