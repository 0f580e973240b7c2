/* SPDX-License-Identifier: GPL-3.0-or-later
 * Accepting ops on an authority: decide, stamp, store. */
#include "desk-submit.h"

#include <string.h>

#include "desk-accept.h"
#include "desk-fold.h"
#include "desk-json.h"
#include "desk-number.h"
#include "desk-outbox.h"
#include "desk-people.h"
#include "desk-permission.h"
#include "desk-uid.h"

/* Half of a SHA-256 tells two ops apart well enough, and events are many. */
#define DIGEST_BYTES 16
/* After so many taken random numbers the format is full: take one more digit. */
#define RANDOM_TRIES 8
#define RECEIPT_SECS (30 * 24 * 60 * 60)

/* One op on its way through; lives on the stack of desk_submit_in(). */
typedef struct
{
  DeskDb *db;
  DeskOp *op;
  DeskPerson *author; /* as of now */
  gint64 now;
  DeskFold *fold; /* NULL until the ticket exists */
  gboolean has_seen_all;
  gint64 author_id;
  GBytes *digest;
  GPtrArray *events; /* what accept() decided */
} Submission;

void
desk_receipt_free (DeskReceipt *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  g_free (self);
}

static DeskReceipt *
make_receipt (DeskTicket *ticket, GPtrArray *events, gboolean replayed)
{
  DeskReceipt *receipt = g_new0 (DeskReceipt, 1);

  receipt->ticket = desk_ticket_ref (ticket);
  receipt->events = events;
  receipt->replayed = replayed;
  return receipt;
}

static GBytes *
digest_of (const DeskOp *op)
{
  g_autofree char *hex = desk_op_digest (op);

  hex[2 * DIGEST_BYTES] = '\0';
  return desk_bytes_from_hex (hex);
}

static gboolean
fail_uid_reused (GError **error)
{
  return desk_refuse (error, DESK_ERROR_UID_REUSED,
                      "This was sent before with another content; send it again as something new");
}

static gboolean
fail_no_such_ticket (GError **error)
{
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such ticket that you may see");
}

/* --- the same op again --- */

static DeskReceipt *
replay_events (Submission *self, gint64 ticket, GBytes *digest, GError **error)
{
  g_autoptr (DeskFold) fold = NULL;
  GPtrArray *events;

  if (digest == NULL || !g_bytes_equal (digest, self->digest))
    {
      fail_uid_reused (error);
      return NULL;
    }
  fold = desk_fold_find_id (self->db, ticket, error);
  if (fold == NULL)
    return NULL;
  events = desk_fold_read_events_of_op (self->db, fold, self->op->uid, error);
  return events != NULL ? make_receipt (fold->ticket, events, TRUE) : NULL;
}

static DeskReceipt *
replay_receipt (Submission *self, DeskQuery *query, GError **error)
{
  g_autofree char *ticket = desk_query_dup_uid (query, 1);
  g_autoptr (DeskFold) fold = NULL;
  gconstpointer digest;
  gsize size;

  digest = desk_query_blob (query, 0, &size);
  if (size != g_bytes_get_size (self->digest) ||
      memcmp (digest, g_bytes_get_data (self->digest, NULL), size) != 0)
    {
      fail_uid_reused (error);
      return NULL;
    }
  if (!desk_query_is_null (query, 2))
    {
      g_propagate_error (error, desk_error_unpack ((DeskError) desk_query_int (query, 2),
                                                   desk_query_text (query, 3)));
      return NULL;
    }
  fold = desk_fold_find (self->db, ticket, error);
  if (fold == NULL)
    return NULL;
  return make_receipt (fold->ticket,
                       g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref), TRUE);
}

/* The answer this op got before; NULL without @error for a new one. */
static DeskReceipt *
find_answer (Submission *self, GError **error)
{
  g_autoptr (DeskQuery) query = NULL;
  g_autoptr (GBytes) digest = NULL;
  gint64 event, ticket;

  if (!desk_fold_find_event (self->db, self->op->uid, &event, &ticket, &digest, error))
    return NULL;
  if (event != 0)
    return replay_events (self, ticket, digest, error);
  query = desk_db_query (self->db, DESK_SQL_RECEIPT_FIND, error, "u", self->op->uid);
  if (query == NULL || !desk_query_next (query, error))
    return NULL;
  return replay_receipt (self, query, error);
}

