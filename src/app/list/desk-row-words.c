/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a row of a list says, in words. */
#include "desk-row-words.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

/* --- line 2 --- */

char *
desk_row_dup_who (const DeskRow *row, DeskRowVariant variant, const char *me)
{
  if (variant == DESK_ROW_FOR_AGENT || row->last_by == NULL)
    return g_strdup (row->requester != NULL ? row->requester : "");
  if (g_strcmp0 (row->last_by_uid, me) == 0)
    return g_strdup (C_ ("who wrote last", "You"));
  return g_strdup (row->last_by);
}

char *
desk_row_dup_text (const DeskRow *row, DeskRowVariant variant)
{
  g_autofree char *name = NULL;

  if (row->last_text == NULL)
    return g_strdup ("");
  if (variant == DESK_ROW_FOR_REQUESTER || row->last_by == NULL ||
      g_strcmp0 (row->last_by_uid, row->requester_uid) == 0)
    return g_strdup (row->last_text);
  name = desk_wording_isolate (row->last_by);
  /* Translators: somebody's name, and what they wrote */
  return g_strdup_printf (C_ ("newest text of a ticket", "%s: %s"), name, row->last_text);
}

/* --- line 3 --- */

static const char *status_colors[DESK_N_STATUSES] = {
  [DESK_STATUS_OPEN] = "desk_accent_fg",
  [DESK_STATUS_WAITING] = "desk_paused_fg",
  [DESK_STATUS_RESOLVED] = "desk_good_fg",
  [DESK_STATUS_CLOSED] = NULL,
};

static const char *
get_public_department (const DeskRow *row, const DeskCatalogue *catalogue)
{
  const DeskEntry *entry = NULL;

  if (catalogue != NULL && row->department != NULL)
    entry = desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, row->department);
  if (entry == NULL || !desk_entry_get_bool (entry, DESK_PROPERTY_PUBLIC))
    return NULL;
  return entry->label;
}

static char *
describe_standing (const DeskRow *row, const DeskCatalogue *catalogue)
{
  const char *department = get_public_department (row, catalogue);
  g_autofree char *name = NULL;

  if (row->status != DESK_STATUS_OPEN || department == NULL)
    return g_strdup (desk_wording_standing (row->status));
  name = desk_wording_isolate (department);
  /* Translators: a ticket is open, and this department works on it */
  return g_strdup_printf (_ ("Open, with %s"), name);
}

static DeskRowState
make_standing (const DeskRow *row, const DeskCatalogue *catalogue)
{
  return (DeskRowState){
    .kind = DESK_ROW_STATE_STATUS,
    .color = status_colors[row->status],
    .is_strong = row->status == DESK_STATUS_WAITING || row->status == DESK_STATUS_RESOLVED,
    .text = describe_standing (row, catalogue),
  };
}

static char *
describe_waiting (const DeskRow *row)
{
  g_autofree char *name = NULL;

  if (row->requester == NULL)
    return g_strdup (desk_wording_status (row->status));
  name = desk_wording_isolate (row->requester);
  return g_strdup_printf (_ ("Waiting for %s"), name);
}

static DeskRowState
make_status (const DeskRow *row)
{
  return (DeskRowState){
    .kind = DESK_ROW_STATE_STATUS,
    .color = status_colors[row->status],
    .text = row->status == DESK_STATUS_WAITING ? describe_waiting (row)
                                               : g_strdup (desk_wording_status (row->status)),
  };
}

static const char *
get_due_color (DeskDue due)
{
  switch (due)
    {
    case DESK_DUE_NONE:
    case DESK_DUE_LATER:
      return NULL;
    case DESK_DUE_PAUSED:
      return "desk_paused_fg";
    case DESK_DUE_SOON:
      return "desk_soon_fg";
    case DESK_DUE_OVERDUE:
      return "desk_bad_fg";
    }
  g_return_val_if_reached (NULL);
}

