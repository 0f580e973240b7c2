/* SPDX-License-Identifier: GPL-3.0-or-later
 * The windows over a real desk: what is selected stays selected, and nothing is left behind. */
#include "fixture.h"

#include "desk-filler.h"
#include "desk-list-pane.h"
#include "desk-my-tickets-window.h"
#include "desk-queue-row.h"
#include "desk-shortcuts.h"
#include "desk-start-window.h"
#include "desk-store-error.h"
#include "desk-ticket-row.h"
#include "desk-window.h"

typedef struct
{
  char *folder;
  DeskStore *store; /* of whoever looks */
  DeskStore *other; /* John's */
  GtkWidget *window;
  GtkListView *list;
} Fixture;

static void
set_up (Fixture *self, gconstpointer login)
{
  self->folder = fixture_new_desk ();
  self->store = fixture_open (self->folder, login);
  self->other = fixture_open (self->folder, "john");
}

static void
close_window (Fixture *self)
{
  gpointer window = self->window;

  if (window == NULL)
    return;
  g_object_add_weak_pointer (window, &window);
  gtk_window_close (GTK_WINDOW (self->window));
  FIXTURE_WAIT (window == NULL);
  self->window = NULL;
}

static void
tear_down (Fixture *self, gconstpointer login)
{
  close_window (self);
  fixture_close (self->other);
  fixture_close (self->store);
  fixture_free_folder (self->folder);
}

static void
show (Fixture *self, GtkWidget *window, int width)
{
  self->window = window;
  gtk_window_set_default_size (GTK_WINDOW (window), width, 700);
  gtk_window_present (GTK_WINDOW (window));
  FIXTURE_WAIT (gtk_widget_get_mapped (window));
  self->list = GTK_LIST_VIEW (fixture_find_type (window, GTK_TYPE_LIST_VIEW));
}

static void
show_desk (Fixture *self, int width)
{
  DeskView view = desk_view_of (DESK_VIEW_OPEN);

  show (self, desk_window_new (fixture_get_application (), self->store, NULL), width);
  desk_window_show_view (DESK_WINDOW (self->window), &view);
}

static GListModel *
get_model (Fixture *self)
{
  return G_LIST_MODEL (gtk_list_view_get_model (self->list));
}

static guint
count_listed (Fixture *self)
{
  return g_list_model_get_n_items (get_model (self));
}

static GtkSingleSelection *
get_selection (Fixture *self)
{
  return GTK_SINGLE_SELECTION (gtk_list_view_get_model (self->list));
}

/* The summary of what is selected, "" for nothing. Lent until it changes. */
static const char *
get_selected (Fixture *self)
{
  DeskListItem *item = gtk_single_selection_get_selected_item (get_selection (self));

  if (item == NULL || desk_list_item_get_row (item) == NULL)
    return "";
  return desk_list_item_get_row (item)->summary;
}

static char *
get_open_ticket (Fixture *self)
{
  char *uid;

  g_object_get (fixture_find (self->window, "conversation"), "ticket", &uid, NULL);
  return uid;
}

static gboolean
is_open (Fixture *self, const DeskTicket *ticket)
{
  g_autofree char *uid = get_open_ticket (self);

  return g_strcmp0 (uid, ticket->uid) == 0;
}

/* --- the desk --- */

