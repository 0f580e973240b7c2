/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of tickets while others change the desk: what somebody looks at stays in sight. */
#include "fixture.h"

#include "desk-filler.h"
#include "desk-list-pane.h"
#include "desk-ticket-row.h"

#define N_TICKETS 120
/* Above frames, below everything else. */
#define PRIORITY_BUSY (G_PRIORITY_HIGH_IDLE + 10)

typedef struct
{
  char *folder;
  DeskStore *store; /* Jane's, who looks */
  DeskStore *other; /* John's */
  GtkWidget *window;
  DeskListPane *pane;
  GtkListView *list;
  GPtrArray *tickets; /* of DeskTicket */
  guint busy_source;
} Fixture;

static guint
count_listed (Fixture *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (self->list)));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  DeskView view = desk_view_of (DESK_VIEW_OPEN);

  self->folder = fixture_new_desk ();
  self->store = fixture_open (self->folder, "jane");
  self->other = fixture_open (self->folder, "john");
  self->tickets = filler_file (self->other, "Ticket", N_TICKETS);
  self->pane = g_object_new (DESK_TYPE_LIST_PANE, NULL);
  self->window = gtk_window_new ();
  desk_list_pane_set_store (self->pane, self->store, NULL);
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->pane));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 380, 600);
  gtk_window_present (GTK_WINDOW (self->window));
  desk_list_pane_show (self->pane, &view, "Open");
  self->list = GTK_LIST_VIEW (fixture_find_type (self->window, GTK_TYPE_LIST_VIEW));
  FIXTURE_WAIT (count_listed (self) == N_TICKETS);
  fixture_settle (200);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer pane = self->pane;

  g_object_add_weak_pointer (G_OBJECT (self->pane), &pane);
  gtk_window_destroy (GTK_WINDOW (self->window));
  FIXTURE_WAIT (pane == NULL);
  g_ptr_array_unref (self->tickets);
  fixture_close (self->other);
  fixture_close (self->store);
  fixture_free_folder (self->folder);
}

static double
get_scrolled (Fixture *self)
{
  return gtk_adjustment_get_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list)));
}

static gboolean
has_pill (Fixture *self)
{
  GtkWidget *pill = fixture_find (self->window, "pill_revealer");

  return gtk_revealer_get_reveal_child (GTK_REVEALER (pill));
}

static const DeskRow *
get_row (GtkWidget *child)
{
  DeskListItem *item = desk_ticket_row_get_item (DESK_TICKET_ROW (child));

  return item != NULL ? desk_list_item_get_row (item) : NULL;
}

/* What the row @y below the list's upper edge says; NULL while there is none. */
static const char *
get_summary_at (Fixture *self, double y)
{
  GtkWidget *child = gtk_widget_pick (GTK_WIDGET (self->list), 100, y, GTK_PICK_DEFAULT);
  const DeskRow *row;

  while (child != NULL && !DESK_IS_TICKET_ROW (child))
    child = gtk_widget_get_parent (child);
  row = child != NULL ? get_row (child) : NULL;
  return row != NULL ? row->summary : NULL;
}

static gint64
get_first (Fixture *self)
{
  g_autoptr (DeskListItem)
      item = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), 0);

  return desk_list_item_get_id (item);
}

/* Until it is listed at the top. */
static void
change_one (Fixture *self, guint i)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();
  gint64 before = get_first (self);

  g_ptr_array_add (one, self->tickets->pdata[i]);
  filler_change (self->other, one, DESK_FIELD_PRIORITY, "urgent");
  self->tickets->pdata[i] = one->pdata[0];
  FIXTURE_WAIT (get_first (self) != before);
}

static gboolean
keep_busy_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Longer than a turn of edits is: the others come after a frame. */
static void
dawdle_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  g_usleep (10000);
}

static void
stop_frames_cb (DeskListModel *model, guint n_new, Fixture *self)
{
  if (self->busy_source == 0)
    self->busy_source = g_idle_add_full (PRIORITY_BUSY, keep_busy_cb, NULL, NULL);
}

/* The list is laid out amid the edits of one change, and the next change comes before it is laid
 * out again. */
static void
test_top (Fixture *self, gconstpointer data)
{
  GListModel *model = gtk_single_selection_get_model (
      GTK_SINGLE_SELECTION (gtk_list_view_get_model (self->list)));

  g_signal_connect (model, "items-changed", G_CALLBACK (dawdle_cb), NULL);
  g_signal_connect (model, "edited", G_CALLBACK (stop_frames_cb), self);
  change_one (self, 0);
  FIXTURE_WAIT (self->busy_source != 0);
  g_signal_handlers_disconnect_by_func (model, dawdle_cb, NULL);
  change_one (self, 1);
  g_source_remove (self->busy_source);
  FIXTURE_WAIT (g_strcmp0 (get_summary_at (self, 20), "Ticket 2") == 0);
  g_assert_cmpfloat (get_scrolled (self), ==, 0);
  g_assert_false (has_pill (self));
}

static void
test_middle (Fixture *self, gconstpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->list));
  g_autoptr (GPtrArray) newer = NULL;
  g_autofree char *seen = NULL;
  double before;

  gtk_adjustment_set_value (adjustment, 1000);
  FIXTURE_WAIT (get_summary_at (self, 300) != NULL && get_scrolled (self) > 900);
  fixture_settle (100);
  seen = g_strdup (get_summary_at (self, 300));
  before = get_scrolled (self);
  newer = filler_file (self->other, "Newer", 3);
  FIXTURE_WAIT (count_listed (self) == N_TICKETS + 3);
  FIXTURE_WAIT (get_scrolled (self) > before && has_pill (self));
  fixture_settle (100);
  g_assert_cmpstr (get_summary_at (self, 300), ==, seen);
  /* Up there is what is new. */
  gtk_widget_activate_action (GTK_WIDGET (self->pane), "list-pane.top", NULL);
  FIXTURE_WAIT (get_scrolled (self) == 0 && !has_pill (self));
  FIXTURE_WAIT (g_strcmp0 (get_summary_at (self, 20), "Newer 3") == 0);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add ("/list-pane/stays-at-the-top-while-changes-stream-in", Fixture, NULL, set_up,
              test_top, tear_down);
  g_test_add ("/list-pane/stays-where-somebody-reads", Fixture, NULL, set_up, test_middle,
              tear_down);
  return g_test_run ();
}
