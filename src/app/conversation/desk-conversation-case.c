/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the ticket of a conversation grows by what is read of it later.
 *
 * Behind all that is on the desk stands what waits to be sent; it is read anew each time. */
#include "desk-conversation-private.h"

static guint
count_sent (const DeskCase *in)
{
  guint n = in->events->len;

  while (n > 0 && ((const DeskEvent *) g_ptr_array_index (in->events, n - 1))->no == 0)
    n--;
  return n;
}

gint64
desk_conversation_case_get_last_no (const DeskCase *in)
{
  guint n = count_sent (in);

  return n > 0 ? ((const DeskEvent *) g_ptr_array_index (in->events, n - 1))->no : 0;
}

static gboolean
is_tried (const DeskCase *in, const DeskEvent *event)
{
  return in->tried != NULL && event->cause != NULL &&
         g_hash_table_contains (in->tried, event->cause);
}

/* All that shows of it, for comparing. (transfer full) */
static char *
describe_unsent (const DeskCase *in)
{
  GString *all = g_string_new (NULL);

  for (guint i = count_sent (in); i < in->events->len; i++)
    {
      const DeskEvent *event = g_ptr_array_index (in->events, i);
      g_autofree char *changes = desk_changes_format (event->changes);

      g_string_append_printf (all, "%s %d %s\n%s\n", event->uid, is_tried (in, event),
                              event->text != NULL ? event->text : "",
                              changes != NULL ? changes : "");
    }
  return g_string_free (all, FALSE);
}

static void
take_table (GHashTable **to, GHashTable *from)
{
  g_clear_pointer (to, g_hash_table_unref);
  *to = from != NULL ? g_hash_table_ref (from) : NULL;
}

static void
add_absent (DeskCase *in, const DeskCase *fresh)
{
  GHashTableIter iter;
  gpointer sha256;

  if (fresh->absent == NULL)
    return;
  if (in->absent == NULL)
    in->absent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_iter_init (&iter, fresh->absent);
  while (g_hash_table_iter_next (&iter, &sha256, NULL))
    g_hash_table_add (in->absent, g_strdup (sha256));
}

static void
extend_case (DeskCase *in, const DeskCase *fresh)
{
  GHashTableIter iter;
  gpointer person;

  desk_ticket_unref (in->ticket);
  in->ticket = desk_ticket_ref (fresh->ticket);
  in->seen_no = MAX (in->seen_no, fresh->seen_no);
  in->pending = fresh->pending;
  in->incomplete = fresh->incomplete;
  take_table (&in->tried, fresh->tried);
  add_absent (in, fresh);
  g_ptr_array_set_size (in->events, (int) count_sent (in));
  for (guint i = 0; i < fresh->events->len; i++)
    g_ptr_array_add (in->events, desk_event_ref (g_ptr_array_index (fresh->events, i)));
  g_hash_table_iter_init (&iter, fresh->people);
  while (g_hash_table_iter_next (&iter, NULL, &person))
    g_hash_table_replace (in->people, ((DeskPerson *) person)->uid, desk_person_ref (person));
}

gboolean
desk_conversation_case_extend (DeskCase *in, const DeskCase *fresh, guint *position)
{
  g_autofree char *before = describe_unsent (in);
  g_autofree char *after = describe_unsent (fresh);

  *position = count_sent (in);
  extend_case (in, fresh);
  return count_sent (in) > *position || g_strcmp0 (before, after) != 0;
}