static void
test_selection_moves_along (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 30);
  g_autoptr (GPtrArray) newer = NULL;
  g_autoptr (GPtrArray) moved = g_ptr_array_new ();

  show_desk (self, 1280);
  FIXTURE_WAIT (count_listed (self) == 30);
  g_assert_cmpstr (get_selected (self), ==, "");
  gtk_single_selection_set_selected (get_selection (self), 10);
  FIXTURE_WAIT (is_open (self, tickets->pdata[19]));
  g_assert_cmpstr (get_selected (self), ==, "Ticket 20");
  /* Others come above it. */
  newer = filler_file (self->other, "Newer", 5);
  FIXTURE_WAIT (count_listed (self) == 35);
  g_assert_cmpstr (get_selected (self), ==, "Ticket 20");
  g_assert_cmpuint (gtk_single_selection_get_selected (get_selection (self)), ==, 15);
  /* It moves itself. */
  g_ptr_array_add (moved, tickets->pdata[19]);
  filler_change (self->other, moved, DESK_FIELD_PRIORITY, "urgent");
  tickets->pdata[19] = moved->pdata[0];
  FIXTURE_WAIT (gtk_single_selection_get_selected (get_selection (self)) == 0);
  g_assert_cmpstr (get_selected (self), ==, "Ticket 20");
  g_assert_true (is_open (self, tickets->pdata[19]));
}

/* Somebody else takes the ticket out of the queue: it stays open, and comes back selected. */
static void
test_selection_survives_absence (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 4);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  show_desk (self, 1280);
  FIXTURE_WAIT (count_listed (self) == 4);
  gtk_single_selection_set_selected (get_selection (self), 1);
  FIXTURE_WAIT (is_open (self, tickets->pdata[2]));
  g_ptr_array_add (one, tickets->pdata[2]);
  filler_change (self->other, one, DESK_FIELD_STATUS, "closed");
  FIXTURE_WAIT (count_listed (self) == 3);
  g_assert_cmpstr (get_selected (self), ==, "");
  g_assert_true (is_open (self, one->pdata[0]));
  filler_change (self->other, one, DESK_FIELD_STATUS, "open");
  FIXTURE_WAIT (count_listed (self) == 4);
  FIXTURE_WAIT (g_str_equal (get_selected (self), "Ticket 3"));
  tickets->pdata[2] = one->pdata[0];
}

static void
test_next_and_previous (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 3);
  GtkWidget *panes;

  show_desk (self, 1280);
  FIXTURE_WAIT (count_listed (self) == 3);
  panes = fixture_find (self->window, "panes");
  g_assert_true (gtk_widget_activate_action (panes, "panes.next", NULL));
  g_assert_cmpstr (get_selected (self), ==, "Ticket 3");
  gtk_widget_activate_action (panes, "panes.next", NULL);
  gtk_widget_activate_action (panes, "panes.next", NULL);
  gtk_widget_activate_action (panes, "panes.next", NULL);
  g_assert_cmpstr (get_selected (self), ==, "Ticket 1");
  FIXTURE_WAIT (is_open (self, tickets->pdata[0]));
  gtk_widget_activate_action (panes, "panes.previous", NULL);
  g_assert_cmpstr (get_selected (self), ==, "Ticket 2");
  FIXTURE_WAIT (is_open (self, tickets->pdata[1]));
}

static void
test_queues (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 3);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  show_desk (self, 1280);
  FIXTURE_WAIT (count_listed (self) == 3);
  FIXTURE_WAIT (fixture_find_text (fixture_find (self->window, "queues"), "3") != NULL);
  g_ptr_array_add (one, tickets->pdata[0]);
  filler_change (self->other, one, DESK_FIELD_STATUS, "closed");
  tickets->pdata[0] = one->pdata[0];
  FIXTURE_WAIT (fixture_find_text (fixture_find (self->window, "queues"), "2") != NULL);
  /* The seventh queue is Closed. */
  g_assert_true (gtk_widget_activate_action (self->window, "win.queue", "i", 7));
  FIXTURE_WAIT (count_listed (self) == 1);
  /* The first is what is mine: nothing, and a way on. */
  gtk_widget_activate_action (self->window, "win.queue", "i", 1);
  FIXTURE_WAIT (fixture_find_text (self->window, "All caught up") != NULL);
  FIXTURE_WAIT (fixture_find_text (self->window, "Show unassigned (2)") != NULL);
}

/* --- widths --- */

