/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who came lately: what the desk says of a token. */
#include "desk-known.h"

#include "desk-accounts.h"

#define MAX_GUESTS 10000

struct _DeskKnown
{
  GMutex lock;
  GHashTable *guests; /* digest of a token → DeskGuest */
  guint count;        /* of what made everybody be forgotten */
};

DeskGuest *
desk_guest_ref (DeskGuest *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
desk_guest_unref (DeskGuest *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  desk_device_session_free (self->session);
  desk_person_unref (self->person);
  g_free (self);
}

DeskKnown *
desk_known_new (void)
{
  DeskKnown *self = g_new0 (DeskKnown, 1);

  g_mutex_init (&self->lock);
  self->guests = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref,
                                        (GDestroyNotify) desk_guest_unref);
  return self;
}

void
desk_known_free (DeskKnown *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->guests);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint
desk_known_get_count (DeskKnown *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->count;
  g_mutex_unlock (&self->lock);
  return count;
}

/* That a session goes on being used is written now and then, by who looks it up. */
static gboolean
is_good (const DeskDeviceSession *session, gint64 now)
{
  return session->expires_at > now && !desk_sessions_is_stale (session, now);
}

DeskGuest *
desk_known_find (DeskKnown *self, GBytes *token, gint64 now)
{
  DeskGuest *guest;

  g_mutex_lock (&self->lock);
  guest = g_hash_table_lookup (self->guests, token);
  if (guest != NULL)
    guest = is_good (guest->session, now) ? desk_guest_ref (guest) : NULL;
  g_mutex_unlock (&self->lock);
  return guest;
}

/* What was read before everybody was forgotten may be what had to be forgotten. */
DeskGuest *
desk_known_add (
    DeskKnown *self, GBytes *token, DeskDeviceSession *session, DeskPerson *person, guint count)
{
  DeskGuest *guest = g_new0 (DeskGuest, 1);

  g_atomic_ref_count_init (&guest->ref_count);
  guest->session = session;
  guest->person = person;
  g_mutex_lock (&self->lock);
  if (g_hash_table_size (self->guests) >= MAX_GUESTS)
    g_hash_table_remove_all (self->guests);
  if (count == self->count)
    g_hash_table_insert (self->guests, g_bytes_ref (token), desk_guest_ref (guest));
  g_mutex_unlock (&self->lock);
  return guest;
}

void
desk_known_forget (DeskKnown *self)
{
  g_mutex_lock (&self->lock);
  self->count++;
  g_hash_table_remove_all (self->guests);
  g_mutex_unlock (&self->lock);
}
