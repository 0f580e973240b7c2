/* SPDX-License-Identifier: GPL-3.0-or-later
 * The board on which agents say at which tickets they are. */
#include "desk-board.h"

/* Changes of such a moment wake a stream once. */
#define TELL_MS 100
/* Of one ticket, to one stream: a window shows a few, and counts the rest. */
#define MAX_TOLD 20
/* Whoever is there still says so within a beat. */
#define DOUBT_SECS (DESK_PRESENCE_BEAT_SECS + 5)

/* A session that is at some tickets. */
typedef struct
{
  char *session;
  char *person;
  GPtrArray *present; /* of DeskPresent */
  gint64 until_us;
  guint64 count;
} Visitor;

struct _DeskBoard
{
  DeskHub *hub;
  GMutex lock;          /* of what follows */
  GHashTable *visitors; /* session → Visitor */
  GHashTable *tickets;  /* uid → GPtrArray of Visitor, who came first first */
  GHashTable *untold;   /* sessions whose streams are to be woken */
  guint64 count;
  guint tell_source;
};

static void
free_visitor (gpointer data)
{
  Visitor *visitor = data;

  g_free (visitor->session);
  g_free (visitor->person);
  g_ptr_array_unref (visitor->present);
  g_free (visitor);
}

DeskBoard *
desk_board_new (DeskHub *hub)
{
  DeskBoard *self = g_new0 (DeskBoard, 1);

  self->hub = hub;
  g_mutex_init (&self->lock);
  self->visitors = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_visitor);
  self->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);
  self->untold = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
desk_board_free (DeskBoard *self)
{
  if (self == NULL)
    return;
  g_clear_handle_id (&self->tell_source, g_source_remove);
  g_hash_table_unref (self->tickets);
  g_hash_table_unref (self->visitors);
  g_hash_table_unref (self->untold);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* --- telling; with the lock, but for the callbacks --- */

static gboolean
is_untold (const char *session, gpointer untold)
{
  return g_hash_table_contains (untold, session);
}

static gboolean
tell_cb (gpointer data)
{
  DeskBoard *self = data;
  g_autoptr (GHashTable) untold = NULL;

  g_mutex_lock (&self->lock);
  self->tell_source = 0;
  untold = g_steal_pointer (&self->untold);
  self->untold = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_unlock (&self->lock);
  desk_hub_nudge (self->hub, is_untold, untold);
  return G_SOURCE_REMOVE;
}

static void
note_change (DeskBoard *self, Visitor *visitor)
{
  visitor->count = ++self->count;
  g_hash_table_add (self->untold, g_strdup (visitor->session));
  if (self->tell_source == 0)
    self->tell_source = g_timeout_add (TELL_MS, tell_cb, self);
}

/* One's own devices are not told of each other. */
static void
tell_others (DeskBoard *self, const Visitor *who, const char *ticket)
{
  GPtrArray *here = g_hash_table_lookup (self->tickets, ticket);

  for (guint i = 0; here != NULL && i < here->len; i++)
    {
      Visitor *visitor = here->pdata[i];

      if (!g_str_equal (visitor->person, who->person))
        note_change (self, visitor);
    }
}

/* --- coming and going; with the lock --- */

static DeskPresent *
find (GPtrArray *list, const char *ticket)
{
  for (guint i = 0; i < list->len; i++)
    {
      DeskPresent *present = list->pdata[i];

      if (g_str_equal (present->ticket, ticket))
        return present;
    }
  return NULL;
}

static void
come (DeskBoard *self, Visitor *visitor, const char *ticket)
{
  GPtrArray *here = g_hash_table_lookup (self->tickets, ticket);

  if (here == NULL)
    {
      here = g_ptr_array_new ();
      g_hash_table_insert (self->tickets, g_strdup (ticket), here);
    }
  g_ptr_array_add (here, visitor);
  tell_others (self, visitor, ticket);
}

static void
leave (DeskBoard *self, Visitor *visitor, const char *ticket)
{
  GPtrArray *here = g_hash_table_lookup (self->tickets, ticket);

  tell_others (self, visitor, ticket);
  g_ptr_array_remove (here, visitor);
  if (here->len == 0)
    g_hash_table_remove (self->tickets, ticket);
}

/* A copy without repetitions and what is too much. */
static GPtrArray *
tidy (GPtrArray *present)
{
  GPtrArray *tidied = desk_presence_list_new ();

  for (guint i = 0; i < present->len && tidied->len < DESK_PRESENCE_MAX_TICKETS; i++)
    {
      const DeskPresent *one = present->pdata[i];

      if (find (tidied, one->ticket) == NULL)
        g_ptr_array_add (tidied, desk_present_new (one->ticket, NULL, one->state));
    }
  return tidied;
}

/* Takes @present. TRUE: the visitor is at other tickets than before. */
static gboolean
replace (DeskBoard *self, Visitor *visitor, GPtrArray *present)
{
  g_autoptr (GPtrArray) before = visitor->present;
  gboolean moved = FALSE;

  visitor->present = present;
  for (guint i = 0; i < before->len; i++)
    {
      const DeskPresent *old = before->pdata[i];

      if (find (present, old->ticket) != NULL)
        continue;
      leave (self, visitor, old->ticket);
      moved = TRUE;
    }
  for (guint i = 0; i < present->len; i++)
    {
      const DeskPresent *one = present->pdata[i];
      const DeskPresent *old = find (before, one->ticket);

      if (old == NULL)
        come (self, visitor, one->ticket);
      else if (old->state != one->state)
        tell_others (self, visitor, one->ticket);
      moved |= old == NULL;
    }
  return moved;
}

static Visitor *
add_visitor (DeskBoard *self, const char *session, const char *person)
{
  Visitor *visitor = g_new0 (Visitor, 1);

  visitor->session = g_strdup (session);
  visitor->person = g_strdup (person);
  visitor->present = desk_presence_list_new ();
  g_hash_table_insert (self->visitors, visitor->session, visitor);
  return visitor;
}

static void
drop (DeskBoard *self, Visitor *visitor)
{
  if (replace (self, visitor, desk_presence_list_new ()))
    note_change (self, visitor);
}

void
desk_board_set (
    DeskBoard *self, const char *session, const char *person, GPtrArray *present, gint64 now_us)
{
  Visitor *visitor;

  g_mutex_lock (&self->lock);
  visitor = g_hash_table_lookup (self->visitors, session);
  if (visitor == NULL && present->len > 0)
    visitor = add_visitor (self, session, person);
  if (visitor != NULL)
    {
      visitor->until_us = now_us + DESK_PRESENCE_LASTS_SECS * G_USEC_PER_SEC;
      if (replace (self, visitor, tidy (present)))
        note_change (self, visitor);
      if (visitor->present->len == 0)
        g_hash_table_remove (self->visitors, session);
    }
  g_mutex_unlock (&self->lock);
}

void
desk_board_drop (DeskBoard *self, const char *session)
{
  Visitor *visitor;

  g_mutex_lock (&self->lock);
  visitor = g_hash_table_lookup (self->visitors, session);
  if (visitor != NULL)
    drop (self, visitor);
  g_hash_table_remove (self->visitors, session);
  g_mutex_unlock (&self->lock);
}

void
desk_board_doubt (DeskBoard *self, const char *session, gint64 now_us)
{
  Visitor *visitor;

  g_mutex_lock (&self->lock);
  visitor = g_hash_table_lookup (self->visitors, session);
  if (visitor != NULL)
    visitor->until_us = MIN (visitor->until_us, now_us + DOUBT_SECS * G_USEC_PER_SEC);
  g_mutex_unlock (&self->lock);
}

void
desk_board_tick (DeskBoard *self, gint64 now_us)
{
  GHashTableIter iter;
  gpointer visitor;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->visitors);
  while (g_hash_table_iter_next (&iter, NULL, &visitor))
    if (((Visitor *) visitor)->until_us <= now_us)
      {
        drop (self, visitor);
        g_hash_table_iter_remove (&iter);
      }
  g_mutex_unlock (&self->lock);
}