static const struct
{
  int width;
  guint panes;
} widths[] = {
  { 1280, 3 }, { 910, 3 }, { 860, 2 }, { 700, 2 }, { 630, 1 }, { 370, 1 },
};

static gboolean
is_seen (GtkWidget *window, GtkWidget *widget)
{
  graphene_rect_t bounds;

  return gtk_widget_get_mapped (widget) && gtk_widget_get_child_visible (widget) &&
         gtk_widget_compute_bounds (widget, window, &bounds) &&
         bounds.origin.x + bounds.size.width > 1 &&
         bounds.origin.x < gtk_widget_get_width (window) - 1;
}

static guint
count_panes (Fixture *self)
{
  return is_seen (self->window, fixture_find (self->window, "queues")) +
         is_seen (self->window, GTK_WIDGET (self->list)) +
         is_seen (self->window, fixture_find (self->window, "conversation"));
}

static void
test_widths (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 3);

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_test_message ("%d", widths[i].width);
      show_desk (self, widths[i].width);
      FIXTURE_WAIT (count_listed (self) == 3);
      FIXTURE_WAIT (count_panes (self) == widths[i].panes);
      g_assert_cmpint (gtk_widget_get_width (gtk_window_get_child (GTK_WINDOW (self->window))), <=,
                       widths[i].width);
      close_window (self);
    }
}

/* In one pane a ticket is open only once somebody opened it: what nobody sees is not read. */
static void
test_one_pane (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 3);
  g_autofree char *uid = NULL;

  show_desk (self, 400);
  FIXTURE_WAIT (count_listed (self) == 3 && count_panes (self) == 1);
  gtk_single_selection_set_selected (get_selection (self), 0);
  fixture_settle (300);
  uid = get_open_ticket (self);
  g_assert_null (uid);
  g_signal_emit_by_name (self->list, "activate", 0);
  FIXTURE_WAIT (is_open (self, tickets->pdata[2]));
  FIXTURE_WAIT (count_panes (self) == 1 && !is_seen (self->window, GTK_WIDGET (self->list)));
  gtk_widget_activate_action (fixture_find (self->window, "conversation"), "pane.back", NULL);
  FIXTURE_WAIT (is_seen (self->window, GTK_WIDGET (self->list)));
}

static void
make (Fixture *self, int width)
{
  gtk_window_set_default_size (GTK_WINDOW (self->window), width, 700);
}

/* Where the focus is when there is room for one pane only, there it stays. */
static void
test_made_narrow (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) tickets = filler_file (self->other, "Ticket", 3);
  GtkWidget *text;
  GtkTextBuffer *buffer;
  GtkTextIter cursor;
  int place;

  show_desk (self, 1280);
  FIXTURE_WAIT (count_listed (self) == 3);
  gtk_single_selection_set_selected (get_selection (self), 1);
  FIXTURE_WAIT (is_open (self, tickets->pdata[1]));
  text = fixture_find_type (fixture_find (self->window, "composer"), GTK_TYPE_TEXT_VIEW);
  FIXTURE_WAIT (gtk_widget_get_mapped (text) && gtk_widget_grab_focus (text));
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (text));
  gtk_text_buffer_set_text (buffer, "Half an answer", -1);
  gtk_text_buffer_get_iter_at_offset (buffer, &cursor, 4);
  gtk_text_buffer_place_cursor (buffer, &cursor);

  make (self, 400);
  FIXTURE_WAIT (!is_seen (self->window, GTK_WIDGET (self->list)));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == text);
  g_object_get (buffer, "cursor-position", &place, NULL);
  g_assert_cmpint (place, ==, 4);

  make (self, 1280);
  FIXTURE_WAIT (is_seen (self->window, GTK_WIDGET (self->list)));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == text);
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  make (self, 400);
  FIXTURE_WAIT (!is_seen (self->window, text));
  g_assert_true (is_seen (self->window, GTK_WIDGET (self->list)));
}

/* --- my tickets --- */

