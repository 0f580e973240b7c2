/* SPDX-License-Identifier: GPL-3.0-or-later
 * How an op becomes events, step by step.
 *
 * What is asked for is cleaned, held against the ticket, the permission table and what others did
 * meanwhile, and carried out on a copy of the ticket. The events are the difference between the
 * ticket and that copy, parted by audience: so consequences (the clock, a dropped assignee) need no
 * bookkeeping of their own. */
#include "desk-accept.h"

#include <string.h>

#include "desk-permission.h"
#include "desk-projection.h"
#include "desk-sla.h"
#include "desk-text.h"

#define ATTACHMENTS_MAX 100
#define ID_MAX_BYTES    64
#define SHA256_DIGITS   64
#define SECS_PER_HOUR   3600

/* Who may ask for a field's value when a ticket is filed. */
typedef enum
{
  INTAKE_NOBODY,
  INTAKE_ANYBODY,
  INTAKE_AGENTS,
  INTAKE_IF_DESK_LETS, /* agents, and requesters where the desk's settings say so */
} Intake;

/* How a value that is asked for is made fit. */
typedef enum
{
  FORM_LINE,
  FORM_BODY,
  FORM_WORD, /* a nick */
  FORM_ENTRY,
  FORM_AGENT,
  FORM_PERSON, /* anybody; only the store knows requesters */
} Form;

typedef struct
{
  const char *word;  /* in sentences */
  gboolean is_asked; /* FALSE: nobody asks for it, it follows from something else */
  Intake intake;
  DeskAction action; /* that changes it later */
  Form form;
  DeskEntryKind kind;  /* of an entry */
  const char *missing; /* the refusal when it is taken away, or NULL */
} FieldRule;

static const FieldRule rules[DESK_N_FIELDS] = {
  [DESK_FIELD_NUMBER] = { DESK_N_ ("number") },
  [DESK_FIELD_SUMMARY] = { DESK_N_ ("summary"), TRUE, INTAKE_ANYBODY, DESK_ACTION_SET, FORM_LINE,
                           .missing = DESK_N_ ("Give the ticket a summary") },
  [DESK_FIELD_REQUESTER] = { DESK_N_ ("requester"), TRUE, INTAKE_AGENTS, DESK_ACTION_SEE,
                             FORM_PERSON },
  [DESK_FIELD_TOPIC] = { DESK_N_ ("help topic"), TRUE, INTAKE_ANYBODY, DESK_ACTION_SET, FORM_ENTRY,
                         DESK_ENTRY_TOPIC },
  [DESK_FIELD_STATUS] = { DESK_N_ ("status"), TRUE, INTAKE_NOBODY, DESK_ACTION_SEE, FORM_WORD,
                          .missing = DESK_N_ ("A ticket always has a status: choose one") },
  [DESK_FIELD_DEPARTMENT] = { DESK_N_ ("department"), TRUE, INTAKE_AGENTS, DESK_ACTION_TRANSFER,
                              FORM_ENTRY, DESK_ENTRY_DEPARTMENT,
                              DESK_N_ ("A ticket always has a department: choose one") },
  [DESK_FIELD_TEAM] = { DESK_N_ ("team"), TRUE, INTAKE_AGENTS, DESK_ACTION_ASSIGN, FORM_ENTRY,
                        DESK_ENTRY_TEAM },
  [DESK_FIELD_ASSIGNEE] = { DESK_N_ ("assignee"), TRUE, INTAKE_AGENTS, DESK_ACTION_ASSIGN,
                            FORM_AGENT },
  [DESK_FIELD_PRIORITY] = { DESK_N_ ("priority"), TRUE, INTAKE_IF_DESK_LETS, DESK_ACTION_SET,
                            FORM_WORD,
                            .missing = DESK_N_ ("A ticket always has a priority: choose one") },
  [DESK_FIELD_SLA] = { DESK_N_ ("SLA plan"), TRUE, INTAKE_AGENTS, DESK_ACTION_SET, FORM_ENTRY,
                       DESK_ENTRY_SLA },
  [DESK_FIELD_DUE_AT] = { DESK_N_ ("due time") },
  [DESK_FIELD_TARGET_SECS] = { DESK_N_ ("target") },
  [DESK_FIELD_SPENT_SECS] = { DESK_N_ ("time spent") },
  [DESK_FIELD_RUNNING_SINCE] = { DESK_N_ ("clock") },
  [DESK_FIELD_RESOLUTION] = { DESK_N_ ("resolution"), TRUE, INTAKE_NOBODY, DESK_ACTION_RESOLVE,
                              FORM_BODY },
  [DESK_FIELD_STEPS] = { DESK_N_ ("steps taken"), TRUE, INTAKE_NOBODY, DESK_ACTION_RESOLVE,
                         FORM_BODY },
  [DESK_FIELD_RECOMMENDATIONS] = { DESK_N_ ("recommendations"), TRUE, INTAKE_NOBODY,
                                   DESK_ACTION_RESOLVE, FORM_BODY },
  [DESK_FIELD_RESOLVED_AT] = { DESK_N_ ("time of resolving") },
  [DESK_FIELD_CLOSED_AT] = { DESK_N_ ("time of closing") },
};

