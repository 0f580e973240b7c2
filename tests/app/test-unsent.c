/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is not on the desk: how it looks in a conversation, taking it back, both values of a
 * conflict. On a copy whose server nobody talks to. */
#include "fixture.h"

#include "desk-conversation-entry.h"
#include "desk-conversation.h"
#include "desk-history.h"
#include "desk-outbox.h"
#include "desk-refused.h"
#include "desk-text-area.h"
#include "desk-uid.h"

#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  DeskStore *store;
  GtkWidget *window;
  DeskConversation *conversation;
} View;

static void
make_copy (const char *path)
{
  g_autofree char *desk = desk_uid_new ();
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) karen = desk_person_new (uid, "karen", "Karen", DESK_ROLE_REQUESTER);
  GError *error = NULL;
  DeskDb *db = desk_replica_create (path, "https://desk.example.org", desk, karen, &error);

  g_assert_no_error (error);
  desk_db_close (db);
}

static void
open_window (View *self)
{
  GtkWidget *toasts = adw_toast_overlay_new ();

  self->window = adw_application_window_new (fixture_get_application ());
  self->conversation = DESK_CONVERSATION (desk_conversation_new ());
  desk_conversation_set_store (self->conversation, self->store, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (toasts), GTK_WIDGET (self->conversation));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window), toasts);
  gtk_window_set_default_size (GTK_WINDOW (self->window), 700, 700);
  gtk_window_present (GTK_WINDOW (self->window));
}

static View
open_view (void)
{
  GError *error = NULL;
  View self = { .folder = g_dir_make_tmp ("deskbell-unsent-XXXXXX", &error) };

  g_assert_no_error (error);
  self.path = g_build_filename (self.folder, "test.desk", NULL);
  make_copy (self.path);
  self.store = fixture_open (self.folder, "karen");
  open_window (&self);
  return self;
}

static void
close_view (View *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->conversation), (gpointer *) &self->conversation);
  gtk_window_destroy (GTK_WINDOW (self->window));
  FIXTURE_WAIT (self->conversation == NULL);
  fixture_close (self->store);
  g_free (self->path);
  fixture_free_folder (self->folder);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  *(DeskReceipt **) user_data = desk_store_submit_finish (DESK_STORE (source), result, &error);
  g_assert_no_error (error);
}

/* Takes @op. (transfer full) */
static DeskTicket *
submit (View *self, DeskOp *op)
{
  DeskReceipt *receipt = NULL;
  DeskTicket *ticket;

  desk_store_submit_async (self->store, op, NULL, submitted_cb, &receipt);
  FIXTURE_WAIT (receipt != NULL);
  ticket = desk_ticket_ref (receipt->ticket);
  desk_receipt_free (receipt);
  desk_op_unref (op);
  return ticket;
}

static DeskTicket *
file (View *self)
{
  DeskOp *op = desk_store_new_op (self->store, NULL, DESK_KIND_CREATED);

  desk_op_change (op, DESK_FIELD_SUMMARY, "The printer is on fire");
  desk_op_set_text (op, "It smokes.");
  return submit (self, op);
}

/* Its uid. (transfer full) */
static char *
say (View *self, const DeskTicket *ticket, const char *text)
{
  DeskOp *op = desk_store_new_op (self->store, ticket, DESK_KIND_MESSAGE);
  g_autoptr (DeskTicket) now = NULL;
  char *uid = g_strdup (op->uid);

  desk_op_set_text (op, text);
  now = submit (self, op);
  return uid;
}

static GtkWidget *
see (View *self, const char *text)
{
  return fixture_find_text (self->window, text);
}

static void
press (View *self, const char *action, const char *op)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->conversation), action, "s", op));
}

static char *
read_composer (View *self)
{
  GtkWidget *text = fixture_find_type (self->window, DESK_TYPE_TEXT_AREA);

  return text != NULL ? desk_text_area_dup_text (DESK_TEXT_AREA (text)) : NULL;
}

static gboolean
is_composed (View *self, const char *expected)
{
  g_autofree char *text = read_composer (self);

  return g_strcmp0 (text, expected) == 0;
}

