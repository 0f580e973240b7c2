/* SPDX-License-Identifier: GPL-3.0-or-later
 * Making fit what an op asks for: its form, its texts, its files, each value. */
#include "desk-accept-private.h"

#include <string.h>

#include "desk-text.h"

#define ATTACHMENTS_MAX 100
#define ID_MAX_BYTES    64
#define SHA256_DIGITS   64

/* Ids are made by programs; whether they are UUIDs is the store's to say. */
static gboolean
is_id (const char *text)
{
  gsize length = 0;

  for (; text != NULL && text[length] != '\0'; length++)
    if (length == ID_MAX_BYTES || !g_ascii_isgraph (text[length]))
      return FALSE;
  return length > 0;
}

/* --- form --- */

static gboolean
check_op (const DeskDecision *self, GError **error)
{
  const DeskOp *op = self->op;

  if (!is_id (op->uid) || !is_id (op->ticket) || !is_id (op->author))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "An op needs its own uid, its ticket's and its author's");
  if ((op->device != NULL && !is_id (op->device)) || (op->target != NULL && !is_id (op->target)))
    return desk_refuse (error, DESK_ERROR_INVALID, "The device or target of the op is not an id");
  if (strcmp (op->author, self->author->uid) != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The op was made by somebody else");
  if ((guint) op->kind >= DESK_N_KINDS || desk_enum_get_nick (DESK_TYPE_VIA, (int) op->via) == NULL)
    return desk_refuse (error, DESK_ERROR_INVALID, "Nothing is known of this kind of op");
  if (op->kind != DESK_KIND_CREATED && self->ticket == NULL)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such ticket");
  if (op->kind == DESK_KIND_CREATED && self->ticket != NULL)
    return desk_refuse (error, DESK_ERROR_INVALID, "This ticket was filed already");
  if (self->ticket != NULL && strcmp (self->ticket->uid, op->ticket) != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The op is about another ticket");
  if ((op->kind == DESK_KIND_REDACT) != (op->target != NULL))
    return desk_refuse (error, DESK_ERROR_INVALID, "Only a redact has a target, and it needs one");
  return TRUE;
}

static gboolean
find_standing (DeskDecision *self, GError **error)
{
  if (self->author->removed && self->ticket == NULL)
    return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                        "You were removed from this desk: ask an administrator");
  if (self->ticket != NULL &&
      !desk_can (DESK_ACTION_SEE, self->author, self->ticket, self->catalogue, self->now, error))
    return FALSE;
  self->standing = desk_standing_of (self->author, self->ticket);
  return TRUE;
}

/* A requester counts in public numbers only. */
static gboolean
check_base (const DeskDecision *self, GError **error)
{
  gint64 newest = 0;

  if (self->ticket != NULL)
    newest = desk_decision_is_agent (self) ? self->ticket->no : self->ticket->public_no;
  if (self->op->base >= 0 && self->op->base <= newest)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID, "The op is based on more than the ticket has");
}

static gboolean
clean_text (DeskDecision *self, GError **error)
{
  self->text = desk_text_clean_body (self->op->text, DESK_N_ ("text"), error);
  if (self->text == NULL)
    return FALSE;
  if (*self->text == '\0')
    g_clear_pointer (&self->text, g_free);
  return TRUE;
}

/* --- attachments --- */

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strspn (text, "0123456789abcdef") == SHA256_DIGITS &&
         text[SHA256_DIGITS] == '\0';
}

/* "image/png"; anything else is some bytes. */
static const char *
clean_content_type (const char *type)
{
  static const char signs[] =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-";
  gsize major = type != NULL ? strspn (type, signs) : 0;

  if (major > 0 && type[major] == '/' && type[major + 1] != '\0' &&
      type[major + 1 + strspn (type + major + 1, signs)] == '\0' && strlen (type) <= 127)
    return type;
  return "application/octet-stream";
}

static gboolean
is_taken (GPtrArray *attachments, const char *name)
{
  for (guint i = 0; i < attachments->len; i++)
    if (strcmp (((const DeskAttachment *) g_ptr_array_index (attachments, i))->name, name) == 0)
      return TRUE;
  return FALSE;
}

/* "a.png", "a (2).png", … */
static char *
make_unique_name (GPtrArray *attachments, const char *raw)
{
  g_autofree char *clean = desk_file_name_clean (raw);
  const char *dot = strrchr (clean, '.');
  gsize stem = dot != NULL && dot != clean ? (gsize) (dot - clean) : strlen (clean);

  if (!is_taken (attachments, clean))
    return g_steal_pointer (&clean);
  for (guint n = 2;; n++)
    {
      g_autofree char *name = g_strdup_printf ("%.*s (%u)%s", (int) stem, clean, n, clean + stem);

      if (!is_taken (attachments, name))
        return g_steal_pointer (&name);
    }
}

gboolean
desk_attachment_check_size (gint64 size_bytes, const DeskCatalogue *catalogue, GError **error)
{
  gint64 limit = desk_entry_get_int (desk_catalogue_get_desk (catalogue),
                                     DESK_PROPERTY_ATTACHMENT_LIMIT_BYTES);
  g_autofree char *words = NULL;

  if (size_bytes < 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "A file has no negative size");
  if (size_bytes <= limit)
    return TRUE;
  words = g_format_size ((guint64) limit);
  return desk_refuse (error, DESK_ERROR_TOO_BIG,
                      "The file is larger than %s, the most this desk takes", words);
}

