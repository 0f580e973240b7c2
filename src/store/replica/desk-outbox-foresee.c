/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the ops that wait in a replica are expected to come to. */
#include "desk-outbox-private.h"

#include "desk-accept.h"
#include "desk-permission.h"
#include "desk-projection.h"

/* Stands for a department that only the server knows of. */
#define SOMEWHERE "unknown-to-this-copy"

static void
add_somewhere (GPtrArray *entries)
{
  DeskEntry *somewhere = desk_entry_new (DESK_ENTRY_DEPARTMENT, SOMEWHERE, "");

  desk_entry_set (somewhere, DESK_PROPERTY_PUBLIC, "no");
  g_ptr_array_add (entries, somewhere);
  for (guint i = 0; i < entries->len; i++)
    {
      DeskEntry *entry = g_ptr_array_index (entries, i);

      if (entry->kind == DESK_ENTRY_DESK)
        desk_entry_set (entry, DESK_PROPERTY_DEPARTMENT, SOMEWHERE);
    }
}

DeskCatalogue *
desk_outbox_get_catalogue (DeskReplica *self)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (self->db, NULL);
  const char *slug = desk_entry_get (desk_catalogue_get_desk (catalogue), DESK_PROPERTY_DEPARTMENT);
  GPtrArray *entries, *agents;

  if (desk_catalogue_find (catalogue, DESK_ENTRY_DEPARTMENT, slug) != NULL)
    return desk_catalogue_ref (catalogue);
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  agents = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *some = desk_catalogue_get_entries (catalogue, kind);

      for (guint i = 0; i < some->len; i++)
        g_ptr_array_add (entries, desk_entry_copy (g_ptr_array_index (some, i)));
    }
  for (guint i = 0; i < desk_catalogue_get_agents (catalogue)->len; i++)
    g_ptr_array_add (agents, desk_person_ref (desk_catalogue_get_agents (catalogue)->pdata[i]));
  add_somewhere (entries);
  return desk_catalogue_new (desk_catalogue_get_revision (catalogue), entries, agents);
}

/* A ticket while its ops are gone through. */
typedef struct
{
  DeskReplica *replica;
  DeskCatalogue *catalogue;
  DeskTicket *ticket; /* NULL until it is filed */
  gboolean internal;
  GPtrArray *events; /* what was added */
} Foresight;

static void
clear_foresight (Foresight *self)
{
  g_clear_pointer (&self->catalogue, desk_catalogue_unref);
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Foresight, clear_foresight)

static Foresight
begin_foresight (DeskReplica *replica, const DeskTicket *server, gboolean internal)
{
  return (Foresight){
    .replica = replica,
    .catalogue = desk_outbox_get_catalogue (replica),
    .ticket = server != NULL ? desk_ticket_copy (server) : NULL,
    .internal = internal,
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref),
  };
}

static gboolean
is_agent_of (Foresight *self, const DeskTicket *ticket)
{
  return (desk_standing_of (self->replica->me, ticket) &
          (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR)) != 0;
}

static void
forget_somewhere (DeskTicket *ticket)
{
  if (g_strcmp0 (ticket->department, SOMEWHERE) == 0)
    g_clear_pointer (&ticket->department, g_free);
}

/* Who files a ticket where they do not work sees it as its requester, or not at all. */
static void
file (Foresight *self, const DeskOp *op, GPtrArray *events, gint64 now)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (op->ticket);

  for (guint i = 0; i < events->len; i++)
    desk_apply (ticket, g_ptr_array_index (events, i));
  ticket->created_at = ticket->updated_at = ticket->public_at = now;
  forget_somewhere (ticket);
  self->internal = is_agent_of (self, ticket);
  self->ticket = self->internal ? g_steal_pointer (&ticket)
                                : desk_ticket_project (ticket, self->catalogue);
}

static gboolean
is_shown (Foresight *self, const DeskEvent *event)
{
  return self->internal || event->audience == DESK_AUDIENCE_PUBLIC;
}

static void
take_events (Foresight *self, const DeskOp *op, GPtrArray *events, gint64 now)
{
  gboolean filed = self->ticket == NULL;

  if (filed)
    file (self, op, events, now);
  for (guint i = 0; i < events->len; i++)
    {
      DeskEvent *event = g_ptr_array_index (events, i);

      if (!is_shown (self, event))
        continue;
      if (!filed)
        desk_apply (self->ticket, event);
      g_ptr_array_add (self->events, desk_event_ref (event));
    }
  forget_somewhere (self->ticket);
}