/* Answers that leave no event behind. A refusal that time or a change of rights can mend is kept
 * too: the author sends anew under a new uid. But a ticket that is not here may have been lost when
 * the desk was restored, and come back from its requester's copy; then so may what was said on it.
 */
static gboolean
keep_answer (Submission *self, const GError *refusal, GError **error)
{
  g_autofree char *message = refusal != NULL ? desk_error_pack (refusal) : NULL;

  if (refusal != NULL ? refusal->domain != DESK_ERROR : self->events->len > 0)
    return TRUE;
  if (self->fold == NULL && refusal != NULL && refusal->code == DESK_ERROR_NO_SUCH)
    return TRUE;
  return desk_db_run (self->db, DESK_SQL_RECEIPT_INSERT, error,
                      refusal != NULL ? "ubuisi" : "ubuIsi", self->op->uid, self->digest,
                      self->op->ticket, refusal != NULL ? (gint64) refusal->code : (gint64) 0,
                      message, self->now) >= 0;
}

/* --- what the op refers to --- */

static gboolean
check_person_exists (Submission *self, const char *uid, GError **error)
{
  gint64 id;

  if (!desk_db_get_person_id (self->db, uid, &id, error))
    return FALSE;
  if (id != 0 || g_strcmp0 (uid, self->author->uid) == 0)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "There is no such person on this desk");
}

