/* SPDX-License-Identifier: GPL-3.0-or-later
 * The small window that files a ticket. */
#include "fixture.h"

#include "desk-attachments.h"
#include "desk-chooser-row.h"
#include "desk-new-ticket-window.h"
#include "desk-similar-tickets.h"

typedef struct
{
  char *folder;
  DeskStore *store;
  GtkWidget *window;
  char *number; /* of the ticket that was filed last */
  guint n_filed;
} Fixture;

static void
filed_cb (DeskNewTicketWindow *window, const char *number, const char *uid, Fixture *self)
{
  g_free (self->number);
  self->number = g_strdup (number);
  self->n_filed++;
}

static void
show_window (Fixture *self)
{
  self->window = desk_new_ticket_window_new (self->store, NULL);
  gtk_window_set_application (GTK_WINDOW (self->window), fixture_get_application ());
  g_signal_connect (self->window, "filed", G_CALLBACK (filed_cb), self);
  gtk_window_present (GTK_WINDOW (self->window));
  FIXTURE_WAIT (gtk_widget_get_mapped (self->window));
}

/* Closes the window as a person does, and checks that nothing of it is left. */
static void
close_window (Fixture *self)
{
  gpointer window = self->window;

  g_object_add_weak_pointer (G_OBJECT (self->window), &window);
  gtk_window_close (GTK_WINDOW (self->window));
  FIXTURE_WAIT (window == NULL);
  self->window = NULL;
}

static void
set_up (Fixture *self, gconstpointer login)
{
  self->folder = fixture_new_desk ();
  self->store = fixture_open (self->folder, login);
  show_window (self);
}

static void
tear_down (Fixture *self, gconstpointer login)
{
  if (self->window != NULL)
    close_window (self);
  fixture_close (self->store);
  fixture_free_folder (self->folder);
  g_free (self->number);
}

static GtkWidget *
find (Fixture *self, const char *id)
{
  GtkWidget *widget = fixture_find (self->window, id);

  g_assert_nonnull (widget);
  return widget;
}

static gboolean
is_shown (Fixture *self, const char *id)
{
  return gtk_widget_get_visible (find (self, id));
}

static void
type_summary (Fixture *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (find (self, "summary_row")), text);
}

static const char *
get_summary (Fixture *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (find (self, "summary_row")));
}

static GtkTextBuffer *
get_details (Fixture *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (find (self, "details")));
}

static void
type_details (Fixture *self, const char *text)
{
  gtk_text_buffer_set_text (get_details (self), text, -1);
}

static char *
dup_details (Fixture *self)
{
  char *text;

  g_object_get (get_details (self), "text", &text, NULL);
  return text;
}

/* As a person does: opens the list, types, and takes what is found with Enter. */
static void
choose (Fixture *self, const char *row_id, const char *words, const char *expected)
{
  DeskChooserRow *row = DESK_CHOOSER_ROW (find (self, row_id));
  GtkWidget *button = fixture_find (GTK_WIDGET (row), "button");
  GtkWidget *entry;
  GtkWidget *list;

  g_signal_emit_by_name (button, "clicked");
  entry = fixture_find_type (button, GTK_TYPE_SEARCH_ENTRY);
  list = fixture_find_type (button, GTK_TYPE_LIST_BOX);
  g_assert_nonnull (entry);
  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  FIXTURE_WAIT (fixture_count_type (list, GTK_TYPE_LIST_BOX_ROW) == 1);
  g_signal_emit_by_name (entry, "activate");
  FIXTURE_WAIT (g_strcmp0 (desk_chooser_row_get_chosen (row), expected) == 0);
}

static void
send (Fixture *self)
{
  gtk_widget_activate_action (self->window, "new-ticket.send", NULL);
}

static const DeskOp *
get_draft (Fixture *self)
{
  return desk_drafts_get (desk_store_get_drafts (self->store), "new-ticket");
}