/* What may be asked of a kind of op. */
typedef struct
{
  DeskAction action;      /* its permission; SEE where the changes decide */
  const char *empty;      /* the refusal without text and attachments, or NULL */
  gboolean text_internal; /* its text is for agents */
} KindRule;

static const KindRule kinds[] = {
  [DESK_KIND_CREATED] = { DESK_ACTION_SEE },
  [DESK_KIND_MESSAGE] = { DESK_ACTION_MESSAGE, DESK_N_ ("Write a message, or attach a file") },
  [DESK_KIND_REPLY] = { DESK_ACTION_REPLY, DESK_N_ ("Write a reply, or attach a file") },
  [DESK_KIND_NOTE] = { DESK_ACTION_NOTE, DESK_N_ ("Write a note, or attach a file"), TRUE },
  [DESK_KIND_CHANGE] = { DESK_ACTION_SEE },
  [DESK_KIND_REDACT] = { DESK_ACTION_REDACT },
};

/* One decision while it is made. */
typedef struct
{
  const DeskTicket *ticket; /* NULL: the op files it */
  GPtrArray *since;
  const DeskOp *op;
  const DeskPerson *author;
  const DeskCatalogue *catalogue;
  gint64 now;

  DeskStanding standing;
  char *text;                    /* clean, or NULL */
  GPtrArray *attachments;        /* clean */
  gboolean asked[DESK_N_FIELDS]; /* asked for … */
  gboolean moves[DESK_N_FIELDS]; /* … and not so already */
  char *wanted[DESK_N_FIELDS];   /* clean */
  DeskTicket *after;
} Decision;

static void
clear_decision (Decision *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->attachments, g_ptr_array_unref);
  g_clear_pointer (&self->after, desk_ticket_unref);
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    g_clear_pointer (&self->wanted[field], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Decision, clear_decision)

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

static const DeskEntry *
get_desk (const Decision *self)
{
  return desk_catalogue_get_desk (self->catalogue);
}

/* --- form --- */

static gboolean
check_op (const Decision *self, GError **error)
{
  const DeskOp *op = self->op;

  if (!is_id (op->uid) || !is_id (op->ticket) || !is_id (op->author))
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "An op needs its own uid, its ticket's and its author's");
  if ((op->device != NULL && !is_id (op->device)) || (op->target != NULL && !is_id (op->target)))
    return desk_refuse (error, DESK_ERROR_INVALID, "The device or target of the op is not an id");
  if (strcmp (op->author, self->author->uid) != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The op was made by somebody else");
  if ((guint) op->kind >= G_N_ELEMENTS (kinds) ||
      desk_enum_get_nick (DESK_TYPE_VIA, (int) op->via) == NULL)
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
find_standing (Decision *self, GError **error)
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

static gboolean
is_agent (const Decision *self)
{
  return (self->standing & (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)) != 0;
}

/* A requester counts in public numbers only. */
static gboolean
check_base (const Decision *self, GError **error)
{
  gint64 newest = 0;

  if (self->ticket != NULL)
    newest = is_agent (self) ? self->ticket->no : self->ticket->public_no;
  if (self->op->base >= 0 && self->op->base <= newest)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID, "The op is based on more than the ticket has");
}

static gboolean
clean_text (Decision *self, GError **error)
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
clean_attachments (Decision *self, GError **error)
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
check_entry (const Decision *self, const FieldRule *rule, const char *slug, GError **error)
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
check_agent (const Decision *self, const char *uid, GError **error)
{
  const DeskPerson *person = desk_catalogue_find_agent (self->catalogue, uid);

  if (person != NULL && !person->removed && person->role >= DESK_ROLE_AGENT)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "Tickets are assigned to agents of this desk: choose one");
}

