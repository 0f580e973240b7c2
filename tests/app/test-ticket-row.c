/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a row of a list says, and that it draws itself at any size. */
#include "fixture.h"

#include "desk-filler.h"
#include "desk-ticket-row.h"

#define NOW (G_GINT64_CONSTANT (1790000000))

static DeskRow
make_row (void)
{
  return (DeskRow){
    .id = 1,
    .uid = "u",
    .number = "1042",
    .summary = "Mobile banking is down",
    .requester = "Karen",
    .requester_uid = "karen",
    .assignee = "Jane",
    .assignee_uid = "jane",
    .last_by = "Karen",
    .last_by_uid = "karen",
    .last_text = "It says 8.4.1.",
    .status = DESK_STATUS_OPEN,
    .priority = DESK_PRIORITY_HIGH,
    .target_secs = 4 * 3600,
    .running_since = NOW - 2 * 3600 - 20 * 60,
    .due_at = NOW + 100 * 60,
    .updated_at = NOW,
  };
}

static void
test_sentence (void)
{
  DeskRow row = make_row ();
  g_autofree char *sentence = desk_row_dup_sentence (&row, DESK_ROW_FOR_AGENT, NULL, "jane", NOW);

  g_assert_nonnull (strstr (sentence, "Mobile banking is down, Karen, high priority, "));
  g_assert_nonnull (strstr (sentence, "1 h 40 min left"));
  g_assert_nonnull (strstr (sentence, "assigned to Jane"));
  g_assert_nonnull (strstr (sentence, "#1042"));
  g_assert_null (strstr (sentence, "unread"));
}

/* What waits to be sent comes before the clock; a new ticket says it in place of its number. */
static void
test_pending (void)
{
  DeskRow row = make_row ();
  g_autofree char *many = NULL;
  g_autofree char *one = NULL;
  g_autofree char *fresh = NULL;

  row.pending = 2;
  many = desk_row_dup_sentence (&row, DESK_ROW_FOR_AGENT, NULL, "jane", NOW);
  g_assert_nonnull (strstr (many, "2 changes to send"));
  g_assert_null (strstr (many, "min left"));
  g_assert_nonnull (strstr (many, "#1042"));
  row.pending = 1;
  one = desk_row_dup_sentence (&row, DESK_ROW_FOR_REQUESTER, NULL, "karen", NOW);
  g_assert_nonnull (strstr (one, "1 change to send"));
  row.number = NULL;
  fresh = desk_row_dup_sentence (&row, DESK_ROW_FOR_REQUESTER, NULL, "karen", NOW);
  g_assert_nonnull (strstr (fresh, "Waiting to be sent"));
  g_assert_null (strstr (fresh, "to send,"));
  g_assert_null (desk_row_dup_number (&row));
}

static void
test_sentence_of_nobody (void)
{
  DeskRow row = make_row ();
  g_autofree char *sentence = NULL;

  row.assignee = row.assignee_uid = row.last_by = row.last_by_uid = row.last_text = NULL;
  row.target_secs = row.running_since = row.due_at = 0;
  row.unread = TRUE;
  sentence = desk_row_dup_sentence (&row, DESK_ROW_FOR_AGENT, NULL, "jane", NOW);
  g_assert_nonnull (strstr (sentence, "high priority, not assigned"));
  g_assert_nonnull (strstr (sentence, "unread"));
}

static void
test_sentence_for_requester (void)
{
  DeskRow row = make_row ();
  g_autofree char *sentence = NULL;

  row.status = DESK_STATUS_RESOLVED;
  sentence = desk_row_dup_sentence (&row, DESK_ROW_FOR_REQUESTER, NULL, "karen", NOW);
  g_assert_nonnull (strstr (sentence, "Mobile banking is down, You, Resolved, did it work?"));
  g_assert_null (strstr (sentence, "priority"));
  g_assert_null (strstr (sentence, "Jane"));
}

static void
test_newest_text (void)
{
  DeskRow row = make_row ();
  g_autofree char *own = desk_row_dup_text (&row, DESK_ROW_FOR_AGENT);
  g_autofree char *answer = NULL;
  g_autofree char *to_requester = NULL;

  g_assert_cmpstr (own, ==, "It says 8.4.1.");
  row.last_by = "Jane";
  row.last_by_uid = "jane";
  answer = desk_row_dup_text (&row, DESK_ROW_FOR_AGENT);
  to_requester = desk_row_dup_text (&row, DESK_ROW_FOR_REQUESTER);
  g_assert_cmpstr (answer, ==, "\u2068Jane\u2069: It says 8.4.1.");
  g_assert_cmpstr (to_requester, ==, "It says 8.4.1.");
}