static gboolean
clean_attachments (DeskDecision *self, GError **error)
{
  GPtrArray *raw = self->op->attachments;

  self->attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_attachment_free);
  if (raw->len > ATTACHMENTS_MAX)
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "More than %d files at once: pack them into an archive", ATTACHMENTS_MAX);
  for (guint i = 0; i < raw->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (raw, i);
      g_autofree char *name = make_unique_name (self->attachments, attachment->name);

      if (!is_sha256 (attachment->sha256))
        return desk_refuse (error, DESK_ERROR_INVALID, "The file “%s” has no SHA-256", name);
      if (!desk_attachment_check_size (attachment->size_bytes, self->catalogue, error))
        {
          g_prefix_error (error, "%s: ", name);
          return FALSE;
        }
      g_ptr_array_add (self->attachments,
                       desk_attachment_new (name, clean_content_type (attachment->type),
                                            attachment->size_bytes, attachment->sha256));
    }
  return TRUE;
}

/* --- values asked for --- */

static gboolean
check_entry (const DeskDecision *self, const DeskFieldRule *rule, const char *slug, GError **error)
{
  const DeskEntry *entry = desk_catalogue_find (self->catalogue, rule->kind, slug);

  if (entry == NULL)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no %s “%s”", rule->word, slug);
  if (entry->removed)
    return desk_refuse (error, DESK_ERROR_NO_SUCH, "The %s “%s” was removed: choose another",
                        rule->word, entry->label);
  return TRUE;
}

static gboolean
check_agent (const DeskDecision *self, const char *uid, GError **error)
{
  const DeskPerson *person = desk_catalogue_find_agent (self->catalogue, uid);

  if (person != NULL && !person->removed && person->role >= DESK_ROLE_AGENT)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "Tickets are assigned to agents of this desk: choose one");
}

/* Whether @value, not NULL, names something that can be had. */
gboolean
desk_decision_check_reference (const DeskDecision *self,
                               const DeskFieldRule *rule,
                               const char *value,
                               GError **error)
{
  switch (rule->form)
    {
    case DESK_FORM_ENTRY:
      return check_entry (self, rule, value, error);
    case DESK_FORM_AGENT:
      return check_agent (self, value, error);
    case DESK_FORM_LINE:
    case DESK_FORM_BODY:
    case DESK_FORM_WORD:
    case DESK_FORM_PERSON:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static char *
clean_value (const DeskFieldRule *rule, const char *raw, GError **error)
{
  switch (rule->form)
    {
    case DESK_FORM_LINE:
      return desk_text_clean_line (raw, DESK_SUMMARY_MAX_CHARS, rule->word, error);
    case DESK_FORM_BODY:
      return desk_text_clean_body (raw, rule->word, error);
    case DESK_FORM_WORD:
    case DESK_FORM_ENTRY:
    case DESK_FORM_AGENT:
    case DESK_FORM_PERSON:
      return desk_text_clean_line (raw, DESK_LABEL_MAX_CHARS, rule->word, error);
    }
  g_return_val_if_reached (NULL);
}

/* Tries the value on @scratch, a ticket that is of no other use. A value that stays what it is need
 * not be on offer any more. */
static gboolean
check_value (const DeskDecision *self, DeskField field, DeskTicket *scratch, GError **error)
{
  const DeskFieldRule *rule = &desk_field_rules[field];
  const char *value = self->wanted[field];

  if (value == NULL)
    return rule->missing == NULL || self->ticket == NULL ||
           desk_refuse (error, DESK_ERROR_MISSING, "%s", rule->missing);
  if (self->ticket != NULL && desk_ticket_field_equals (self->ticket, field, value))
    return TRUE;
  if (!desk_decision_check_reference (self, rule, value, error))
    return FALSE;
  if (!desk_ticket_set_field (scratch, field, value))
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s cannot be “%s”", rule->word, value);
  return TRUE;
}

static gboolean
read_change (DeskDecision *self, const DeskChange *change, DeskTicket *scratch, GError **error)
{
  DeskField field = change->field;
  g_autofree char *clean = NULL;

  if ((guint) field >= DESK_N_FIELDS || !desk_field_rules[field].is_asked)
    return desk_refuse (
        error, DESK_ERROR_INVALID, "The %s follows from other changes: it cannot be asked for",
        (guint) field < DESK_N_FIELDS ? desk_field_rules[field].word : DESK_N_ ("field"));
  if (self->asked[field])
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s is asked for twice",
                        desk_field_rules[field].word);

  clean = clean_value (&desk_field_rules[field], change->to, error);
  if (clean == NULL)
    return FALSE;
  self->asked[field] = TRUE;
  if (*clean != '\0')
    self->wanted[field] = g_steal_pointer (&clean);
  return check_value (self, field, scratch, error);
}

static gboolean
read_changes (DeskDecision *self, GError **error)
{
  GPtrArray *changes = self->op->changes;
  g_autoptr (DeskTicket) scratch = desk_ticket_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    if (!read_change (self, g_ptr_array_index (changes, i), scratch, error))
      return FALSE;

  self->after = self->ticket != NULL ? desk_ticket_copy (self->ticket)
                                     : desk_ticket_new (self->op->ticket);
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    self->moves[field] = self->asked[field] &&
                         !desk_ticket_field_equals (self->after, field, self->wanted[field]);
  return TRUE;
}

gboolean
desk_decision_read (DeskDecision *self, GError **error)
{
  return check_op (self, error) && find_standing (self, error) && check_base (self, error) &&
         clean_text (self, error) && clean_attachments (self, error) && read_changes (self, error);
}