/* Whether @value, not NULL, names something that can be had. */
static gboolean
check_reference (const Decision *self, const FieldRule *rule, const char *value, GError **error)
{
  switch (rule->form)
    {
    case FORM_ENTRY:
      return check_entry (self, rule, value, error);
    case FORM_AGENT:
      return check_agent (self, value, error);
    case FORM_LINE:
    case FORM_BODY:
    case FORM_WORD:
    case FORM_PERSON:
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

static char *
clean_value (const FieldRule *rule, const char *raw, GError **error)
{
  switch (rule->form)
    {
    case FORM_LINE:
      return desk_text_clean_line (raw, DESK_SUMMARY_MAX_CHARS, rule->word, error);
    case FORM_BODY:
      return desk_text_clean_body (raw, rule->word, error);
    case FORM_WORD:
    case FORM_ENTRY:
    case FORM_AGENT:
    case FORM_PERSON:
      return desk_text_clean_line (raw, DESK_LABEL_MAX_CHARS, rule->word, error);
    }
  g_return_val_if_reached (NULL);
}

/* Tries the value on @scratch, a ticket that is of no other use. A value that stays what it is need
 * not be on offer any more. */
static gboolean
check_value (const Decision *self, DeskField field, DeskTicket *scratch, GError **error)
{
  const FieldRule *rule = &rules[field];
  const char *value = self->wanted[field];

  if (value == NULL)
    return rule->missing == NULL || self->ticket == NULL ||
           desk_refuse (error, DESK_ERROR_MISSING, "%s", rule->missing);
  if (self->ticket != NULL && desk_ticket_field_equals (self->ticket, field, value))
    return TRUE;
  if (!check_reference (self, rule, value, error))
    return FALSE;
  if (!desk_ticket_set_field (scratch, field, value))
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s cannot be “%s”", rule->word, value);
  return TRUE;
}

static gboolean
read_change (Decision *self, const DeskChange *change, DeskTicket *scratch, GError **error)
{
  DeskField field = change->field;
  g_autofree char *clean = NULL;

  if ((guint) field >= DESK_N_FIELDS || !rules[field].is_asked)
    return desk_refuse (error, DESK_ERROR_INVALID,
                        "The %s follows from other changes: it cannot be asked for",
                        (guint) field < DESK_N_FIELDS ? rules[field].word : DESK_N_ ("field"));
  if (self->asked[field])
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s is asked for twice", rules[field].word);

  clean = clean_value (&rules[field], change->to, error);
  if (clean == NULL)
    return FALSE;
  self->asked[field] = TRUE;
  if (*clean != '\0')
    self->wanted[field] = g_steal_pointer (&clean);
  return check_value (self, field, scratch, error);
}

static gboolean
read_changes (Decision *self, GError **error)
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

/* --- outcome --- */

static void
set_due (Decision *self)
{
  DeskTicket *after = self->after;
  DeskClock clock = { after->target_secs, after->spent_secs, after->running_since };

  after->due_at = desk_clock_due_at (clock);
}

static void
set_clock (Decision *self, DeskClock clock)
{
  self->after->target_secs = clock.target_secs;
  self->after->spent_secs = clock.spent_secs;
  self->after->running_since = clock.running_since;
}

/* Copies the plan's target, so that editing the plan later changes no ticket. */
static void
set_sla (Decision *self, const char *slug)
{
  const DeskEntry *plan = desk_catalogue_find (self->catalogue, DESK_ENTRY_SLA, slug);

  desk_ticket_set_field (self->after, DESK_FIELD_SLA, slug);
  self->after->target_secs = plan != NULL
                                 ? desk_entry_get_int (plan, DESK_PROPERTY_HOURS) * SECS_PER_HOUR
                                 : 0;
}

/* The clock runs in open only; a ticket that comes back from closed begins anew. */
static void
move_clock (Decision *self, DeskStatus from, DeskStatus to)
{
  DeskTicket *after = self->after;
  DeskClock clock = { after->target_secs, after->spent_secs, after->running_since };

  if (from == DESK_STATUS_CLOSED)
    clock = desk_clock_reset (clock);
  clock = to == DESK_STATUS_OPEN ? desk_clock_start (clock, self->now)
                                 : desk_clock_pause (clock, self->now);
  set_clock (self, clock);
}

static void
move_status (Decision *self, DeskStatus to)
{
  DeskTicket *after = self->after;
  DeskStatus from = after->status;

  if (from == to)
    return;
  move_clock (self, from, to);
  after->status = to;
  switch (to)
    {
    case DESK_STATUS_OPEN:
      after->resolved_at = 0;
      after->closed_at = 0;
      break;
    case DESK_STATUS_WAITING:
      break;
    case DESK_STATUS_RESOLVED:
      after->resolved_at = self->now;
      break;
    case DESK_STATUS_CLOSED:
      after->closed_at = self->now;
      break;
    }
}

static DeskEvent *
new_event (const Decision *self, DeskKind kind, DeskAudience audience)
{
  const DeskOp *op = self->op;
  DeskEvent *event = desk_event_new ();

  event->ticket = g_strdup (op->ticket);
  event->kind = kind;
  event->audience = audience;
  event->author = g_strdup (op->author);
  event->device = g_strdup (op->device);
  event->via = op->via;
  event->cause = g_strdup (op->uid);
  event->at = op->at > 0 ? MIN (op->at, self->now) : self->now;
  event->accepted_at = self->now;
  return event;
}

/* Tells @event of each field that is other than it was and belongs to its audience. A ticket that
 * is filed comes from nothing, and its first event says what it is even where that is the usual. */
static void
add_differences (const Decision *self, DeskEvent *event)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      g_autofree char *to = NULL;
      g_autofree char *from = NULL;

      to = desk_ticket_dup_field (self->after, field);
      if (self->ticket == NULL ? to == NULL : desk_ticket_field_equals (self->ticket, field, to))
        continue;
      if (self->ticket != NULL)
        from = desk_ticket_dup_field (self->ticket, field);
      if (desk_field_get_audience (field, from, to, self->catalogue) == event->audience)
        desk_event_change (event, field, from, to);
    }
}