static DeskRowState
make_due (const DeskRow *row, gint64 now)
{
  DeskClock clock = { row->target_secs, row->spent_secs, row->running_since };
  DeskDue due = desk_clock_get_due (clock, now);
  char *text = desk_wording_due (clock, row->status, now);

  return (DeskRowState){
    .kind = text != NULL ? DESK_ROW_STATE_DUE : DESK_ROW_STATE_NONE,
    .due = due,
    .used = desk_clock_get_used (clock, now),
    .color = get_due_color (due),
    .is_strong = due == DESK_DUE_SOON || due == DESK_DUE_OVERDUE,
    .text = text,
  };
}

/* A ticket that is new here has no number to say so. */
static char *
describe_pending (const DeskRow *row)
{
  if (row->number == NULL)
    return desk_wording_number (NULL);
  /* Translators: what somebody did to a ticket while the desk could not be reached */
  return g_strdup_printf (ngettext ("%u change to send", "%u changes to send", row->pending),
                          row->pending);
}

static DeskRowState
make_pending (const DeskRow *row)
{
  return (DeskRowState){ .kind = DESK_ROW_STATE_SYNC, .text = describe_pending (row) };
}

DeskRowState
desk_row_make_state (const DeskRow *row,
                     DeskRowVariant variant,
                     const DeskCatalogue *catalogue,
                     gint64 now)
{
  if (row->pending > 0)
    return make_pending (row);
  if (variant == DESK_ROW_FOR_REQUESTER)
    return make_standing (row, catalogue);
  if (row->status != DESK_STATUS_OPEN)
    return make_status (row);
  return make_due (row, now);
}

void
desk_row_state_clear (DeskRowState *state)
{
  g_clear_pointer (&state->text, g_free);
}

char *
desk_row_dup_number (const DeskRow *row)
{
  return row->number != NULL || row->pending == 0 ? desk_wording_number (row->number) : NULL;
}

/* --- the sentence --- */

static const char *
describe_priority (DeskPriority priority)
{
  switch (priority)
    {
    case DESK_PRIORITY_LOW:
      return _ ("low priority");
    case DESK_PRIORITY_NORMAL:
      return _ ("normal priority");
    case DESK_PRIORITY_HIGH:
      return _ ("high priority");
    case DESK_PRIORITY_URGENT:
      return _ ("urgent");
    }
  g_return_val_if_reached ("");
}

static char *
describe_assignee (const DeskRow *row)
{
  if (row->assignee == NULL)
    return g_strdup (_ ("not assigned"));
  return g_strdup_printf (_ ("assigned to %s"), row->assignee);
}

static void
add_piece (GPtrArray *pieces, char *piece)
{
  if (piece != NULL && piece[0] != '\0')
    g_ptr_array_add (pieces, piece);
  else
    g_free (piece);
}

char *
desk_row_dup_sentence (const DeskRow *row,
                       DeskRowVariant variant,
                       const DeskCatalogue *catalogue,
                       const char *me,
                       gint64 now)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func (g_free);
  DeskRowState state = desk_row_make_state (row, variant, catalogue, now);

  add_piece (pieces, g_strdup (row->summary));
  add_piece (pieces, desk_row_dup_who (row, variant, me));
  if (variant == DESK_ROW_FOR_AGENT)
    add_piece (pieces, g_strdup (describe_priority (row->priority)));
  add_piece (pieces, g_steal_pointer (&state.text));
  if (variant == DESK_ROW_FOR_AGENT)
    add_piece (pieces, describe_assignee (row));
  add_piece (pieces, desk_wording_time (row->updated_at, now));
  if (row->unread)
    add_piece (pieces, g_strdup (_ ("unread")));
  add_piece (pieces, desk_row_dup_number (row));
  g_ptr_array_add (pieces, NULL);
  /* Translators: between the parts of a list that is read aloud */
  return g_strjoinv (C_ ("list separator", ", "), (char **) pieces->pdata);
}
