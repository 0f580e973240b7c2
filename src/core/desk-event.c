/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ops and events as values, the stored form of changes, and the fold. */
#include "desk-event.h"

#include <string.h>

#include "desk-error.h"

G_DEFINE_BOXED_TYPE (DeskOp, desk_op, desk_op_ref, desk_op_unref)
G_DEFINE_BOXED_TYPE (DeskEvent, desk_event, desk_event_ref, desk_event_unref)

DeskChange *
desk_change_new (DeskField field, const char *from, const char *to)
{
  DeskChange *self = g_new (DeskChange, 1);

  self->field = field;
  self->from = g_strdup (from);
  self->to = g_strdup (to);
  return self;
}

void
desk_change_free (DeskChange *self)
{
  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

DeskAttachment *
desk_attachment_new (const char *name, const char *type, gint64 size_bytes, const char *sha256)
{
  DeskAttachment *self = g_new (DeskAttachment, 1);

  self->name = g_strdup (name);
  self->type = g_strdup (type);
  self->size_bytes = size_bytes;
  self->sha256 = g_strdup (sha256);
  return self;
}

void
desk_attachment_free (DeskAttachment *self)
{
  g_free (self->name);
  g_free (self->type);
  g_free (self->sha256);
  g_free (self);
}

static GPtrArray *
new_changes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_change_free);
}

static GPtrArray *
new_attachments (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_attachment_free);
}

static gpointer
copy_change_cb (gconstpointer change, gpointer user_data)
{
  const DeskChange *original = change;

  return desk_change_new (original->field, original->from, original->to);
}

static gpointer
copy_attachment_cb (gconstpointer attachment, gpointer user_data)
{
  const DeskAttachment *original = attachment;

  return desk_attachment_new (original->name, original->type, original->size_bytes,
                              original->sha256);
}

DeskOp *
desk_op_new (const char *uid, const char *ticket, DeskKind kind, const char *author)
{
  DeskOp *self = g_new0 (DeskOp, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->uid = g_strdup (uid);
  self->ticket = g_strdup (ticket);
  self->kind = kind;
  self->author = g_strdup (author);
  self->changes = new_changes ();
  self->attachments = new_attachments ();
  return self;
}

void
desk_op_replace (DeskOp *self, const DeskOp *before)
{
  g_autofree char *uid = g_steal_pointer (&self->uid);
  g_autofree char *ticket = g_steal_pointer (&self->ticket);

  self->uid = g_strdup (before->uid);
  self->ticket = g_strdup (before->ticket);
}

DeskOp *
desk_op_ref (DeskOp *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_op_unref (DeskOp *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->uid);
  g_free (self->ticket);
  g_free (self->text);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->attachments);
  g_free (self->target);
  g_free (self->author);
  g_free (self->device);
  g_free (self);
}

void
desk_op_set_text (DeskOp *self, const char *text)
{
  char *copy = g_strdup (text);

  g_free (self->text);
  self->text = copy;
}

void
desk_op_change (DeskOp *self, DeskField field, const char *to)
{
  DeskChange *change = (DeskChange *) desk_changes_find (self->changes, field);
  char *copy = g_strdup (to);

  if (change == NULL)
    {
      change = desk_change_new (field, NULL, NULL);
      g_ptr_array_add (self->changes, change);
    }
  g_free (change->to);
  change->to = copy;
}

void
desk_op_take_attachment (DeskOp *self, DeskAttachment *attachment)
{
  g_ptr_array_add (self->attachments, attachment);
}

DeskEvent *
desk_event_new (void)
{
  DeskEvent *self = g_new0 (DeskEvent, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->changes = new_changes ();
  self->attachments = new_attachments ();
  return self;
}

DeskEvent *
desk_event_copy (const DeskEvent *self)
{
  DeskEvent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  g_atomic_ref_count_init (&copy->ref_count);
  copy->uid = g_strdup (self->uid);
  copy->ticket = g_strdup (self->ticket);
  copy->text = g_strdup (self->text);
  copy->changes = g_ptr_array_copy (self->changes, copy_change_cb, NULL);
  copy->attachments = g_ptr_array_copy (self->attachments, copy_attachment_cb, NULL);
  copy->target = g_strdup (self->target);
  copy->author = g_strdup (self->author);
  copy->device = g_strdup (self->device);
  copy->cause = g_strdup (self->cause);
  return copy;
}

DeskEvent *
desk_event_ref (DeskEvent *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_event_unref (DeskEvent *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->uid);
  g_free (self->ticket);
  g_free (self->text);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->attachments);
  g_free (self->target);
  g_free (self->author);
  g_free (self->device);
  g_free (self->cause);
  g_free (self);
}

void
desk_event_change (DeskEvent *self, DeskField field, const char *from, const char *to)
{
  g_ptr_array_add (self->changes, desk_change_new (field, from, to));
}

const DeskChange *
desk_changes_find (GPtrArray *changes, DeskField field)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (changes, i);

      if (change->field == field)
        return change;
    }
  return NULL;
}