/* --- reading --- */

guint64
desk_board_get_count (DeskBoard *self, const char *session)
{
  const Visitor *visitor;
  guint64 count;

  g_mutex_lock (&self->lock);
  visitor = g_hash_table_lookup (self->visitors, session);
  count = visitor != NULL ? visitor->count : 0;
  g_mutex_unlock (&self->lock);
  return count;
}

static gboolean
is_listed (GPtrArray *list, guint from, const char *person)
{
  for (guint i = from; i < list->len; i++)
    if (g_str_equal (((const DeskPresent *) list->pdata[i])->person, person))
      return TRUE;
  return FALSE;
}

/* Those others at @ticket who are in @state, behind those who are listed from @from on. */
static void
list_state (DeskBoard *self,
            const Visitor *who,
            const char *ticket,
            DeskPresence state,
            GPtrArray *list,
            guint from)
{
  GPtrArray *here = g_hash_table_lookup (self->tickets, ticket);

  for (guint i = 0; i < here->len && list->len - from < MAX_TOLD; i++)
    {
      const Visitor *visitor = here->pdata[i];

      if (find (visitor->present, ticket)->state == state &&
          !g_str_equal (visitor->person, who->person) && !is_listed (list, from, visitor->person))
        g_ptr_array_add (list, desk_present_new (ticket, visitor->person, state));
    }
}

GPtrArray *
desk_board_list (DeskBoard *self, const char *session)
{
  GPtrArray *list = desk_presence_list_new ();
  const Visitor *who;

  g_mutex_lock (&self->lock);
  who = g_hash_table_lookup (self->visitors, session);
  for (guint i = 0; who != NULL && i < who->present->len; i++)
    {
      const char *ticket = ((const DeskPresent *) who->present->pdata[i])->ticket;
      guint from = list->len;

      list_state (self, who, ticket, DESK_PRESENCE_ANSWERING, list, from);
      list_state (self, who, ticket, DESK_PRESENCE_LOOKING, list, from);
    }
  g_mutex_unlock (&self->lock);
  return list;
}

guint
desk_board_count_sessions (DeskBoard *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = g_hash_table_size (self->visitors);
  g_mutex_unlock (&self->lock);
  return n;
}