/* Whom the text is for. The reason of a change tells requesters about a move that they see; about
 * anything else agents talk among themselves. */
static DeskAudience
get_text_audience (const Decision *self)
{
  gboolean internal = kinds[self->op->kind].text_internal;

  if (self->op->kind == DESK_KIND_CHANGE)
    internal = !self->moves[DESK_FIELD_STATUS];
  return internal ? DESK_AUDIENCE_INTERNAL : DESK_AUDIENCE_PUBLIC;
}

/* Where only the changes of an op are for this audience, its event is a plain change. */
static void
add_event (Decision *self, GPtrArray *events, DeskAudience audience)
{
  gboolean has_text = get_text_audience (self) == audience &&
                      (self->text != NULL || self->attachments->len > 0);
  DeskKind kind = get_text_audience (self) == audience ? self->op->kind : DESK_KIND_CHANGE;
  g_autoptr (DeskEvent) event = new_event (self, kind, audience);

  add_differences (self, event);
  if (!has_text && event->changes->len == 0)
    return;
  if (has_text)
    {
      GPtrArray *none = event->attachments;

      event->text = g_steal_pointer (&self->text);
      event->attachments = self->attachments;
      self->attachments = none;
    }
  if (events->len == 0)
    event->uid = g_strdup (self->op->uid);
  g_ptr_array_add (events, g_steal_pointer (&event));
}

static GPtrArray *
make_events (Decision *self)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);

  set_due (self);
  add_event (self, events, DESK_AUDIENCE_PUBLIC);
  add_event (self, events, DESK_AUDIENCE_INTERNAL);
  return events;
}

/* --- filing a ticket --- */

static gboolean
may_fill_in (const Decision *self, DeskField field)
{
  gboolean agent = self->author->role >= DESK_ROLE_AGENT;

  switch (rules[field].intake)
    {
    case INTAKE_NOBODY:
      return FALSE;
    case INTAKE_ANYBODY:
      return TRUE;
    case INTAKE_AGENTS:
      return agent || (field == DESK_FIELD_REQUESTER &&
                       strcmp (self->wanted[field], self->author->uid) == 0);
    case INTAKE_IF_DESK_LETS:
      return agent || desk_entry_get_bool (get_desk (self), DESK_PROPERTY_REQUESTER_PRIORITY);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
check_intake (const Decision *self, GError **error)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      if (!self->asked[field] || self->wanted[field] == NULL || may_fill_in (self, field))
        continue;
      if (rules[field].intake == INTAKE_NOBODY)
        return desk_refuse (error, DESK_ERROR_INVALID, "A new ticket has no %s yet",
                            rules[field].word);
      return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                          "Only agents choose the %s of a new ticket: leave it out",
                          rules[field].word);
    }
  if (self->wanted[DESK_FIELD_SUMMARY] == NULL)
    return desk_refuse (error, DESK_ERROR_MISSING, "%s", rules[DESK_FIELD_SUMMARY].missing);
  return TRUE;
}

