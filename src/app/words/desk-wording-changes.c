/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sentences about what an event changed; see desk-wording.h.
 *
 * Every sentence is whole, so that a translator can turn it round. Its gaps have names: {who} did
 * it, {from} and {to} are the values, {other} is the second value of a sentence about two fields,
 * {requester} the ticket's. What fills a gap is isolated and never looked at again for gaps. */
#include "desk-wording.h"

#include <glib/gi18n.h>

/* What the gaps of a sentence are filled with; lent. */
typedef struct
{
  const char *who;
  const char *from;
  const char *to;
  const char *other;
  const char *requester;
} Gaps;

static const struct
{
  const char *name;
  gsize offset;
} gap_names[] = {
  { "{who}", G_STRUCT_OFFSET (Gaps, who) },
  { "{from}", G_STRUCT_OFFSET (Gaps, from) },
  { "{to}", G_STRUCT_OFFSET (Gaps, to) },
  { "{other}", G_STRUCT_OFFSET (Gaps, other) },
  { "{requester}", G_STRUCT_OFFSET (Gaps, requester) },
};

/* A field that is told by whether it was set or emptied. */
typedef struct
{
  const char *set;
  const char *emptied;
} FieldSentences;

static const FieldSentences field_sentences[DESK_N_FIELDS] = {
  [DESK_FIELD_SUMMARY] = { N_ ("{who} changed the summary to “{to}”"), NULL },
  [DESK_FIELD_REQUESTER] = { N_ ("{who} made {to} the requester"), NULL },
  [DESK_FIELD_TOPIC] = { N_ ("{who} set the help topic to {to}"),
                         N_ ("{who} removed the help topic") },
  [DESK_FIELD_DEPARTMENT] = { N_ ("{who} transferred the ticket to {to}"), NULL },
  [DESK_FIELD_TEAM] = { N_ ("{who} assigned the ticket to the team {to}"),
                        N_ ("{who} took the ticket off the team {from}") },
  [DESK_FIELD_PRIORITY] = { N_ ("{who} set the priority to {to}"), NULL },
  [DESK_FIELD_SLA] = { N_ ("{who} set the SLA plan to {to}"), N_ ("{who} removed the SLA plan") },
};

/* Who an assignee is to the one who changed it. */
typedef enum
{
  PARTY_NOBODY,
  PARTY_AUTHOR,
  PARTY_OTHER,
} Party;

/* By who had the ticket before, then by who has it now. */
static const char *const assignee_sentences[3][3] = {
  [PARTY_NOBODY] = { [PARTY_AUTHOR] = N_ ("{who} took the ticket"),
                     [PARTY_OTHER] = N_ ("{who} assigned the ticket to {to}") },
  [PARTY_AUTHOR] = { [PARTY_NOBODY] = N_ ("{who} released the ticket"),
                     [PARTY_OTHER] = N_ ("{who} handed the ticket over to {to}") },
  [PARTY_OTHER] = { [PARTY_NOBODY] = N_ ("{who} unassigned {from}"),
                    [PARTY_AUTHOR] = N_ ("{who} took the ticket over from {from}"),
                    [PARTY_OTHER] = N_ ("{who} assigned the ticket to {to} instead of {from}") },
};

#define ANY_STATUS ((1u << DESK_N_STATUSES) - 1)
#define FROM(status) (1u << DESK_STATUS_##status)

typedef enum
{
  BY_ANYBODY,
  BY_REQUESTER,
} By;

/* The first row that fits is told; @with_clock when the event also moved the SLA clock. */
static const struct
{
  guint from;
  DeskStatus to;
  By by;
  const char *sentence;
  const char *with_clock;
} status_sentences[] = {
  { ANY_STATUS, DESK_STATUS_WAITING, BY_ANYBODY,
    N_ ("Waiting for {requester}"), N_ ("Waiting for {requester}, SLA clock paused") },
  { ANY_STATUS, DESK_STATUS_RESOLVED, BY_ANYBODY,
    N_ ("{who} resolved the ticket"), N_ ("{who} resolved the ticket") },
  { FROM (RESOLVED), DESK_STATUS_CLOSED, BY_REQUESTER,
    N_ ("{who} confirmed that this solved it"), N_ ("{who} confirmed that this solved it") },
  { ANY_STATUS, DESK_STATUS_CLOSED, BY_REQUESTER,
    N_ ("{who} withdrew the ticket"), N_ ("{who} withdrew the ticket") },
  { ANY_STATUS, DESK_STATUS_CLOSED, BY_ANYBODY,
    N_ ("{who} closed the ticket"), N_ ("{who} closed the ticket") },
  { FROM (WAITING), DESK_STATUS_OPEN, BY_ANYBODY,
    N_ ("Open again"), N_ ("Open again, SLA clock running") },
  { ANY_STATUS, DESK_STATUS_OPEN, BY_ANYBODY,
    N_ ("{who} reopened the ticket"), N_ ("{who} reopened the ticket, SLA clock running") },
};