static const struct
{
  DeskStatus status;
  gint64 running_for_secs; /* of four hours; 0: paused */
  DeskRowStateKind kind;
  const char *color;
  gboolean is_strong;
} states[] = {
  { DESK_STATUS_OPEN, 60, DESK_ROW_STATE_DUE, NULL, FALSE },
  { DESK_STATUS_OPEN, 4 * 3600 - 60, DESK_ROW_STATE_DUE, "desk_soon_fg", TRUE },
  { DESK_STATUS_OPEN, 5 * 3600, DESK_ROW_STATE_DUE, "desk_bad_fg", TRUE },
  { DESK_STATUS_WAITING, 0, DESK_ROW_STATE_STATUS, "desk_paused_fg", FALSE },
  { DESK_STATUS_RESOLVED, 0, DESK_ROW_STATE_STATUS, "desk_good_fg", FALSE },
  { DESK_STATUS_CLOSED, 0, DESK_ROW_STATE_STATUS, NULL, FALSE },
};

static void
test_state (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      DeskRow row = make_row ();
      DeskRowState state;

      row.status = states[i].status;
      row.running_since = states[i].running_for_secs > 0 ? NOW - states[i].running_for_secs : 0;
      row.due_at = row.running_since > 0 ? row.running_since + row.target_secs : 0;
      state = desk_row_make_state (&row, DESK_ROW_FOR_AGENT, NULL, NOW);
      g_assert_cmpint (state.kind, ==, states[i].kind);
      g_assert_cmpstr (state.color, ==, states[i].color);
      g_assert_cmpint (state.is_strong, ==, states[i].is_strong);
      g_assert_nonnull (state.text);
      desk_row_state_clear (&state);
    }
}

/* --- on a screen --- */

static void
bound_cb (GtkListItemFactory *factory, GtkListItem *list_item, DeskStore *store)
{
  GtkWidget *row = desk_ticket_row_new (store, DESK_ROW_FOR_AGENT);

  gtk_list_item_set_child (list_item, row);
  desk_ticket_row_set_item (DESK_TICKET_ROW (row), gtk_list_item_get_item (list_item));
}

static gboolean
is_drawn (GtkWidget *widget)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  g_object_unref (paintable);
  if (node == NULL)
    return FALSE;
  gsk_render_node_unref (node);
  return TRUE;
}

/* A list of one real ticket, as narrow and as wide as lists get, in both directions. */
static void
test_drawing (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *store = fixture_open (folder, "jane");
  g_autoptr (GPtrArray) tickets = filler_file (
      store, "A summary that is longer than any list is wide, so that it is cut", 1);
  DeskListModel *model = desk_list_model_new (store);
  DeskView view = desk_view_of (DESK_VIEW_OPEN);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *window = gtk_window_new ();
  gpointer row;
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *list;

  g_signal_connect (factory, "bind", G_CALLBACK (bound_cb), store);
  list = gtk_list_view_new (
      GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (model)))), factory);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_window_present (GTK_WINDOW (window));
  desk_list_model_show (model, &view, DESK_SORT_RECENT);
  FIXTURE_WAIT (fixture_find_type (list, DESK_TYPE_TICKET_ROW) != NULL);
  row = fixture_find_type (list, DESK_TYPE_TICKET_ROW);
  g_object_add_weak_pointer (row, &row);
  for (int width = 240; width < 900; width += 110)
    {
      gtk_widget_set_size_request (scroller, width, 200);
      gtk_widget_set_default_direction (width % 20 == 0 ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
      FIXTURE_WAIT (gtk_widget_get_width (row) >= width - 40 && is_drawn (row));
      g_assert_cmpint (gtk_widget_get_height (row), >=, 70);
    }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  gtk_window_destroy (GTK_WINDOW (window));
  FIXTURE_WAIT (row == NULL);
  g_object_run_dispose (G_OBJECT (model));
  g_object_unref (model);
  fixture_close (store);
  fixture_free_folder (folder);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/ticket-row/sentence", test_sentence);
  g_test_add_func ("/ticket-row/sentence-without-assignee-and-promise", test_sentence_of_nobody);
  g_test_add_func ("/ticket-row/says-what-waits", test_pending);
  g_test_add_func ("/ticket-row/sentence-for-a-requester", test_sentence_for_requester);
  g_test_add_func ("/ticket-row/newest-text-names-who-answered", test_newest_text);
  g_test_add_func ("/ticket-row/state-by-status-and-clock", test_state);
  g_test_add_func ("/ticket-row/draws-at-any-width", test_drawing);
  return g_test_run ();
}