/* What may have left already, without a network. */
static void
leave (View *self)
{
  GError *error = NULL;
  DeskDb *db = desk_db_open (self->path, DESK_DB_OPEN, &error);
  g_autoptr (DeskBatch) batch = NULL;
  gboolean all = FALSE;

  g_assert_no_error (error);
  batch = desk_outbox_take (db, 100, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_true (desk_outbox_note_leaving (db, batch, &all, &error));
  g_assert_true (all);
  desk_db_close (db);
}

/* --- what waits --- */

static void
check_waiting (void)
{
  View view = open_view ();
  g_autoptr (DeskTicket) ticket = file (&view);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  desk_conversation_open (view.conversation, ticket->uid);
  FIXTURE_WAIT (see (&view, "It smokes.") != NULL);
  g_assert_nonnull (see (&view, "Waiting to be sent"));
  g_assert_nonnull (see (&view, "Not sent yet"));
  g_assert_nonnull (see (&view, "Edit"));
  first = say (&view, ticket, "Now the paper burns.");
  FIXTURE_WAIT (see (&view, "Now the paper burns.") != NULL);
  second = say (&view, ticket, "And the table.");
  FIXTURE_WAIT (see (&view, "And the table.") != NULL);
  g_assert_cmpuint (fixture_count_type (view.window, DESK_TYPE_CONVERSATION_ENTRY), ==, 3);
  desk_history_set_upload (DESK_HISTORY (fixture_find_type (view.window, DESK_TYPE_HISTORY)),
                           second, 0.4);
  g_assert_nonnull (see (&view, "Sending files, 40 %"));
  g_assert_nonnull (see (&view, "Not sent yet"));
  /* Back into the composer, before what is there. */
  press (&view, "waiting.edit", second);
  FIXTURE_WAIT (is_composed (&view, "And the table."));
  FIXTURE_WAIT (see (&view, "And the table.") == NULL);
  press (&view, "waiting.edit", first);
  FIXTURE_WAIT (is_composed (&view, "Now the paper burns.\n\nAnd the table."));
  FIXTURE_WAIT (fixture_count_type (view.window, DESK_TYPE_CONVERSATION_ENTRY) == 1);
  close_view (&view);
}

static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  GtkWidget *found = fixture_find_text (root, label);

  while (found != NULL && !GTK_IS_BUTTON (found))
    found = gtk_widget_get_parent (found);
  return found;
}

static void
check_discarding (void)
{
  View view = open_view ();
  g_autoptr (DeskTicket) ticket = file (&view);
  g_autofree char *message = say (&view, ticket, "Now the paper burns.");

  desk_conversation_open (view.conversation, ticket->uid);
  FIXTURE_WAIT (see (&view, "Now the paper burns.") != NULL);
  press (&view, "waiting.discard", message);
  FIXTURE_WAIT (see (&view, "Now the paper burns.") == NULL);
  FIXTURE_WAIT (find_button (view.window, "Undo") != NULL);
  g_signal_emit_by_name (find_button (view.window, "Undo"), "clicked");
  FIXTURE_WAIT (see (&view, "Now the paper burns.") != NULL);
  close_view (&view);
}

/* What may have arrived is not called unsent, cannot be taken back, and stays when one tries. */
static void
check_tried (void)
{
  View view = open_view ();
  g_autoptr (DeskTicket) ticket = file (&view);
  g_autofree char *message = say (&view, ticket, "Now the paper burns.");

  desk_conversation_open (view.conversation, ticket->uid);
  FIXTURE_WAIT (see (&view, "Now the paper burns.") != NULL);
  leave (&view);
  press (&view, "waiting.edit", message);
  FIXTURE_WAIT (see (&view, "so it cannot be taken back") != NULL);
  FIXTURE_WAIT (see (&view, "Sent, no answer yet") != NULL);
  g_assert_null (see (&view, "Not sent yet"));
  g_assert_null (see (&view, "Discard"));
  g_assert_nonnull (see (&view, "Now the paper burns."));
  g_assert_true (is_composed (&view, NULL) || is_composed (&view, ""));
  g_assert_null (desk_drafts_get (desk_store_get_drafts (view.store), "new-ticket"));
  close_view (&view);
}

/* --- what was refused --- */

