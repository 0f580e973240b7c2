/* SPDX-License-Identifier: GPL-3.0-or-later
 * A queue as a list model, on a real desk that another process changes. */
#include "fixture.h"

#include "desk-filler.h"
#include "desk-list-model.h"

typedef struct
{
  char *folder;
  DeskStore *store; /* Jane's, who looks */
  DeskStore *other; /* John's, as if in another process */
  DeskListModel *model;
  GArray *shown; /* of gint64: what a view that only hears of changes believes */
  guint n_new;
  guint n_edited;
} Fixture;

static GListModel *
list (Fixture *self)
{
  return G_LIST_MODEL (self->model);
}

static gint64
id_at (Fixture *self, guint position)
{
  g_autoptr (DeskListItem) item = g_list_model_get_item (list (self), position);

  return desk_list_item_get_id (item);
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, Fixture *self)
{
  if (removed > 0)
    g_array_remove_range (self->shown, position, removed);
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (DeskListItem) item = g_list_model_get_item (model, i);
      gint64 id = desk_list_item_get_id (item);

      g_array_insert_val (self->shown, i, id);
    }
  g_assert_cmpuint (self->shown->len, ==, g_list_model_get_n_items (model));
}

static void
edited_cb (DeskListModel *model, guint n_new, Fixture *self)
{
  self->n_edited++;
  self->n_new += n_new;
}

static void
assert_followed (Fixture *self)
{
  g_assert_cmpuint (self->shown->len, ==, g_list_model_get_n_items (list (self)));
  for (guint i = 0; i < self->shown->len; i++)
    g_assert_cmpint (g_array_index (self->shown, gint64, i), ==, id_at (self, i));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = fixture_new_desk ();
  self->store = fixture_open (self->folder, "jane");
  self->other = fixture_open (self->folder, "john");
  self->model = desk_list_model_new (self->store);
  self->shown = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_signal_connect (self->model, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect (self->model, "edited", G_CALLBACK (edited_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer model = self->model;

  g_object_add_weak_pointer (G_OBJECT (self->model), &model);
  g_object_run_dispose (G_OBJECT (self->model));
  g_object_unref (self->model);
  FIXTURE_WAIT (model == NULL);
  g_array_unref (self->shown);
  fixture_close (self->other);
  fixture_close (self->store);
  fixture_free_folder (self->folder);
}

static void
show (Fixture *self, DeskViewKind kind, DeskSort sort)
{
  DeskView view = desk_view_of (kind);

  desk_list_model_show (self->model, &view, sort);
  g_assert_cmpint (desk_list_model_get_state (self->model), ==, DESK_LIST_LOADING);
  FIXTURE_WAIT (desk_list_model_is_complete (self->model));
  g_assert_cmpint (desk_list_model_get_state (self->model), ==, DESK_LIST_READY);
}

static void
wait_for_length (Fixture *self, guint n)
{
  FIXTURE_WAIT (g_list_model_get_n_items (list (self)) == n);
}

/* Waits for the row of the item, which somebody else is to hold. */
static const DeskRow *
row_of (DeskListItem *item)
{
  FIXTURE_WAIT (desk_list_item_get_row (item) != NULL);
  return desk_list_item_get_row (item);
}

static void
test_empty (Fixture *self, gconstpointer data)
{
  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 0);
  g_assert_null (g_list_model_get_item (list (self), 0));
}

static void
test_fill (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 170);
  DeskView view = desk_view_of (DESK_VIEW_OPEN);
  g_autoptr (DeskListItem) first = NULL;
  g_autoptr (DeskListItem) last = NULL;

  desk_list_model_show (self->model, &view, DESK_SORT_NUMBER);
  FIXTURE_WAIT (desk_list_model_get_state (self->model) == DESK_LIST_READY);
  /* The first page comes with its rows, and alone. */
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 50);
  g_assert_false (desk_list_model_is_complete (self->model));
  first = g_list_model_get_item (list (self), 0);
  g_assert_nonnull (desk_list_item_get_row (first));
  g_assert_cmpstr (desk_list_item_get_row (first)->summary, ==, "Ticket 170");

  FIXTURE_WAIT (desk_list_model_is_complete (self->model));
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 170);
  assert_followed (self);
  last = g_list_model_get_item (list (self), 169);
  g_assert_null (desk_list_item_get_row (last));
  g_assert_cmpstr (row_of (last)->summary, ==, "Ticket 1");
  g_assert_cmpuint (desk_list_model_find (self->model, desk_list_item_get_id (last)), ==, 169);
  g_assert_cmpuint (desk_list_model_find_uid (self->model, row_of (last)->uid), ==, 169);
}

