/* SPDX-License-Identifier: GPL-3.0-or-later
 * Connections whose read transactions outlive a use. */
#include "desk-lease.h"

struct _DeskLease
{
  DeskDb *db;
  gboolean is_taken; /* of the lease's thread alone: it has the lock */
  GMutex lock;       /* of db and what follows */
  guint n_commits;   /* before the transaction began */
};

/* All of the process. */
static GMutex mutex;
static GPtrArray *leases;

DeskLease *
desk_lease_new (const char *path, GError **error)
{
  DeskDb *db = desk_db_open (path, DESK_DB_READ, error);
  DeskLease *self;

  if (db == NULL)
    return NULL;
  self = g_new0 (DeskLease, 1);
  self->db = db;
  g_mutex_init (&self->lock);
  g_mutex_lock (&mutex);
  if (leases == NULL)
    leases = g_ptr_array_new ();
  g_ptr_array_add (leases, self);
  g_mutex_unlock (&mutex);
  return self;
}

void
desk_lease_free (DeskLease *self)
{
  if (self == NULL)
    return;
  desk_lease_give_back (self);
  g_mutex_lock (&mutex);
  g_ptr_array_remove_fast (leases, self);
  g_mutex_unlock (&mutex);
  desk_db_end_read (self->db);
  desk_db_close (self->db);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_fresh (DeskLease *self, guint n_commits)
{
  return desk_db_in_transaction (self->db) && self->n_commits == n_commits;
}

DeskDb *
desk_lease_take (DeskLease *self, GError **error)
{
  guint n_commits = desk_db_count_commits ();

  if (!self->is_taken)
    g_mutex_lock (&self->lock);
  self->is_taken = TRUE;
  if (is_fresh (self, n_commits))
    return self->db;
  desk_db_end_read (self->db);
  self->n_commits = n_commits;
  return desk_db_begin_read (self->db, error) ? self->db : NULL;
}

void
desk_lease_give_back (DeskLease *self)
{
  if (!self->is_taken)
    return;
  self->is_taken = FALSE;
  g_mutex_unlock (&self->lock);
}

/* Whoever is in use looks at the count before the next. */
static void
end_unless_taken (gpointer data, gpointer user_data)
{
  DeskLease *self = data;

  if (!g_mutex_trylock (&self->lock))
    return;
  desk_db_end_read (self->db);
  g_mutex_unlock (&self->lock);
}

void
desk_leases_end (void)
{
  g_mutex_lock (&mutex);
  if (leases != NULL)
    g_ptr_array_foreach (leases, end_unless_taken, NULL);
  g_mutex_unlock (&mutex);
}
