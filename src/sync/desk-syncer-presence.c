/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who else is at a ticket, as the syncer passes it on to an app. */
#include "desk-syncer-private.h"

/* In the main loop. */
static gboolean
tell_cb (gpointer data)
{
  DeskSyncer *self = data;

  g_atomic_int_set (&self->telling_presence, FALSE);
  if (self->thread != NULL)
    g_signal_emit_by_name (self, "presence");
  return G_SOURCE_REMOVE;
}

void
desk_syncer_tell_presence (gpointer data)
{
  DeskSyncer *self = data;
  g_autoptr (GSource) source = NULL;

  if (!g_atomic_int_compare_and_exchange (&self->telling_presence, FALSE, TRUE))
    return;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

void
desk_syncer_hear_presence (GPtrArray *others, gpointer data)
{
  desk_attendance_hear (((DeskSyncer *) data)->attendance, others);
}

void
desk_syncer_set_looking (DeskSyncer *self,
                         gconstpointer place,
                         const char *ticket_uid,
                         gboolean answering)
{
  if (self->thread != NULL)
    desk_attendance_set (self->attendance, place, ticket_uid, answering);
}

GPtrArray *
desk_syncer_list_present (DeskSyncer *self, const char *ticket_uid)
{
  return self->thread != NULL ? desk_attendance_list (self->attendance, ticket_uid)
                              : desk_presence_list_new ();
}