static gboolean
check_people (Submission *self, GError **error)
{
  for (guint i = 0; i < self->op->changes->len; i++)
    {
      const DeskChange *change = self->op->changes->pdata[i];

      if (change->to != NULL &&
          desk_field_get_field_type (change->field) == DESK_FIELD_TYPE_PERSON &&
          !check_person_exists (self, change->to, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_blobs (Submission *self, GError **error)
{
  for (guint i = 0; i < self->op->attachments->len; i++)
    if (desk_fold_find_blob (self->db, self->op->attachments->pdata[i], error) == 0)
      return FALSE;
  return TRUE;
}

static gboolean
check_target (Submission *self, GError **error)
{
  gint64 id, ticket;

  if (self->op->target == NULL)
    return TRUE;
  if (!desk_fold_find_event (self->db, self->op->target, &id, &ticket, NULL, error))
    return FALSE;
  if (id != 0 && self->fold != NULL && ticket == self->fold->id)
    return TRUE;
  return desk_refuse (error, DESK_ERROR_NO_SUCH, "The ticket has no such entry");
}

/* --- deciding --- */

static gboolean
find_ticket (Submission *self, GError **error)
{
  GError *failure = NULL;

  self->fold = desk_fold_find (self->db, self->op->ticket, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (self->op->kind == DESK_KIND_CREATED && self->fold != NULL)
    return fail_uid_reused (error);
  if (self->op->kind != DESK_KIND_CREATED && self->fold == NULL)
    return fail_no_such_ticket (error);
  return TRUE;
}

/* A requester's base counts public events, which they are given as no. */
static gboolean
is_after_base (const DeskEvent *event, gint64 base, gboolean internal)
{
  return internal ? event->no > base : event->public_no > base;
}

static GPtrArray *
read_since (Submission *self, GError **error)
{
  gboolean internal = desk_standing_of (self->author, self->fold->ticket) &
                      (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR);
  g_autoptr (GPtrArray) events = NULL;
  GPtrArray *since;

  self->has_seen_all = self->op->base >=
                       (internal ? self->fold->ticket->no : self->fold->ticket->public_no);
  if (self->has_seen_all)
    return g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  events = desk_fold_read_events (self->db, self->fold, self->op->base, error);
  if (events == NULL)
    return NULL;
  since = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_event_unref);
  for (guint i = 0; i < events->len; i++)
    if (is_after_base (events->pdata[i], self->op->base, internal))
      g_ptr_array_add (since, desk_event_ref (events->pdata[i]));
  return since;
}

static gboolean
find_author (Submission *self, GError **error)
{
  if (!desk_db_get_person_id (self->db, self->author->uid, &self->author_id, error))
    return FALSE;
  /* Somebody new comes with a ticket. */
  return self->author_id != 0 || self->op->kind == DESK_KIND_CREATED || fail_no_such_ticket (error);
}

static gboolean
decide (Submission *self, GError **error)
{
  g_autoptr (GPtrArray) since = NULL;

  if (self->fold != NULL && (since = read_since (self, error)) == NULL)
    return FALSE;
  self->events = desk_accept (self->fold != NULL ? self->fold->ticket : NULL, since, self->op,
                              self->author, desk_db_get_catalogue (self->db, NULL), self->now,
                              error);
  return self->events != NULL && check_people (self, error) && check_blobs (self, error) &&
         check_target (self, error);
}

/* A redact is for those who saw its target: others must not learn that there was one. */
static gboolean
fit_redact (Submission *self, GError **error)
{
  g_autoptr (GPtrArray) events = NULL;

  if (self->op->kind != DESK_KIND_REDACT)
    return TRUE;
  events = desk_fold_read_events_of_op (self->db, self->fold, self->op->target, error);
  if (events == NULL)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    {
      const DeskEvent *event = events->pdata[i];

      if (g_str_equal (event->uid, self->op->target))
        ((DeskEvent *) self->events->pdata[0])->audience = event->audience;
    }
  return TRUE;
}

/* --- stamping --- */

static gboolean
number_is_taken (DeskDb *db, const char *number, gboolean *taken, GError **error)
{
  gint64 found;

  if (!desk_db_get_int (db, DESK_SQL_NUMBER_TAKEN, &found, error, "s", number))
    return FALSE;
  *taken = found != 0;
  return TRUE;
}

static guint64
power_of_ten (guint places)
{
  guint64 power = 1;

  while (places-- > 0)
    power *= 10;
  return power;
}

/* A random value of the format's places; with one place more after each RANDOM_TRIES. */
static guint64
random_value (const char *format, guint tries)
{
  guint places = MIN (desk_number_format_count_places (format) + tries / RANDOM_TRIES, 18);
  guint64 random = (guint64) g_random_int () << 32 | g_random_int ();

  return random % power_of_ten (places);
}

static gboolean
next_value (DeskDb *db,
            const char *sequence,
            gboolean is_random,
            const char *format,
            guint tries,
            guint64 *value,
            GError **error)
{
  gint64 last;

  if (is_random)
    {
      *value = random_value (format, tries);
      return TRUE;
    }
  if (!desk_db_get_int (db, DESK_SQL_SEQUENCE_LAST, &last, error, "s", sequence))
    return FALSE;
  *value = last + 1;
  return desk_db_run (db, DESK_SQL_SEQUENCE_SAVE, error, "si", sequence, last + 1) >= 0;
}

/* Numbers are one set per desk, whatever formats its topics have. */
static char *
take_number (DeskDb *db, const char *topic, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, NULL);
  const DeskEntry *entry = desk_catalogue_find (catalogue, DESK_ENTRY_TOPIC, topic);
  const DeskEntry *desk = desk_catalogue_get_desk (catalogue);
  gboolean own = entry != NULL && entry->values[DESK_PROPERTY_NUMBER_FORMAT] != NULL;
  const DeskEntry *rule = own ? entry : desk;
  const char *format = desk_entry_get (rule, DESK_PROPERTY_NUMBER_FORMAT);
  gboolean is_random = g_strcmp0 (desk_entry_get (rule, DESK_PROPERTY_NUMBER_ORDER), "random") == 0;
  gboolean taken = TRUE;

  for (guint tries = 0; taken; tries++)
    {
      g_autofree char *number = NULL;
      guint64 value;

      if (!next_value (db, own ? topic : "", is_random, format, tries, &value, error))
        return NULL;
      number = desk_number_format_render (format, value);
      if (!number_is_taken (db, number, &taken, error))
        return NULL;
      if (!taken)
        return g_steal_pointer (&number);
    }
  g_assert_not_reached ();
}

static gboolean
stamp_number (Submission *self, DeskEvent *created, GError **error)
{
  const DeskChange *topic = desk_changes_find (created->changes, DESK_FIELD_TOPIC);
  g_autofree char *number = take_number (self->db, topic != NULL ? topic->to : NULL, error);

  if (number == NULL)
    return FALSE;
  desk_event_change (created, DESK_FIELD_NUMBER, NULL, number);
  return TRUE;
}

static void
stamp (Submission *self, DeskEvent *event, gboolean first)
{
  DeskTicket *ticket = self->fold->ticket;

  if (!first)
    {
      g_free (event->uid);
      event->uid = desk_uid_new ();
    }
  event->no = ticket->no + 1;
  event->public_no = event->audience == DESK_AUDIENCE_PUBLIC ? ticket->public_no + 1 : 0;
}

/* --- storing --- */

static gboolean
store_event (Submission *self, DeskEvent *event, gboolean first, GError **error)
{
  stamp (self, event, first);
  return desk_fold_add_event (self->db, self->fold, event, self->author_id,
                              first ? self->digest : NULL, error);
}

static gboolean
open_fold (Submission *self, GError **error)
{
  self->fold = g_new0 (DeskFold, 1);
  self->fold->ticket = desk_ticket_new (self->op->ticket);
  return stamp_number (self, self->events->pdata[0], error) &&
         desk_fold_reserve (self->db, self->fold, error);
}

static gboolean
store_events (Submission *self, DeskTallyKey before, gboolean is_new, GError **error)
{
  gboolean is_public = FALSE;

  for (guint i = 0; i < self->events->len; i++)
    {
      DeskEvent *event = self->events->pdata[i];

      if (!store_event (self, event, i == 0, error))
        return FALSE;
      is_public |= event->audience == DESK_AUDIENCE_PUBLIC;
    }
  self->fold->tx = desk_db_take_tx (self->db);
  if (is_public || (!is_new && desk_fold_looks_different (self->db, &before, self->fold)))
    self->fold->public_tx = self->fold->tx;
  return desk_fold_write (self->db, self->fold, error) &&
         desk_fold_move_tally (self->db, is_new ? NULL : &before, self->fold, error) &&
         desk_fold_note_move (self->db, is_new ? NULL : &before, self->fold, self->now, error);
}

/* Nobody is to look at their own words as news; but what others wrote meanwhile stays news. */
static gboolean
mark_own_as_seen (Submission *self, GError **error)
{
  DeskTicket *ticket = self->fold->ticket;
  gboolean internal = desk_standing_of (self->author, ticket) &
                      (DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR);

  if (!self->has_seen_all)
    return TRUE;
  return desk_db_run (self->db, DESK_SQL_SEEN_SAVE, error, "iii", self->fold->id, self->author_id,
                      internal ? ticket->no : ticket->public_no) >= 0;
}

static gboolean
redact_target (Submission *self, GError **error)
{
  return self->op->kind != DESK_KIND_REDACT ||
         desk_fold_redact (self->db, self->fold, self->op->target, error);
}

static gboolean
add_author (Submission *self, GError **error)
{
  return self->author_id != 0 ||
         (desk_people_insert (self->db, self->author, error) &&
          desk_db_get_person_id (self->db, self->author->uid, &self->author_id, error));
}

static gboolean
store (Submission *self, GError **error)
{
  gboolean is_new = self->fold == NULL;
  DeskTallyKey before = { 0 };

  self->has_seen_all |= is_new;
  if (!add_author (self, error))
    return FALSE;
  if (is_new && !open_fold (self, error))
    return FALSE;
  if (!is_new)
    before = desk_fold_get_tally_key (self->db, self->fold);
  return store_events (self, before, is_new, error) && redact_target (self, error) &&
         mark_own_as_seen (self, error);
}

static void
clear_submission (Submission *self)
{
  g_clear_pointer (&self->op, desk_op_unref);
  g_clear_pointer (&self->author, desk_person_unref);
  g_clear_pointer (&self->fold, desk_fold_free);
  g_clear_pointer (&self->digest, g_bytes_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Submission, clear_submission)

/* Everything that can be refused is found out here, before anything is written. */
static gboolean
prepare (Submission *self, GError **error)
{
  return find_ticket (self, error) && find_author (self, error) && decide (self, error) &&
         fit_redact (self, error);
}

/* Decides and writes. A part that failed cannot be taken back alone: a savepoint for each op would
 * make the search index write what it has gathered op by op. So the caller ends the transaction. */
static DeskReceipt *
carry_out (Submission *self, GError **error)
{
  GError *refusal = NULL;
  GError *failure = NULL;

  if (!prepare (self, &refusal) && refusal->domain != DESK_ERROR)
    {
      g_propagate_error (error, refusal);
      return NULL;
    }
  if (!keep_answer (self, refusal, &failure) ||
      (refusal == NULL && self->events->len > 0 && !store (self, &failure)))
    {
      /* What the disk answers is more urgent than what a rule says. Nor is it still the time for a
       * rule to say something. */
      g_clear_error (&refusal);
      if (failure->domain == DESK_ERROR)
        {
          desk_store_fail (error, DESK_STORE_ERROR_IO, "%s", failure->message);
          g_error_free (failure);
        }
      else
        g_propagate_error (error, failure);
      return NULL;
    }
  if (refusal == NULL)
    return make_receipt (self->fold->ticket, g_ptr_array_ref (self->events), FALSE);
  g_propagate_error (error, refusal);
  return NULL;
}

/* --- the author --- */

/* Core takes any word for an id; what is stored as 16 bytes has to be a UUID. */
static gboolean
check_ids (const DeskOp *op, GError **error)
{
  if (desk_uid_is_valid (op->uid) && desk_uid_is_valid (op->ticket) &&
      desk_uid_is_valid (op->author) && (op->target == NULL || desk_uid_is_valid (op->target)))
    return TRUE;
  return desk_refuse (error, DESK_ERROR_INVALID, "The ids of an op have to be UUIDs");
}

/* The author as the desk knows them now, whatever the caller remembers: rights may have been taken
 * away, and somebody new may have been met by another program first, under another uid. */
static DeskPerson *
find_person_now (DeskDb *db, const DeskPerson *author, GError **error)
{
  const DeskPerson *agent = desk_catalogue_find_agent (desk_db_get_catalogue (db, NULL),
                                                       author->uid);
  GError *failure = NULL;
  DeskPerson *person;

  /* The catalogue is as new as the transaction. */
  if (agent != NULL)
    return desk_person_ref ((DeskPerson *) agent);
  person = desk_people_find_uid (db, author->uid, &failure);
  if (person == NULL && failure == NULL)
    person = desk_people_find_login (db, author->login, &failure);
  if (failure == NULL)
    return person != NULL ? person : desk_person_copy (author);
  g_propagate_error (error, failure);
  return NULL;
}

/* The op as if @author had made it. */
static DeskOp *
give_to (const DeskOp *op, const DeskPerson *author)
{
  DeskOp *copy = desk_op_new (op->uid, op->ticket, op->kind, author->uid);

  desk_op_set_text (copy, op->text);
  for (guint i = 0; i < op->changes->len; i++)
    {
      const DeskChange *change = op->changes->pdata[i];
      desk_op_change (copy, change->field, change->to);
    }
  for (guint i = 0; i < op->attachments->len; i++)
    {
      const DeskAttachment *file = op->attachments->pdata[i];
      desk_op_take_attachment (
          copy, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
  copy->target = g_strdup (op->target);
  copy->device = g_strdup (op->device);
  copy->via = op->via;
  copy->base = op->base;
  copy->at = op->at;
  return copy;
}

static gboolean
find_author_now (Submission *self, const DeskOp *op, const DeskPerson *author, GError **error)
{
  self->author = find_person_now (self->db, author, error);
  if (self->author == NULL)
    return FALSE;
  /* Core refuses an op of somebody else's; this one is only told that it was. */
  self->op = g_str_equal (op->author, author->uid) && !g_str_equal (op->author, self->author->uid)
                 ? give_to (op, self->author)
                 : desk_op_ref ((DeskOp *) op);
  return TRUE;
}

DeskReceipt *
desk_submit_in (DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error)
{
  g_auto (Submission) self = { .db = db, .now = now };
  GError *failure = NULL;
  DeskReceipt *answer;
  gboolean is_replica;

  if (!desk_replica_check (db, &is_replica, error))
    return NULL;
  if (is_replica)
    return desk_outbox_add (db, op, author, now, error);
  self.digest = digest_of (op);
  if (!check_ids (op, error) || !find_author_now (&self, op, author, error))
    return NULL;
  answer = find_answer (&self, &failure);
  if (answer == NULL && failure == NULL)
    answer = carry_out (&self, &failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return answer;
}

DeskReceipt *
desk_submit (DeskDb *db, const DeskOp *op, const DeskPerson *author, gint64 now, GError **error)
{
  GError *failure = NULL;
  g_autoptr (DeskReceipt) receipt = NULL;

  if (!desk_db_begin (db, error))
    return NULL;
  receipt = desk_submit_in (db, op, author, now, &failure);
  if (receipt == NULL && failure->domain != DESK_ERROR)
    desk_db_rollback (db);
  else if (!desk_db_commit (db, failure == NULL ? &failure : NULL))
    g_clear_pointer (&receipt, desk_receipt_free);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return g_steal_pointer (&receipt);
}

gboolean
desk_submit_sweep (DeskDb *db, gint64 now, GError **error)
{
  return desk_db_run (db, DESK_SQL_RECEIPTS_SWEEP, error, "i", now - RECEIPT_SECS) >= 0;
}