static void
test_my_tickets (Fixture *self, gconstpointer login)
{
  g_autoptr (GPtrArray) others = filler_file (self->other, "Of somebody else", 2);
  g_autoptr (GPtrArray) mine = NULL;

  show (self, desk_my_tickets_window_new (fixture_get_application (), self->store, NULL), 1000);
  FIXTURE_WAIT (fixture_find_text (self->window, "No tickets yet") != NULL);
  mine = filler_file (self->store, "Mine", 2);
  FIXTURE_WAIT (count_listed (self) == 2);
  FIXTURE_WAIT (fixture_find_text (self->window, "No tickets yet") == NULL);
  desk_my_tickets_window_open_ticket (DESK_MY_TICKETS_WINDOW (self->window),
                                      ((DeskTicket *) mine->pdata[0])->number);
  FIXTURE_WAIT (is_open (self, mine->pdata[0]));
  FIXTURE_WAIT (g_str_equal (get_selected (self), "Mine 1"));
}

/* --- a desk that cannot be opened --- */

static void
count_cb (guint *count)
{
  (*count)++;
}

/* Says nothing that a toolkit would warn of, which ends a test. */
static void
test_shortcuts (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow *window;

  desk_shortcuts_present (NULL);
  window = g_list_model_get_item (windows, 0);
  g_assert_true (GTK_IS_SHORTCUTS_WINDOW (window));
  FIXTURE_WAIT (gtk_widget_get_mapped (GTK_WIDGET (window)));
  fixture_settle (200);
  gtk_window_destroy (window);
  g_object_unref (window);
}

static void
test_errors (void)
{
  for (int code = DESK_STORE_ERROR_MISSING; code <= DESK_STORE_ERROR_IO; code++)
    {
      g_autoptr (GError)
          error = g_error_new (DESK_STORE_ERROR, code, "<b>&amp; a %s reason", "raw");
      GtkWidget *window = desk_start_window_new (fixture_get_application (), "/home/jane/a.desk");
      gpointer left = window;
      guint n_created = 0;
      GtkWidget *create;

      g_signal_connect_swapped (window, "create", G_CALLBACK (count_cb), &n_created);
      gtk_window_present (GTK_WINDOW (window));
      desk_start_window_show_error (DESK_START_WINDOW (window), error);
      FIXTURE_WAIT (fixture_find_text (window, "Try again") != NULL);
      /* Only what is missing can be made. */
      create = fixture_find (window, "create_button");
      g_assert_cmpint (gtk_widget_get_visible (create), ==, code == DESK_STORE_ERROR_MISSING);
      g_signal_emit_by_name (create, "clicked");
      g_assert_cmpuint (n_created, ==, 1);
      g_object_add_weak_pointer (left, &left);
      gtk_window_destroy (GTK_WINDOW (window));
      FIXTURE_WAIT (left == NULL);
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  /* libadwaita 1.2 loses the picture of a pane that slides. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
#define ADD(path, login, test)                                                                     \
  g_test_add ("/windows/" path, Fixture, login, set_up, test, tear_down)
  ADD ("selection-moves-with-its-ticket", "jane", test_selection_moves_along);
  ADD ("selection-survives-an-absence", "jane", test_selection_survives_absence);
  ADD ("next-and-previous-ticket", "jane", test_next_and_previous);
  ADD ("queues-count-and-change-the-list", "jane", test_queues);
  ADD ("panes-by-width", "jane", test_widths);
  ADD ("one-pane-opens-on-demand", "jane", test_one_pane);
  ADD ("made-narrow-keeps-the-pane-in-use", "jane", test_made_narrow);
  ADD ("my-tickets-are-mine", "karen", test_my_tickets);
#undef ADD
  g_test_add_func ("/windows/a-desk-that-cannot-be-opened", test_errors);
  g_test_add_func ("/windows/shortcuts", test_shortcuts);
  return g_test_run ();
}