/* Two fields that often change together, in one sentence: {to} is of @first; {other} is the new
 * value of @second, or its old one when @second_emptied. */
static const struct
{
  DeskField first;
  DeskField second;
  gboolean second_emptied;
  const char *sentence;
} pair_sentences[] = {
  { DESK_FIELD_SLA, DESK_FIELD_PRIORITY, FALSE,
    N_ ("{who} set the SLA plan to {to} and the priority to {other}") },
  { DESK_FIELD_TOPIC, DESK_FIELD_PRIORITY, FALSE,
    N_ ("{who} set the help topic to {to} and the priority to {other}") },
  { DESK_FIELD_DEPARTMENT, DESK_FIELD_SLA, FALSE,
    N_ ("{who} transferred the ticket to {to} with the SLA plan {other}") },
  { DESK_FIELD_DEPARTMENT, DESK_FIELD_ASSIGNEE, TRUE,
    N_ ("{who} transferred the ticket to {to} and unassigned {other}") },
  { DESK_FIELD_DEPARTMENT, DESK_FIELD_ASSIGNEE, FALSE,
    N_ ("{who} transferred the ticket to {to} and assigned it to {other}") },
  { DESK_FIELD_TEAM, DESK_FIELD_ASSIGNEE, TRUE,
    N_ ("{who} assigned the ticket to the team {to} instead of {other}") },
};

/* In order of what a line is most about. */
static const struct
{
  DeskField field;
  const char *icon;
} field_icons[] = {
  { DESK_FIELD_SLA, "preferences-system-time-symbolic" },
  { DESK_FIELD_ASSIGNEE, "avatar-default-symbolic" },
  { DESK_FIELD_TEAM, "avatar-default-symbolic" },
  { DESK_FIELD_REQUESTER, "avatar-default-symbolic" },
  { DESK_FIELD_DEPARTMENT, "go-next-symbolic" },
  { DESK_FIELD_PRIORITY, "emblem-important-symbolic" },
  { DESK_FIELD_TOPIC, "user-bookmarks-symbolic" },
  { DESK_FIELD_SUMMARY, "document-edit-symbolic" },
};

static const char *const status_icons[DESK_N_STATUSES] = {
  [DESK_STATUS_OPEN] = "media-playback-start-symbolic",
  [DESK_STATUS_WAITING] = "media-playback-pause-symbolic",
  [DESK_STATUS_RESOLVED] = "object-select-symbolic",
  [DESK_STATUS_CLOSED] = "folder-symbolic",
};

/* What is told about, and what is told already. */
typedef struct
{
  const DeskEvent *event;
  const DeskCase *in;
  const DeskCatalogue *catalogue;
  gboolean told[DESK_N_FIELDS];
  GPtrArray *sentences; /* of char */
} Telling;

/* The gap at the start of @text, its length, and what fills it; 0 when there is none. */
static gsize
match_gap (const char *text, const Gaps *gaps, const char **value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (gap_names); i++)
    if (g_str_has_prefix (text, gap_names[i].name))
      {
        *value = G_STRUCT_MEMBER (const char *, gaps, gap_names[i].offset);
        return strlen (gap_names[i].name);
      }
  return 0;
}

/* (transfer full) */
static char *
fill_gaps (const char *sentence, const Gaps *gaps)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (const char *at = sentence; *at != '\0';)
    {
      const char *value = NULL;
      gsize length = match_gap (at, gaps, &value);

      if (length > 0)
        {
          g_autofree char *isolated = desk_wording_isolate (value != NULL ? value : "");

          g_string_append (filled, isolated);
          at += length;
        }
      else
        g_string_append_c (filled, *at++);
    }
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

static const char *
name_person (const Telling *self, const char *uid)
{
  const DeskPerson *person = uid != NULL ? desk_case_find_person (self->in, uid) : NULL;

  return person != NULL ? desk_wording_person (person) : _ ("Somebody");
}

/* The label of the entry that a slug field names; a slug that is not known speaks for itself. */
static const char *
name_entry (const Telling *self, DeskField field, const char *slug)
{
  static const struct
  {
    DeskField field;
    DeskEntryKind kind;
  } kinds[] = {
    { DESK_FIELD_TOPIC, DESK_ENTRY_TOPIC },
    { DESK_FIELD_DEPARTMENT, DESK_ENTRY_DEPARTMENT },
    { DESK_FIELD_TEAM, DESK_ENTRY_TEAM },
    { DESK_FIELD_SLA, DESK_ENTRY_SLA },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].field == field)
      {
        const DeskEntry *entry = desk_catalogue_find (self->catalogue, kinds[i].kind, slug);

        return entry != NULL ? entry->label : slug;
      }
  return slug;
}