/* Whether a default may be used: what was removed since is passed over. */
static gboolean
is_usable (const Decision *self, DeskField field, const char *value)
{
  return value != NULL && check_reference (self, &rules[field], value, NULL);
}

/* The value asked for, or the first usable one of @property along topic, department and desk. */
static const char *
cascade (const Decision *self, DeskField field, DeskProperty property)
{
  const DeskEntry *sources[] = {
    desk_catalogue_find (self->catalogue, DESK_ENTRY_TOPIC, self->wanted[DESK_FIELD_TOPIC]),
    desk_catalogue_find (self->catalogue, DESK_ENTRY_DEPARTMENT, self->after->department),
    get_desk (self),
  };

  if (self->wanted[field] != NULL)
    return self->wanted[field];
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      const DeskEntry *source = sources[i];

      if (source == NULL || (desk_property_get_info (property)->kinds & (1u << source->kind)) == 0)
        continue;
      if (is_usable (self, field, desk_entry_get (source, property)))
        return desk_entry_get (source, property);
    }
  return NULL;
}

static const struct
{
  DeskField field;
  DeskProperty property;
} cascades[] = {
  { DESK_FIELD_DEPARTMENT, DESK_PROPERTY_DEPARTMENT }, /* first: the others look at it */
  { DESK_FIELD_PRIORITY, DESK_PROPERTY_PRIORITY },
  { DESK_FIELD_SLA, DESK_PROPERTY_SLA },
  { DESK_FIELD_ASSIGNEE, DESK_PROPERTY_ASSIGNEE },
  { DESK_FIELD_TEAM, DESK_PROPERTY_TEAM },
};

static void
fill_in (Decision *self)
{
  DeskTicket *after = self->after;
  const char *requester = self->wanted[DESK_FIELD_REQUESTER];

  desk_ticket_set_field (after, DESK_FIELD_SUMMARY, self->wanted[DESK_FIELD_SUMMARY]);
  desk_ticket_set_field (after, DESK_FIELD_TOPIC, self->wanted[DESK_FIELD_TOPIC]);
  desk_ticket_set_field (after, DESK_FIELD_REQUESTER,
                         requester != NULL ? requester : self->author->uid);
  for (guint i = 0; i < G_N_ELEMENTS (cascades); i++)
    {
      const char *value = cascade (self, cascades[i].field, cascades[i].property);

      if (value != NULL)
        desk_ticket_set_field (after, cascades[i].field, value);
    }
  set_sla (self, after->sla);
  after->running_since = self->now;
}

static GPtrArray *
accept_created (Decision *self, GError **error)
{
  if (!check_intake (self, error))
    return NULL;
  fill_in (self);
  if (self->after->department == NULL)
    {
      desk_refuse (error, DESK_ERROR_MISSING,
                   "This desk has no department for new tickets: an administrator chooses one");
      return NULL;
    }
  return make_events (self);
}

/* --- conflicts --- */

/* Somebody's own text, which is said as it is. (transfer full) */
static char *
quote (const char *text)
{
  return g_strdup_printf ("“%s”", text);
}

/* A value as a sentence says it. */
static char *
word_value (const Decision *self, DeskField field, const char *value)
{
  const DeskEntry *entry;
  const DeskPerson *person;
  g_autofree char *excerpt = NULL;

  if (value == NULL)
    return g_strdup (DESK_N_ ("none"));
  switch (rules[field].form)
    {
    case FORM_ENTRY:
      entry = desk_catalogue_find (self->catalogue, rules[field].kind, value);
      return quote (entry != NULL ? entry->label : value);
    case FORM_AGENT:
    case FORM_PERSON:
      person = desk_catalogue_find_agent (self->catalogue, value);
      return person != NULL && person->name != NULL ? quote (person->name)
                                                    : g_strdup (DESK_N_ ("somebody else"));
    case FORM_LINE:
    case FORM_BODY:
      excerpt = desk_text_excerpt (value, 60);
      return quote (excerpt);
    case FORM_WORD:
      return g_strdup (value);
    }
  g_return_val_if_reached (NULL);
}