static void
test_new_on_top (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Old", 3);
  g_autoptr (GPtrArray) more = NULL;
  g_autoptr (DeskListItem) first = NULL;

  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  self->n_new = 0;
  more = filler_file (self->other, "New", 2);
  wait_for_length (self, 5);
  FIXTURE_WAIT (self->n_new == 2);
  assert_followed (self);
  first = g_list_model_get_item (list (self), 0);
  g_assert_cmpstr (row_of (first)->summary, ==, "New 2");
}

static void
test_move (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 80);
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();
  g_autoptr (DeskListItem) item = NULL;
  g_autoptr (DeskListItem) first = NULL;

  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  item = g_list_model_get_item (list (self), 70);
  g_assert_cmpstr (row_of (item)->summary, ==, "Ticket 10");
  g_ptr_array_add (moved, desk_ticket_ref (tickets->pdata[9]));
  filler_change (self->other, moved, DESK_FIELD_PRIORITY, "urgent");
  FIXTURE_WAIT (desk_list_model_find (self->model, desk_list_item_get_id (item)) == 0);
  assert_followed (self);
  /* It is the same object, and its row follows. */
  first = g_list_model_get_item (list (self), 0);
  g_assert_true (first == item);
  FIXTURE_WAIT (desk_list_item_get_row (item)->priority == DESK_PRIORITY_URGENT);
  g_assert_cmpuint (self->n_new, ==, 0);
  desk_ticket_unref (moved->pdata[0]);
}

static void
test_leave (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 60);
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();

  show (self, DESK_VIEW_UNASSIGNED, DESK_SORT_RECENT);
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 60);
  for (guint i = 20; i < 25; i++)
    g_ptr_array_add (taken, tickets->pdata[i]);
  filler_change (self->other, taken, DESK_FIELD_ASSIGNEE, desk_store_get_me (self->other)->uid);
  wait_for_length (self, 55);
  assert_followed (self);
  for (guint i = 0; i < taken->len; i++)
    tickets->pdata[20 + i] = taken->pdata[i];
}

/* Reading is no change of a ticket, and still shows. */
static void
test_read (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 2);
  const DeskTicket *ticket = tickets->pdata[1];
  g_autoptr (DeskListItem) item = NULL;

  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  item = g_list_model_get_item (list (self), 0);
  g_assert_true (row_of (item)->unread);
  desk_store_mark_seen (self->store, ticket->uid, ticket->no);
  FIXTURE_WAIT (!desk_list_item_get_row (item)->unread);
}

/* More than are told one by one: the keys are read again and compared. */
static void
test_many (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 2300);
  g_autoptr (DeskListItem) item = NULL;

  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 2300);
  item = g_list_model_get_item (list (self), 2290);
  g_assert_cmpstr (row_of (item)->summary, ==, "Ticket 10");
  filler_change (self->other, tickets, DESK_FIELD_STATUS, "closed");
  wait_for_length (self, 0);
  assert_followed (self);
}