/* What to call @value (nullable) of @field. Lent. */
static const char *
name_value (const Telling *self, DeskField field, const char *value)
{
  int number;

  if (value == NULL)
    return "";
  switch (desk_field_get_field_type (field))
    {
    case DESK_FIELD_TYPE_SLUG:
      return name_entry (self, field, value);
    case DESK_FIELD_TYPE_PERSON:
      return name_person (self, value);
    case DESK_FIELD_TYPE_STATUS:
      return desk_enum_parse (DESK_TYPE_STATUS, value, &number) ? desk_wording_status (number)
                                                                : value;
    case DESK_FIELD_TYPE_PRIORITY:
      return desk_enum_parse (DESK_TYPE_PRIORITY, value, &number) ? desk_wording_priority (number)
                                                                  : value;
    case DESK_FIELD_TYPE_TEXT:
    case DESK_FIELD_TYPE_INT:
      return value;
    }
  g_return_val_if_reached (value);
}

/* Adds @sentence (nullable) with its gaps filled; @change and @other are nullable. */
static void
tell (Telling *self, const char *sentence, const DeskChange *change, const char *other)
{
  Gaps gaps = {
    .who = name_person (self, self->event->author),
    .requester = name_person (self, self->in->ticket->requester),
    .other = other,
  };

  if (sentence == NULL)
    return;
  if (change != NULL)
    {
      gaps.from = name_value (self, change->field, change->from);
      gaps.to = name_value (self, change->field, change->to);
    }
  g_ptr_array_add (self->sentences, fill_gaps (_ (sentence), &gaps));
}

/* A change of @field that is still to be told, or NULL. */
static const DeskChange *
find_untold (const Telling *self, DeskField field)
{
  return self->told[field] ? NULL : desk_changes_find (self->event->changes, field);
}

static void
tell_pairs (Telling *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pair_sentences); i++)
    {
      const DeskChange *first = find_untold (self, pair_sentences[i].first);
      const DeskChange *second = find_untold (self, pair_sentences[i].second);
      const char *other;

      if (first == NULL || second == NULL || first->to == NULL)
        continue;
      if (pair_sentences[i].second_emptied != (second->to == NULL))
        continue;
      other = second->to != NULL ? second->to : second->from;
      tell (self, pair_sentences[i].sentence, first, name_value (self, second->field, other));
      self->told[first->field] = TRUE;
      self->told[second->field] = TRUE;
    }
}

static gboolean
was_by_requester (const Telling *self)
{
  return g_strcmp0 (self->event->author, self->in->ticket->requester) == 0;
}

static void
tell_status (Telling *self, const DeskChange *change)
{
  gboolean clock = desk_changes_find (self->event->changes, DESK_FIELD_RUNNING_SINCE) != NULL;
  int from;
  int to;

  if (!desk_enum_parse (DESK_TYPE_STATUS, change->from, &from)
      || !desk_enum_parse (DESK_TYPE_STATUS, change->to, &to))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (status_sentences); i++)
    {
      if ((status_sentences[i].from & (1u << from)) == 0 || (int) status_sentences[i].to != to)
        continue;
      if (status_sentences[i].by == BY_REQUESTER && !was_by_requester (self))
        continue;
      tell (self, clock ? status_sentences[i].with_clock : status_sentences[i].sentence, change,
            NULL);
      return;
    }
}

static Party
party_of (const Telling *self, const char *uid)
{
  if (uid == NULL)
    return PARTY_NOBODY;
  return g_strcmp0 (uid, self->event->author) == 0 ? PARTY_AUTHOR : PARTY_OTHER;
}

static void
tell_assignee (Telling *self, const DeskChange *change)
{
  Party from = party_of (self, change->from);
  Party to = party_of (self, change->to);

  tell (self, assignee_sentences[from][to], change, NULL);
}

static void
tell_field (Telling *self, const DeskChange *change)
{
  const FieldSentences *sentences = &field_sentences[change->field];

  if (change->field == DESK_FIELD_STATUS)
    tell_status (self, change);
  else if (change->field == DESK_FIELD_ASSIGNEE)
    tell_assignee (self, change);
  else
    tell (self, change->to != NULL ? sentences->set : sentences->emptied, change, NULL);
}

/* The card of the message says all of a new ticket, but not who wrote it down for somebody else. */
static void
tell_created (Telling *self)
{
  if (!was_by_requester (self))
    tell (self, N_ ("{who} filed the ticket for {requester}"), NULL, NULL);
}