static gboolean
is_own (const Decision *self, const DeskEvent *event)
{
  return g_strcmp0 (event->author, self->op->author) == 0 &&
         g_strcmp0 (event->device, self->op->device) == 0;
}

static gboolean
refuse_conflict (const Decision *self, DeskField field, GError **error)
{
  g_autofree char *value = desk_ticket_dup_field (self->ticket, field);
  g_autofree char *theirs = word_value (self, field, value);
  g_autofree char *ours = word_value (self, field, self->wanted[field]);

  return desk_refuse (error, DESK_ERROR_CONFLICT,
                      "The %s was changed to %s meanwhile: look at it before you make it %s",
                      rules[field].word, theirs, ours);
}

static gboolean
check_conflict_with (const Decision *self, const DeskEvent *event, GError **error)
{
  if (is_own (self, event) || (event->audience == DESK_AUDIENCE_INTERNAL && !is_agent (self)))
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      const DeskChange *change = self->moves[field] ? desk_changes_find (event->changes, field)
                                                    : NULL;

      if (change != NULL && g_strcmp0 (change->to, self->wanted[field]) != 0)
        return refuse_conflict (self, field, error);
    }
  return TRUE;
}

static gboolean
check_conflicts (const Decision *self, GError **error)
{
  for (guint i = 0; self->since != NULL && i < self->since->len; i++)
    if (!check_conflict_with (self, g_ptr_array_index (self->since, i), error))
      return FALSE;
  return TRUE;
}

/* --- permission and legal moves --- */

static gboolean
can (const Decision *self, DeskAction action, const DeskTicket *ticket, GError **error)
{
  return desk_can (action, self->author, ticket, self->catalogue, self->now, error);
}

static gboolean
parse_wanted_status (const Decision *self, DeskStatus *status)
{
  int value;

  if (!desk_enum_parse (DESK_TYPE_STATUS, self->wanted[DESK_FIELD_STATUS], &value))
    return FALSE;
  *status = (DeskStatus) value;
  return TRUE;
}

/* Whether the move is made as the requester. Who is both requester and agent confirms, withdraws
 * and says "not yet" as the requester, and does the rest as an agent. */
static gboolean
moves_as_requester (const Decision *self, DeskStatus to)
{
  switch (self->op->kind)
    {
    case DESK_KIND_MESSAGE:
      return TRUE;
    case DESK_KIND_CHANGE:
      return !is_agent (self) || desk_status_can_move (self->ticket->status, to,
                                                       self->standing & DESK_STANDING_REQUESTER);
    case DESK_KIND_CREATED:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
    case DESK_KIND_REDACT:
      return FALSE;
    }
  g_return_val_if_reached (FALSE);
}

static DeskAction
find_action_of_move (const Decision *self, DeskStatus to)
{
  switch (to)
    {
    case DESK_STATUS_OPEN:
      return DESK_ACTION_REOPEN;
    case DESK_STATUS_WAITING:
      return DESK_ACTION_WAIT;
    case DESK_STATUS_RESOLVED:
      return DESK_ACTION_RESOLVE;
    case DESK_STATUS_CLOSED:
      if (!moves_as_requester (self, to))
        return DESK_ACTION_CLOSE;
      return self->ticket->status == DESK_STATUS_RESOLVED ? DESK_ACTION_CONFIRM
                                                          : DESK_ACTION_WITHDRAW;
    }
  g_return_val_if_reached (DESK_ACTION_SEE);
}

/* The rights of a kind, before its changes are looked at. */
static gboolean
check_kind (const Decision *self, GError **error)
{
  const KindRule *rule = &kinds[self->op->kind];

  if (!can (self, rule->action, self->ticket, error))
    return FALSE;
  if (rule->empty != NULL && self->text == NULL && self->attachments->len == 0)
    return desk_refuse (error, DESK_ERROR_MISSING, "%s", rule->empty);
  return TRUE;
}

/* A message speaks for the requester: it can bring a status with it, nothing else. To open again is
 * what it does anyway. */
static gboolean
fit_message (Decision *self, GError **error)
{
  DeskStatus to;

  if (self->op->kind != DESK_KIND_MESSAGE)
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->asked[field] && field != DESK_FIELD_STATUS)
      return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                          "A message cannot change the %s: ask for it in words", rules[field].word);
  if (!parse_wanted_status (self, &to))
    return TRUE;
  if (to == DESK_STATUS_WAITING || to == DESK_STATUS_RESOLVED)
    return desk_refuse (error, DESK_ERROR_NOT_ALLOWED,
                        "A message only opens a ticket again or closes it");
  if (to == DESK_STATUS_OPEN)
    self->asked[DESK_FIELD_STATUS] = self->moves[DESK_FIELD_STATUS] = FALSE;
  return TRUE;
}