/* An op that would be refused as things are now: what was typed is shown, and changes nothing; the
 * server says what becomes of it. */
static GPtrArray *
make_plain (Foresight *self, const DeskOp *op, gint64 now)
{
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  DeskEvent *event = desk_event_new ();
  const DeskChange *summary = desk_changes_find (op->changes, DESK_FIELD_SUMMARY);

  event->uid = g_strdup (op->uid);
  event->ticket = g_strdup (op->ticket);
  event->kind = op->kind;
  event->audience = self->internal && op->kind == DESK_KIND_NOTE ? DESK_AUDIENCE_INTERNAL
                                                                 : DESK_AUDIENCE_PUBLIC;
  event->text = g_strdup (op->text);
  event->target = g_strdup (op->target);
  event->author = g_strdup (op->author);
  event->device = g_strdup (op->device);
  event->via = op->via;
  event->cause = g_strdup (op->uid);
  event->at = event->accepted_at = now;
  if (op->kind == DESK_KIND_CREATED)
    {
      desk_event_change (event, DESK_FIELD_SUMMARY, NULL, summary != NULL ? summary->to : NULL);
      desk_event_change (event, DESK_FIELD_REQUESTER, NULL, op->author);
    }
  g_ptr_array_add (events, event);
  return events;
}

static void
foresee (Foresight *self, const DeskOp *op)
{
  gint64 now = MAX (op->at, 1);
  g_autoptr (GPtrArray) events = NULL;

  /* The ticket is there, or was filed by an op that is not here any more: nothing to be shown. */
  if ((op->kind == DESK_KIND_CREATED) != (self->ticket == NULL))
    return;
  events = desk_accept (self->ticket, NULL, op, self->replica->me, self->catalogue, now, NULL);
  if (events == NULL)
    events = make_plain (self, op, now);
  take_events (self, op, events, now);
}

/* What was accepted is there, though its answer may have been lost. */
static gboolean
foresee_unless_here (Foresight *self, const DeskOp *op, GError **error)
{
  gint64 event, ticket;

  if (!desk_fold_find_event (self->replica->db, op->uid, &event, &ticket, NULL, error))
    return FALSE;
  if (event == 0)
    foresee (self, op);
  return TRUE;
}

static gboolean
foresee_all (Foresight *self, const char *ticket, GError **error)
{
  g_autoptr (GPtrArray) ops = desk_outbox_read_ops (
      desk_db_query (self->replica->db, DESK_SQL_OUTBOX_OF_TICKET, error, "u", ticket), error);

  for (guint i = 0; ops != NULL && i < ops->len; i++)
    if (!foresee_unless_here (self, g_ptr_array_index (ops, i), error))
      return FALSE;
  return ops != NULL;
}

DeskTicket *
desk_outbox_foresee (DeskReplica *replica,
                     const char *ticket_uid,
                     const DeskTicket *server,
                     gboolean *internal,
                     GPtrArray *events,
                     GError **error)
{
  g_auto (Foresight) self = begin_foresight (replica, server, *internal);

  if (!foresee_all (&self, ticket_uid, error))
    return NULL;
  if (self.ticket == NULL)
    return NULL;
  *internal = self.internal;
  for (guint i = 0; events != NULL && i < self.events->len; i++)
    g_ptr_array_add (events, desk_event_ref (g_ptr_array_index (self.events, i)));
  return g_steal_pointer (&self.ticket);
}

static GPtrArray *
predict (DeskReplica *replica, const char *ticket_uid, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  GError *failure = NULL;
  g_autoptr (DeskReplicaTicket) ticket = desk_replica_find_ticket (replica, ticket_uid, &failure);
  g_autoptr (DeskTicket) shown = NULL;
  gboolean internal;

  if (ticket == NULL || ticket->pending == 0)
    {
      if (failure == NULL)
        return g_steal_pointer (&events);
      g_propagate_error (error, failure);
      return NULL;
    }
  internal = ticket->internal;
  shown = desk_outbox_foresee (replica, ticket_uid, ticket->server, &internal, events, error);
  return shown != NULL ? g_steal_pointer (&events) : NULL;
}

GPtrArray *
desk_outbox_predict (DeskDb *db, const char *ticket_uid, GError **error)
{
  g_auto (DeskReplica) replica = { 0 };

  return desk_replica_load (&replica, db, error) ? predict (&replica, ticket_uid, error) : NULL;
}