static void
test_search (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 5);
  g_autoptr (GPtrArray) other = filler_file (self->other, "Zebra", 2);
  g_autoptr (GPtrArray) later = NULL;
  g_autoptr (DeskListItem) item = NULL;

  show (self, DESK_VIEW_OPEN, DESK_SORT_RECENT);
  desk_list_model_search (self->model, "zeb");
  g_assert_true (desk_list_model_is_searching (self->model));
  wait_for_length (self, 2);
  item = g_list_model_get_item (list (self), 0);
  g_assert_cmpstr (desk_list_item_get_row (item)->summary, ==, "Zebra 2");
  assert_followed (self);
  /* What is found follows the desk too. */
  later = filler_file (self->other, "Zebra and", 1);
  wait_for_length (self, 3);
  desk_list_model_search (self->model, "nothing like it");
  wait_for_length (self, 0);
  desk_list_model_search (self->model, NULL);
  wait_for_length (self, 8);
  assert_followed (self);
}

static void
test_switch (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 60);
  DeskView open = desk_view_of (DESK_VIEW_OPEN);
  DeskView closed = desk_view_of (DESK_VIEW_CLOSED);

  /* Whatever is asked for last is shown. */
  for (guint i = 0; i < 20; i++)
    {
      desk_list_model_show (self->model, i % 2 == 0 ? &open : &closed, DESK_SORT_RECENT);
      fixture_settle (i % 5);
    }
  FIXTURE_WAIT (desk_list_model_is_complete (self->model));
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 0);
  desk_list_model_show (self->model, &open, DESK_SORT_DUE);
  FIXTURE_WAIT (desk_list_model_is_complete (self->model));
  g_assert_cmpuint (g_list_model_get_n_items (list (self)), ==, 60);
  assert_followed (self);
}

/* A desk that goes on changing never leaves the list behind. */
static void
test_busy (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 100);
  static const char *priorities[] = { "low", "high", "urgent" };

  show (self, DESK_VIEW_OPEN, DESK_SORT_PRIORITY);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GPtrArray) some = g_ptr_array_new ();

      for (guint j = i; j < tickets->len; j += 7)
        g_ptr_array_add (some, tickets->pdata[j]);
      filler_change (self->other, some, DESK_FIELD_PRIORITY, priorities[i % 3]);
      for (guint j = 0; j < some->len; j++)
        tickets->pdata[i + j * 7] = some->pdata[j];
    }
  fixture_settle (600);
  assert_followed (self);
  for (guint i = 0; i + 1 < 15; i++)
    {
      g_autoptr (DeskListItem) item = g_list_model_get_item (list (self), i);
      g_autoptr (DeskListItem) next = g_list_model_get_item (list (self), i + 1);

      g_assert_cmpint (row_of (item)->priority, >=, row_of (next)->priority);
    }
}

static void
test_closed_store (Fixture *self, gconstpointer data)
{
  DeskView view = desk_view_of (DESK_VIEW_OPEN);

  desk_store_close (self->store);
  desk_list_model_show (self->model, &view, DESK_SORT_RECENT);
  FIXTURE_WAIT (desk_list_model_get_state (self->model) == DESK_LIST_FAILED);
  g_assert_error (desk_list_model_get_error (self->model), G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Leaving while something is under way leaves nothing behind: tear_down() looks. */
static void
test_leave_early (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 60);
  DeskView view = desk_view_of (DESK_VIEW_OPEN);

  desk_list_model_show (self->model, &view, DESK_SORT_RECENT);
  desk_list_model_search (self->model, "tick");
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
#define ADD(path, test) g_test_add ("/list-model/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("an-empty-queue-is-complete", test_empty);
  ADD ("the-first-page-comes-first", test_fill);
  ADD ("new-tickets-are-counted-on-top", test_new_on_top);
  ADD ("a-moved-ticket-is-the-same-item", test_move);
  ADD ("what-left-the-queue-goes", test_leave);
  ADD ("what-is-read-is-shown-as-read", test_read);
  ADD ("many-changes-at-once", test_many);
  ADD ("search-replaces-the-queue", test_search);
  ADD ("the-last-queue-asked-for-is-shown", test_switch);
  ADD ("a-busy-desk-is-followed", test_busy);
  ADD ("a-failure-is-a-state", test_closed_store);
  ADD ("nothing-is-left-behind", test_leave_early);
#undef ADD
  return g_test_run ();
}