/* What only agents see of a filing comes as an event of its own, and nobody did anything then. */
static gboolean
is_part_of_filing (const DeskEvent *event, const DeskCase *in)
{
  const DeskEvent *first = in->events->len > 0 ? in->events->pdata[0] : NULL;

  return first != NULL && first->kind == DESK_KIND_CREATED && event != first &&
         g_strcmp0 (event->cause, first->uid) == 0;
}

char *
desk_wording_changes (const DeskEvent *event, const DeskCase *in, const DeskCatalogue *catalogue)
{
  g_autoptr (GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);
  Telling self = { .event = event, .in = in, .catalogue = catalogue, .sentences = sentences };

  g_return_val_if_fail (event != NULL && in != NULL && catalogue != NULL, NULL);

  if (is_part_of_filing (event, in))
    return NULL;
  if (event->kind == DESK_KIND_CREATED)
    tell_created (&self);
  else if (event->kind == DESK_KIND_REDACT)
    tell (&self, N_ ("{who} removed the content of an entry"), NULL, NULL);
  else
    {
      tell_pairs (&self);
      for (int field = 0; field < DESK_N_FIELDS; field++)
        {
          const DeskChange *change = find_untold (&self, field);

          if (change != NULL)
            tell_field (&self, change);
        }
    }
  if (sentences->len == 0)
    return NULL;
  g_ptr_array_add (sentences, NULL);
  return g_strjoinv ("\n", (char **) sentences->pdata);
}

/* --- what somebody else changed meanwhile --- */

/* {to} is so now, {other} was asked for. */
static const FieldSentences clash_sentences[DESK_N_FIELDS] = {
  [DESK_FIELD_STATUS] = { N_ ("{who} set the ticket to “{to}” meanwhile; you chose “{other}”"), NULL },
  [DESK_FIELD_SUMMARY] = { N_ ("{who} changed the summary to “{to}” meanwhile; yours is “{other}”"),
                           NULL },
  [DESK_FIELD_TOPIC] = { N_ ("{who} set the help topic to {to} meanwhile; you chose {other}"),
                         N_ ("{who} removed the help topic meanwhile; you chose {other}") },
  [DESK_FIELD_DEPARTMENT] = {
      N_ ("{who} transferred the ticket to {to} meanwhile; you chose {other}"), NULL },
  [DESK_FIELD_TEAM] = {
      N_ ("{who} assigned the ticket to the team {to} meanwhile; you chose {other}"),
      N_ ("{who} took the ticket off its team meanwhile; you chose {other}") },
  [DESK_FIELD_ASSIGNEE] = { N_ ("{who} assigned the ticket to {to} meanwhile; you chose {other}"),
                            N_ ("{who} unassigned the ticket meanwhile; you chose {other}") },
  [DESK_FIELD_PRIORITY] = { N_ ("{who} set the priority to {to} meanwhile; you chose {other}"),
                            NULL },
  [DESK_FIELD_SLA] = { N_ ("{who} set the SLA plan to {to} meanwhile; you chose {other}"),
                       N_ ("{who} removed the SLA plan meanwhile; you chose {other}") },
};

static const char *
choose_clash_sentence (const DeskClash *clash)
{
  const FieldSentences *sentences = &clash_sentences[clash->field];
  const char *sentence = clash->now != NULL ? sentences->set : sentences->emptied;

  return sentence != NULL ? sentence
                          : N_ ("{who} wrote “{to}” meanwhile; you wrote “{other}”");
}

char *
desk_wording_clash (const DeskClash *clash,
                    const char *mine,
                    const DeskCase *in,
                    const DeskCatalogue *catalogue)
{
  const Telling self = { .in = in, .catalogue = catalogue };
  Gaps gaps;

  g_return_val_if_fail (clash != NULL && in != NULL && catalogue != NULL, NULL);

  gaps = (Gaps){
    .who = name_person (&self, clash->by),
    .to = name_value (&self, clash->field, clash->now),
    .other = mine != NULL ? name_value (&self, clash->field, mine) : C_ ("choice", "none"),
  };
  return fill_gaps (_ (choose_clash_sentence (clash)), &gaps);
}

const char *
desk_wording_changes_icon (const DeskEvent *event)
{
  const DeskChange *status;
  int to;

  g_return_val_if_fail (event != NULL, NULL);

  status = desk_changes_find (event->changes, DESK_FIELD_STATUS);
  if (event->kind == DESK_KIND_CREATED)
    return "avatar-default-symbolic";
  if (event->kind == DESK_KIND_REDACT)
    return "edit-clear-symbolic";
  if (status != NULL && desk_enum_parse (DESK_TYPE_STATUS, status->to, &to))
    return status_icons[to];
  for (gsize i = 0; i < G_N_ELEMENTS (field_icons); i++)
    if (desk_changes_find (event->changes, field_icons[i].field) != NULL)
      return field_icons[i].icon;
  return "emblem-system-symbolic";
}