/* How a field is called in stored changes, of which there are millions. Never change a letter. */
static const char letters[DESK_N_FIELDS + 1] = {
  [DESK_FIELD_NUMBER] = 'n',
  [DESK_FIELD_SUMMARY] = 's',
  [DESK_FIELD_REQUESTER] = 'r',
  [DESK_FIELD_TOPIC] = 't',
  [DESK_FIELD_STATUS] = 'S',
  [DESK_FIELD_DEPARTMENT] = 'd',
  [DESK_FIELD_TEAM] = 'm',
  [DESK_FIELD_ASSIGNEE] = 'a',
  [DESK_FIELD_PRIORITY] = 'p',
  [DESK_FIELD_SLA] = 'l',
  [DESK_FIELD_DUE_AT] = 'u',
  [DESK_FIELD_TARGET_SECS] = 'g',
  [DESK_FIELD_SPENT_SECS] = 'e',
  [DESK_FIELD_RUNNING_SINCE] = 'c',
  [DESK_FIELD_RESOLUTION] = 'R',
  [DESK_FIELD_STEPS] = 'T',
  [DESK_FIELD_RECOMMENDATIONS] = 'C',
  [DESK_FIELD_RESOLVED_AT] = 'v',
  [DESK_FIELD_CLOSED_AT] = 'x',
};

/* Signs that have a meaning, and what stands for them behind a backslash. */
static const char signs[] = "\\\t\n\r";
static const char escapes[] = "\\tnr";

/* Nothing is nothing, and an empty text \e. */
static void
append_value (GString *line, const char *value)
{
  if (value != NULL && *value == '\0')
    g_string_append (line, "\\e");
  while (value != NULL && *value != '\0')
    {
      gsize plain = strcspn (value, signs);

      g_string_append_len (line, value, (gssize) plain);
      value += plain;
      if (*value == '\0')
        return;
      g_string_append_c (line, '\\');
      g_string_append_c (line, escapes[strchr (signs, *value++) - signs]);
    }
}

char *
desk_changes_format (GPtrArray *changes)
{
  GString *text;

  if (changes == NULL || changes->len == 0)
    return NULL;

  text = g_string_sized_new (64 * changes->len);
  for (guint i = 0; i < changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (changes, i);

      g_string_append_c (text, letters[change->field]);
      append_value (text, change->from);
      g_string_append_c (text, '\t');
      append_value (text, change->to);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}

/* Puts @length bytes of @text back as they were. NULL for what append_value() does not write.
 * (transfer full) */
static char *
unescape (const char *text, gsize length)
{
  g_autofree char *plain = g_malloc (length + 1);
  char *out = plain;

  for (const char *p = text; p < text + length; p++)
    {
      const char *escape;

      if (*p != '\\')
        {
          *out++ = *p;
          continue;
        }
      if (++p == text + length || (escape = strchr (escapes, *p)) == NULL)
        return NULL;
      *out++ = signs[escape - escapes];
    }
  *out = '\0';
  return g_steal_pointer (&plain);
}

/* Reads a value up to @terminator and moves behind it. FALSE for what is not written that way. */
static gboolean
read_value (const char **text, char terminator, char **value)
{
  const char *start = *text;
  gsize length = strcspn (start, signs + 1);

  if (start[length] != terminator)
    return FALSE;
  *text = start + length + 1;
  if (length == 0)
    *value = NULL;
  else if (memchr (start, '\\', length) == NULL)
    *value = g_strndup (start, length);
  else if (length == 2 && start[1] == 'e')
    *value = g_strdup ("");
  else
    *value = unescape (start, length);
  return length == 0 || *value != NULL;
}

/* Reads a line and moves behind it. */
static DeskChange *
read_change (const char **text)
{
  const char *letter = strchr (letters, **text);
  g_autoptr (DeskChange) change = NULL;

  if (letter == NULL || *letter == '\0')
    return NULL;
  ++*text;
  change = desk_change_new ((DeskField) (letter - letters), NULL, NULL);
  if (!read_value (text, '\t', &change->from) || !read_value (text, '\n', &change->to))
    return NULL;
  return g_steal_pointer (&change);
}

GPtrArray *
desk_changes_parse (const char *text, GError **error)
{
  g_autoptr (GPtrArray) changes = new_changes ();

  while (text != NULL && *text != '\0')
    {
      DeskChange *change = read_change (&text);

      if (change == NULL)
        {
          desk_refuse (error, DESK_ERROR_INVALID,
                       "The changes of an event cannot be read (line %u)", changes->len + 1);
          return NULL;
        }
      g_ptr_array_add (changes, change);
    }
  return g_steal_pointer (&changes);
}

static void
count (DeskTicket *ticket, const DeskEvent *event)
{
  ticket->no = event->no;
  ticket->updated_at = event->accepted_at;
  if (event->kind == DESK_KIND_CREATED)
    ticket->created_at = event->accepted_at;
  if (event->audience == DESK_AUDIENCE_PUBLIC)
    {
      ticket->public_no = event->public_no;
      ticket->public_at = event->accepted_at;
    }
}

/**
 * desk_apply:
 * @ticket: a ticket that is not shared yet
 * @event: its next event; one that is not stamped (a prediction) changes fields and counts nothing
 */
void
desk_apply (DeskTicket *ticket, const DeskEvent *event)
{
  /* The changes of a redact, if a newer version has any, tell of its target, not of the ticket. */
  if (event->kind != DESK_KIND_REDACT)
    for (guint i = 0; i < event->changes->len; i++)
      {
        const DeskChange *change = g_ptr_array_index (event->changes, i);

        desk_ticket_set_field (ticket, change->field, change->to);
      }
  if (event->no != 0)
    count (ticket, event);
}