static const char *
get_wanted (const DeskOp *op, DeskField field)
{
  const DeskChange *change = desk_changes_find (op->changes, field);

  return change != NULL ? change->to : NULL;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskCase **answer = user_data;
  g_autoptr (GError) error = NULL;

  *answer = desk_store_load_finish (DESK_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* (transfer full) */
static DeskCase *
load_filed (Fixture *self)
{
  DeskCase *answer = NULL;

  desk_store_load_async (self->store, self->number, 0, NULL, loaded_cb, &answer);
  FIXTURE_WAIT (answer != NULL);
  return answer;
}

static void
test_needs_a_summary (Fixture *self, gconstpointer login)
{
  type_details (self, "It hurts");
  type_summary (self, "  ");
  gtk_widget_grab_focus (find (self, "details"));
  send (self);
  g_assert_true (is_shown (self, "summary_message_row"));
  g_assert_true (gtk_widget_has_css_class (find (self, "summary_row"), "error"));
  g_assert_true (gtk_widget_get_focus_child (find (self, "summary_row")) != NULL);
  fixture_settle (100);
  g_assert_cmpuint (self->n_filed, ==, 0);
  /* Typing takes the message away. */
  type_summary (self, "Down");
  g_assert_false (is_shown (self, "summary_message_row"));
  g_assert_false (gtk_widget_has_css_class (find (self, "summary_row"), "error"));
}

static void
test_counts_only_near_the_limit (Fixture *self, gconstpointer login)
{
  static const struct
  {
    guint length;
    const char *message; /* NULL: none */
    gboolean wrong;
  } cases[] = {
    { 219, NULL, FALSE },
    { 220, "30 characters left", FALSE },
    { 249, "1 character left", FALSE },
    { 250, "0 characters left", FALSE },
    { 251, "1 character too many", TRUE },
    { 5000, "4750 characters too many", TRUE },
  };
  GtkLabel *message = GTK_LABEL (find (self, "summary_message"));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strnfill (cases[i].length, 'x');

      type_summary (self, text);
      g_assert_cmpstr (gtk_label_get_text (message), ==,
                       cases[i].message != NULL ? cases[i].message : "");
      g_assert_true (gtk_widget_has_css_class (find (self, "summary_row"), "error")
                     == cases[i].wrong);
    }
  send (self);
  fixture_settle (100);
  g_assert_cmpuint (self->n_filed, ==, 0);
  g_assert_true (is_shown (self, "summary_message_row"));
}

static void
test_files_one_ticket (Fixture *self, gconstpointer login)
{
  g_autofree char *words = NULL;
  g_autoptr (DeskCase) filed = NULL;
  const DeskEvent *event;

  choose (self, "topic_row", "bank", "online-banking");
  type_summary (self, "Mobile banking is down");
  type_details (self, "<b>Service</b> unavailable");
  send (self);
  send (self);
  FIXTURE_WAIT (self->n_filed > 0);
  send (self);
  fixture_settle (100);
  g_assert_cmpuint (self->n_filed, ==, 1);
  words = g_strdup_printf ("Ticket #%s filed", self->number);
  FIXTURE_WAIT (fixture_find_text (self->window, words) != NULL);
  g_assert_null (get_draft (self));
  g_assert_false (gtk_widget_get_visible (find (self, "send_button")));

  filed = load_filed (self);
  g_assert_cmpstr (filed->ticket->summary, ==, "Mobile banking is down");
  g_assert_cmpstr (filed->ticket->topic, ==, "online-banking");
  g_assert_cmpint (filed->events->len, ==, 1);
  event = filed->events->pdata[0];
  g_assert_cmpstr (event->text, ==, "<b>Service</b> unavailable");
  close_window (self);
  show_window (self);
  g_assert_cmpstr (get_summary (self), ==, "");
}

static void
test_sends_after_copying (Fixture *self, gconstpointer login)
{
  DeskAttachments *strip = DESK_ATTACHMENTS (find (self, "attachments"));
  g_autofree char *path = g_build_filename (self->folder, "notes.txt", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (DeskCase) filed = NULL;
  const DeskEvent *event;

  g_assert_true (g_file_set_contents (path, "hello", -1, NULL));
  type_summary (self, "With a file");
  desk_attachments_add_file (strip, file);
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
  filed = load_filed (self);
  event = filed->events->pdata[0];
  g_assert_cmpuint (event->attachments->len, ==, 1);
}

static void
test_stops_for_a_file_that_is_refused (Fixture *self, gconstpointer login)
{
  DeskAttachments *strip = DESK_ATTACHMENTS (find (self, "attachments"));
  g_autoptr (GFile) folder = g_file_new_for_path (self->folder);

  type_summary (self, "With a folder");
  desk_attachments_add_file (strip, folder);
  send (self);
  FIXTURE_WAIT (is_shown (self, "problem_bar"));
  g_assert_cmpuint (self->n_filed, ==, 0);
  g_assert_true (gtk_widget_get_sensitive (find (self, "form_page")));
  /* Whoever has seen it may send without it. */
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
}

static void
test_keeps_a_draft (Fixture *self, gconstpointer login)
{
  g_autofree char *details = NULL;

  g_assert_false (is_shown (self, "restored_bar"));
  choose (self, "topic_row", "cards", "cards");
  type_summary (self, "Half a");
  type_details (self, "thought");
  /* Without closing: a crash would find it on the disk. */
  FIXTURE_WAIT (get_draft (self) != NULL && get_draft (self)->text != NULL);
  g_assert_cmpstr (get_wanted (get_draft (self), DESK_FIELD_SUMMARY), ==, "Half a");
  g_assert_null (get_wanted (get_draft (self), DESK_FIELD_PRIORITY));

  /* Closing waits for no timer. */
  type_summary (self, "Half a sentence");
  close_window (self);
  fixture_close (self->store);
  self->store = fixture_open (self->folder, login);
  show_window (self);
  g_assert_true (is_shown (self, "restored_bar"));
  g_assert_cmpstr (get_summary (self), ==, "Half a sentence");
  details = dup_details (self);
  g_assert_cmpstr (details, ==, "thought");
  g_assert_cmpstr (desk_chooser_row_get_chosen (DESK_CHOOSER_ROW (find (self, "topic_row"))), ==,
                   "cards");
}

static void
test_starts_over (Fixture *self, gconstpointer login)
{
  GtkWidget *undo;

  type_summary (self, "Half a sentence");
  close_window (self);
  show_window (self);
  gtk_widget_activate_action (self->window, "new-ticket.start-over", NULL);
  g_assert_cmpstr (get_summary (self), ==, "");
  g_assert_null (get_draft (self));
  g_assert_false (is_shown (self, "restored_bar"));
  FIXTURE_WAIT (fixture_find_text (self->window, "Undo") != NULL);
  undo = gtk_widget_get_ancestor (fixture_find_text (self->window, "Undo"), GTK_TYPE_BUTTON);
  g_signal_emit_by_name (undo, "clicked");
  g_assert_cmpstr (get_summary (self), ==, "Half a sentence");
  g_assert_cmpstr (get_wanted (get_draft (self), DESK_FIELD_SUMMARY), ==, "Half a sentence");
}

static void
test_keeps_no_draft_of_nothing (Fixture *self, gconstpointer login)
{
  type_summary (self, "x");
  FIXTURE_WAIT (get_draft (self) != NULL);
  type_summary (self, "");
  FIXTURE_WAIT (get_draft (self) == NULL);
}

static void
test_sends_a_restored_draft_once (Fixture *self, gconstpointer login)
{
  g_autoptr (DeskOp) sent = NULL;

  /* As after a crash between the answer and the end of the draft. */
  type_summary (self, "Twice");
  FIXTURE_WAIT (get_draft (self) != NULL);
  sent = desk_op_ref ((DeskOp *) get_draft (self));
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
  close_window (self);
  desk_drafts_set (desk_store_get_drafts (self->store), "new-ticket", sent);
  show_window (self);
  {
    g_autofree char *first = g_strdup (self->number);

    send (self);
    FIXTURE_WAIT (self->n_filed == 2);
    g_assert_cmpstr (self->number, ==, first);
  }
}

static void
test_says_why_it_was_refused (Fixture *self, gconstpointer login)
{
  DeskChooserRow *topic = DESK_CHOOSER_ROW (find (self, "topic_row"));

  type_summary (self, "With a topic of yesterday");
  desk_chooser_row_set_chosen (topic, "gone", "Gone");
  gtk_widget_grab_focus (find (self, "details"));
  send (self);
  FIXTURE_WAIT (is_shown (self, "problem_bar"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (self->window)) == find (self, "details"));
  g_assert_cmpuint (self->n_filed, ==, 0);
  g_assert_cmpstr (get_summary (self), ==, "With a topic of yesterday");
  /* What is sent next is another op, because that one is answered for. */
  desk_chooser_row_set_chosen (topic, NULL, NULL);
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
}

static void
test_follows_the_catalogue (Fixture *self, gconstpointer login)
{
  DeskChooserRow *topic = DESK_CHOOSER_ROW (find (self, "topic_row"));

  choose (self, "topic_row", "bank", "online-banking");
  fixture_remove_topic (self->folder, "online-banking");
  FIXTURE_WAIT (desk_chooser_row_get_chosen (topic) == NULL);
  fixture_remove_topic (self->folder, "cards");
  FIXTURE_WAIT (!gtk_widget_get_visible (GTK_WIDGET (topic)));
}

static void
test_offers_agents_more (Fixture *self, gconstpointer login)
{
  g_autofree char *karen = fixture_uid_of (self->folder, "karen");
  AdwComboRow *priority = ADW_COMBO_ROW (find (self, "priority_row"));
  g_autoptr (DeskCase) filed = NULL;

  g_assert_true (is_shown (self, "person_row"));
  g_assert_true (is_shown (self, "priority_row"));
  g_assert_cmpuint (adw_combo_row_get_selected (priority), ==, DESK_PRIORITY_NORMAL);
  /* The priority follows the topic until somebody chooses one. */
  choose (self, "topic_row", "bank", "online-banking");
  g_assert_cmpuint (adw_combo_row_get_selected (priority), ==, DESK_PRIORITY_HIGH);
  adw_combo_row_set_selected (priority, DESK_PRIORITY_URGENT);
  choose (self, "topic_row", "cards", "cards");
  g_assert_cmpuint (adw_combo_row_get_selected (priority), ==, DESK_PRIORITY_URGENT);
  choose (self, "person_row", "kar", karen);
  type_summary (self, "Karen called");
  close_window (self);
  show_window (self);
  FIXTURE_WAIT (fixture_find_text (find (self, "person_row"), "Karen") != NULL);
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
  filed = load_filed (self);
  g_assert_cmpstr (filed->ticket->requester, ==, karen);
  g_assert_cmpint (filed->ticket->priority, ==, DESK_PRIORITY_URGENT);
}

static void
test_offers_requesters_less (Fixture *self, gconstpointer login)
{
  g_assert_false (is_shown (self, "person_row"));
  g_assert_false (is_shown (self, "priority_row"));
  g_assert_true (is_shown (self, "topic_row"));
}

static void
test_shows_similar_tickets (Fixture *self, gconstpointer login)
{
  GtkWidget *similar = find (self, "similar");

  type_summary (self, "Mobile banking is slow");
  send (self);
  FIXTURE_WAIT (self->n_filed == 1);
  close_window (self);
  show_window (self);
  similar = find (self, "similar");
  type_summary (self, "Printer is broken");
  fixture_settle (600);
  g_assert_false (gtk_widget_get_visible (similar));
  type_summary (self, "mobile Banking does not start");
  FIXTURE_WAIT (gtk_widget_get_visible (similar));
  FIXTURE_WAIT (fixture_find_text (similar, "Mobile banking is slow") != NULL);
  type_summary (self, "");
  FIXTURE_WAIT (!gtk_widget_get_visible (similar));
}

static void
test_goes_in_every_state (Fixture *self, gconstpointer login)
{
  close_window (self);
  show_window (self);
  g_signal_emit_by_name (fixture_find (find (self, "topic_row"), "button"), "clicked");
  fixture_settle (50);
  close_window (self);
  show_window (self);
  type_summary (self, "Closed while it is sent");
  send (self);
  gtk_window_destroy (GTK_WINDOW (self->window));
  self->window = NULL;
  FIXTURE_WAIT (self->n_filed == 1);
  g_assert_null (get_draft (self));
}

#define ADD(name, login, function)                                                                \
  g_test_add ("/new-ticket/" name, Fixture, login, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);

  ADD ("needs-a-summary", "karen", test_needs_a_summary);
  ADD ("counts-only-near-the-limit", "karen", test_counts_only_near_the_limit);
  ADD ("files-one-ticket", "karen", test_files_one_ticket);
  ADD ("sends-after-copying", "karen", test_sends_after_copying);
  ADD ("stops-for-a-file-that-is-refused", "karen", test_stops_for_a_file_that_is_refused);
  ADD ("keeps-a-draft", "karen", test_keeps_a_draft);
  ADD ("starts-over", "karen", test_starts_over);
  ADD ("keeps-no-draft-of-nothing", "karen", test_keeps_no_draft_of_nothing);
  ADD ("sends-a-restored-draft-once", "karen", test_sends_a_restored_draft_once);
  ADD ("says-why-it-was-refused", "karen", test_says_why_it_was_refused);
  ADD ("follows-the-catalogue", "karen", test_follows_the_catalogue);
  ADD ("offers-agents-more", "john", test_offers_agents_more);
  ADD ("offers-requesters-less", "karen", test_offers_requesters_less);
  ADD ("shows-similar-tickets", "karen", test_shows_similar_tickets);
  ADD ("goes-in-every-state", "karen", test_goes_in_every_state);
  return g_test_run ();
}