typedef struct
{
  guint n;
  GVariant *asked;
} Heard;

static void
heard_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  Heard *heard = user_data;

  heard->n++;
  g_clear_pointer (&heard->asked, g_variant_unref);
  heard->asked = g_variant_ref (parameter);
}

static void
listen (GtkWidget *widget, Heard *heard)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) settle = g_simple_action_new ("settle", G_VARIANT_TYPE ("(sas)"));

  g_signal_connect (settle, "activate", G_CALLBACK (heard_cb), heard);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (settle));
  gtk_widget_insert_action_group (widget, "refused", G_ACTION_GROUP (group));
}

static DeskOutboxItem *
make_conflict (View *self, const DeskTicket *ticket)
{
  DeskOutboxItem *item = g_new0 (DeskOutboxItem, 1);

  item->op = desk_store_new_op (self->store, ticket, DESK_KIND_CHANGE);
  desk_op_change (item->op, DESK_FIELD_PRIORITY, "low");
  desk_op_change (item->op, DESK_FIELD_STATUS, "waiting");
  item->state = DESK_OUTBOX_REFUSED;
  item->problem = desk_problem_new ("conflict", "Changed meanwhile");
  g_ptr_array_add (item->problem->clashes,
                   desk_clash_new (DESK_FIELD_PRIORITY, "normal", "urgent", NULL));
  g_ptr_array_add (item->problem->clashes,
                   desk_clash_new (DESK_FIELD_STATUS, "open", "closed", NULL));
  return item;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(DeskCase **) user_data = desk_store_load_finish (DESK_STORE (source), result, NULL);
}

/* Nothing is asked for before every field is decided; then both answers are what was pressed. */
static void
check_conflict (void)
{
  View view = open_view ();
  g_autoptr (DeskTicket) ticket = file (&view);
  g_autoptr (DeskOutboxItem) item = make_conflict (&view, ticket);
  DeskCase *in = NULL;
  GtkWidget *window = gtk_window_new ();
  GtkWidget *row;
  Heard heard = { 0 };
  g_autoptr (DeskOp) again = NULL;
  const char *const mine[] = { "status", NULL };

  desk_store_load_async (view.store, ticket->uid, 0, NULL, loaded_cb, &in);
  FIXTURE_WAIT (in != NULL);
  row = GTK_WIDGET (desk_conversation_entry_new_refused (view.store, in, item));
  listen (window, &heard);
  gtk_window_set_child (GTK_WINDOW (window), row);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_nonnull (fixture_find_text (window, "Refused"));
  g_assert_nonnull (fixture_find_text (window, "you chose \u2068Low\u2069"));
  g_signal_emit_by_name (find_button (window, "Keep theirs"), "clicked");
  g_assert_cmpuint (heard.n, ==, 0);
  {
    GtkWidget *second = gtk_widget_get_parent (fixture_find_text (window, "“\u2068Closed\u2069”"));

    g_signal_emit_by_name (find_button (second, "Use mine"), "clicked");
  }
  g_assert_cmpuint (heard.n, ==, 1);
  {
    g_autofree char *text = g_variant_print (heard.asked, FALSE);

    g_assert_nonnull (strstr (text, "['status']"));
    g_assert_nonnull (strstr (text, item->op->uid));
  }
  again = desk_refused_ask_again (view.store, ticket, item, mine);
  g_assert_null (desk_changes_find (again->changes, DESK_FIELD_PRIORITY));
  g_assert_nonnull (desk_changes_find (again->changes, DESK_FIELD_STATUS));
  g_assert_cmpstr (again->uid, !=, item->op->uid);
  g_assert_null (desk_refused_ask_again (view.store, ticket, item, (const char *[]){ NULL }));
  gtk_window_destroy (GTK_WINDOW (window));
  g_clear_pointer (&heard.asked, g_variant_unref);
  desk_case_unref (in);
  close_view (&view);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/unsent/waits-and-comes-back", check_waiting);
  g_test_add_func ("/unsent/can-be-discarded-and-not", check_discarding);
  g_test_add_func ("/unsent/leaves-what-may-have-arrived", check_tried);
  g_test_add_func ("/unsent/decides-a-conflict-by-field", check_conflict);
  return g_test_run ();
}