static DeskAction
find_action (const Decision *self, DeskField field)
{
  if (field == DESK_FIELD_ASSIGNEE && self->ticket->assignee == NULL &&
      g_strcmp0 (self->wanted[field], self->author->uid) == 0)
    return DESK_ACTION_CLAIM;
  return rules[field].action;
}

static gboolean
check_move (const Decision *self, GError **error)
{
  DeskStatus to;

  if (!self->moves[DESK_FIELD_STATUS] || !parse_wanted_status (self, &to))
    return TRUE;
  if (!can (self, find_action_of_move (self, to), self->ticket, error))
    return FALSE;
  if (desk_status_can_move (self->ticket->status, to, self->standing))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS, "A ticket that is %s cannot become %s",
                      desk_enum_get_nick (DESK_TYPE_STATUS, (int) self->ticket->status),
                      self->wanted[DESK_FIELD_STATUS]);
}

/* A resolution belongs to a move that resolves. */
static gboolean
is_part_of_resolution (DeskField field)
{
  return field == DESK_FIELD_RESOLUTION || field == DESK_FIELD_STEPS ||
         field == DESK_FIELD_RECOMMENDATIONS;
}

static gboolean
check_field (const Decision *self, DeskField field, const DeskTicket *reopened, GError **error)
{
  if (field == DESK_FIELD_REQUESTER)
    return desk_refuse (error, DESK_ERROR_INVALID, "The requester of a ticket stays the same");
  if (is_part_of_resolution (field) &&
      g_strcmp0 (self->wanted[DESK_FIELD_STATUS],
                 desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_RESOLVED)) != 0)
    return desk_refuse (error, DESK_ERROR_INVALID, "The %s is written when the ticket is resolved",
                        rules[field].word);
  return can (self, find_action (self, field), reopened, error);
}

/* An op that reopens a closed ticket may change it at once. */
static gboolean
check_fields (Decision *self, GError **error)
{
  const DeskTicket *judged = self->ticket;
  g_autoptr (DeskTicket) reopened = NULL;
  DeskStatus to;

  if (self->ticket->status == DESK_STATUS_CLOSED && parse_wanted_status (self, &to) &&
      to == DESK_STATUS_OPEN)
    {
      reopened = desk_ticket_copy (self->ticket);
      reopened->status = DESK_STATUS_OPEN;
      judged = reopened;
    }
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field] && field != DESK_FIELD_STATUS &&
        !check_field (self, field, judged, error))
      return FALSE;
  return TRUE;
}

/* What a move needs to be told to the requester. */
static gboolean
check_needs (const Decision *self, GError **error)
{
  gboolean told = self->text != NULL && !kinds[self->op->kind].text_internal;
  DeskStatus to;

  if (!self->moves[DESK_FIELD_STATUS] || !parse_wanted_status (self, &to))
    return TRUE;
  switch (to)
    {
    case DESK_STATUS_OPEN:
      return TRUE;
    case DESK_STATUS_WAITING:
      return told || desk_refuse (error, DESK_ERROR_MISSING, "Say what you need to know");
    case DESK_STATUS_RESOLVED:
      return self->wanted[DESK_FIELD_RESOLUTION] != NULL ||
             desk_refuse (error, DESK_ERROR_MISSING, "Say how it was resolved");
    case DESK_STATUS_CLOSED:
      return told || moves_as_requester (self, to) ||
             desk_refuse (error, DESK_ERROR_MISSING,
                          "Give the reason for closing; the requester sees it");
    }
  g_return_val_if_reached (FALSE);
}

/* The reason of a change that was made already is neither lost silently nor kept without one. */
static gboolean
check_reason (const Decision *self, GError **error)
{
  if (self->op->kind != DESK_KIND_CHANGE || (self->text == NULL && self->attachments->len == 0))
    return TRUE;
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field])
      return TRUE;
  return desk_refuse (error, DESK_ERROR_WRONG_STATUS,
                      "All of this is so already: send the text as a message, a reply or a note");
}

/* --- carrying out --- */

/* Moving to a department drops an assignee who does not work there and brings its plan when the
 * ticket has none; what the op asks for itself goes first. */
