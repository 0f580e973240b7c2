/* SPDX-License-Identifier: GPL-3.0-or-later
 * A search for a number that is not in this person's copy of the desk: the ticket may be older than
 * the copy, so the server is asked for it. Until it is there, nothing was found. */
#include <string.h>

#include "desk-list-pane-private.h"

/* Of a ticket; its format has 32 characters at most. */
#define MAX_LENGTH 40

/* What may be a number, as a person writes it; NULL: words. */
static const char *
find_number (const char *text)
{
  gboolean has_digit = FALSE;

  text += text[0] == '#';
  for (const char *at = text; *at != '\0'; at++)
    {
      if (g_ascii_isspace (*at))
        return NULL;
      has_digit |= g_ascii_isdigit (*at);
    }
  return has_digit && strlen (text) <= MAX_LENGTH ? text : NULL;
}

static void
brought_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  /* What is cancelled is another search by now, or its window has gone. */
  if (desk_syncer_bring_finish (DESK_SYNCER (object), result, &error))
    desk_list_model_reload (((DeskListPane *) data)->model);
}

void
desk_list_pane_ask_for_older (DeskListPane *self)
{
  const char *number = find_number (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));

  if (self->syncer == NULL || number == NULL || g_strcmp0 (number, self->older_number) == 0)
    return;
  desk_list_pane_forget_older (self);
  self->older_number = g_strdup (number);
  self->older_cancellable = g_cancellable_new ();
  desk_syncer_bring_async (self->syncer, number, self->older_cancellable, brought_cb, self);
}

void
desk_list_pane_forget_older (DeskListPane *self)
{
  g_cancellable_cancel (self->older_cancellable);
  g_clear_object (&self->older_cancellable);
  g_clear_pointer (&self->older_number, g_free);
}