static void
transfer (Decision *self)
{
  DeskTicket *after = self->after;
  const DeskPerson *assignee = desk_catalogue_find_agent (self->catalogue, after->assignee);
  const DeskEntry *department;
  const char *sla;

  desk_ticket_set_field (after, DESK_FIELD_DEPARTMENT, self->wanted[DESK_FIELD_DEPARTMENT]);
  if (!self->asked[DESK_FIELD_ASSIGNEE] && after->assignee != NULL &&
      (assignee == NULL || !desk_person_works_in (assignee, after->department)))
    desk_ticket_set_field (after, DESK_FIELD_ASSIGNEE, NULL);

  department = desk_catalogue_find (self->catalogue, DESK_ENTRY_DEPARTMENT, after->department);
  sla = desk_entry_get (department, DESK_PROPERTY_SLA);
  if (!self->asked[DESK_FIELD_SLA] && after->sla == NULL && is_usable (self, DESK_FIELD_SLA, sla))
    set_sla (self, sla);
}

/* A resolution is whole: what the new one does not say is not left over from the one before. */
static void
write_resolution (Decision *self)
{
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (is_part_of_resolution (field))
      desk_ticket_set_field (self->after, field, self->wanted[field]);
}

static void
carry_out_field (Decision *self, DeskField field)
{
  if (field == DESK_FIELD_DEPARTMENT)
    transfer (self);
  else if (field == DESK_FIELD_SLA)
    set_sla (self, self->wanted[field]);
  else if (field != DESK_FIELD_STATUS && !is_part_of_resolution (field))
    desk_ticket_set_field (self->after, field, self->wanted[field]);
}

static void
carry_out (Decision *self)
{
  DeskStatus to;

  if (self->moves[DESK_FIELD_STATUS] && parse_wanted_status (self, &to))
    {
      move_status (self, to);
      if (to == DESK_STATUS_RESOLVED)
        write_resolution (self);
    }
  else if (self->op->kind == DESK_KIND_MESSAGE && !self->asked[DESK_FIELD_STATUS])
    move_status (self, DESK_STATUS_OPEN);

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (self->moves[field])
      carry_out_field (self, field);
}

static GPtrArray *
accept_change (Decision *self, GError **error)
{
  if (!check_kind (self, error) || !fit_message (self, error) || !check_conflicts (self, error) ||
      !check_move (self, error) || !check_fields (self, error) || !check_needs (self, error) ||
      !check_reason (self, error))
    return NULL;
  carry_out (self);
  return make_events (self);
}

/* One public event without text; the store empties the target, and makes the event internal when
 * its target is. */
static GPtrArray *
accept_redact (Decision *self, GError **error)
{
  g_autoptr (GPtrArray) events = NULL;
  DeskEvent *event;

  if (!check_kind (self, error))
    return NULL;
  if (self->text != NULL || self->attachments->len > 0 || self->op->changes->len > 0)
    {
      desk_refuse (error, DESK_ERROR_INVALID, "A redact has a target and nothing else");
      return NULL;
    }
  events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  event = new_event (self, DESK_KIND_REDACT, DESK_AUDIENCE_PUBLIC);
  event->uid = g_strdup (self->op->uid);
  event->target = g_strdup (self->op->target);
  g_ptr_array_add (events, event);
  return g_steal_pointer (&events);
}

GPtrArray *
desk_accept (const DeskTicket *ticket,
             GPtrArray *since,
             const DeskOp *op,
             const DeskPerson *author,
             const DeskCatalogue *catalogue,
             gint64 now,
             GError **error)
{
  g_auto (Decision) self = {
    .ticket = ticket,
    .since = since,
    .op = op,
    .author = author,
    .catalogue = catalogue,
    .now = now,
  };

  g_return_val_if_fail (op != NULL && author != NULL && catalogue != NULL, NULL);

  if (!check_op (&self, error) || !find_standing (&self, error) || !check_base (&self, error) ||
      !clean_text (&self, error) || !clean_attachments (&self, error) ||
      !read_changes (&self, error))
    return NULL;

  switch (op->kind)
    {
    case DESK_KIND_CREATED:
      return accept_created (&self, error);
    case DESK_KIND_MESSAGE:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
    case DESK_KIND_CHANGE:
      return accept_change (&self, error);
    case DESK_KIND_REDACT:
      return accept_redact (&self, error);
    }
  g_return_val_if_reached (NULL);
}
