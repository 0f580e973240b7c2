/* SPDX-License-Identifier: GPL-3.0-or-later
 * The conversation of a ticket on a real desk: what rows say they are, drafts, sending, undoing.
 *
 * Widgets are found by what assistive technology calls them, as a person would. */
#include "fixture.h"

#include "desk-body.h"
#include "desk-composer.h"
#include "desk-conversation-entry.h"
#include "desk-conversation.h"
#include "desk-history.h"
#include "desk-pill.h"
#include "desk-resolution-card.h"
#include "desk-status-dialog.h"
#include "desk-text-area.h"
#include "desk-thread.h"

#include <string.h>

/* A window on the desk with one conversation in it. */
typedef struct
{
  DeskStore *store;
  GtkWidget *window;
  GtkWidget *toasts;
  DeskConversation *conversation;
  char *left; /* uid of the last signal, or NULL */
} View;

static void
left_cb (DeskConversation *conversation, const char *uid, View *self)
{
  g_free (self->left);
  self->left = g_strdup (uid);
}

static View
open_view (const char *folder, const char *login)
{
  View self = { .store = fixture_open (folder, login) };

  self.window = adw_application_window_new (fixture_get_application ());
  self.toasts = adw_toast_overlay_new ();
  self.conversation = DESK_CONVERSATION (desk_conversation_new ());
  desk_conversation_set_store (self.conversation, self.store, NULL);
  adw_toast_overlay_set_child (ADW_TOAST_OVERLAY (self.toasts), GTK_WIDGET (self.conversation));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self.window), self.toasts);
  gtk_window_set_default_size (GTK_WINDOW (self.window), 700, 700);
  gtk_window_present (GTK_WINDOW (self.window));
  return self;
}

/* Takes the view away and checks that nothing of it is held by anybody. */
static void
close_view (View *self)
{
  GtkWidget *conversation = GTK_WIDGET (self->conversation);

  g_object_add_weak_pointer (G_OBJECT (conversation), (gpointer *) &self->conversation);
  gtk_window_destroy (GTK_WINDOW (self->window));
  FIXTURE_WAIT (self->conversation == NULL);
  fixture_close (self->store);
  g_free (self->left);
}

static char *
get_shown (View *self)
{
  char *uid = NULL;

  g_object_get (self->conversation, "ticket", &uid, NULL);
  return uid;
}

static gboolean
shows (View *self, const char *uid)
{
  g_autofree char *shown = get_shown (self);

  return g_strcmp0 (shown, uid) == 0;
}

static void
show (View *self, const char *uid)
{
  desk_conversation_open (self->conversation, uid);
  FIXTURE_WAIT (shows (self, uid));
  FIXTURE_WAIT (!desk_history_is_filling (
      DESK_HISTORY (fixture_find_type (GTK_WIDGET (self->conversation), DESK_TYPE_HISTORY))));
}

static void
act (View *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->conversation), action, NULL));
}

/* --- tickets, made behind the window's back --- */

typedef struct
{
  DeskReceipt *receipt;
  GError *error;
  gboolean answered;
} Answer;

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->receipt = desk_store_submit_finish (DESK_STORE (source), result, &answer->error);
  answer->answered = TRUE;
}

/* Takes @op. (transfer full) */
static DeskTicket *
submit (DeskStore *store, DeskOp *op)
{
  Answer answer = { NULL };
  DeskTicket *ticket;

  desk_store_submit_async (store, op, NULL, submitted_cb, &answer);
  FIXTURE_WAIT (answer.answered);
  g_assert_no_error (answer.error);
  ticket = desk_ticket_ref (answer.receipt->ticket);
  desk_receipt_free (answer.receipt);
  desk_op_unref (op);
  return ticket;
}

static DeskTicket *
file_ticket (DeskStore *store, const char *summary, const char *text)
{
  DeskOp *op = desk_store_new_op (store, NULL, DESK_KIND_CREATED);

  desk_op_change (op, DESK_FIELD_SUMMARY, summary);
  desk_op_set_text (op, text);
  return submit (store, op);
}

/* The ticket of an answer is whole, but a requester counts what is public only. */
static void
set_base (DeskStore *store, DeskOp *op, const DeskTicket *ticket)
{
  gboolean agent = desk_store_get_me (store)->role >= DESK_ROLE_AGENT;

  op->base = agent ? ticket->no : ticket->public_no;
}

/* @ticket is replaced by what it became. */
static void
write_text (DeskStore *store, DeskTicket **ticket, DeskKind kind, const char *text)
{
  DeskOp *op = desk_store_new_op (store, *ticket, kind);

  set_base (store, op, *ticket);
  desk_op_set_text (op, text);
  desk_ticket_unref (*ticket);
  *ticket = submit (store, op);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskCase **found = user_data;

  *found = desk_store_load_finish (DESK_STORE (source), result, NULL);
}

/* @ticket is replaced by what it is now. */
static void
look_at (DeskStore *store, DeskTicket **ticket)
{
  DeskCase *found = NULL;

  desk_store_load_async (store, (*ticket)->uid, 0, NULL, loaded_cb, &found);
  FIXTURE_WAIT (found != NULL);
  desk_ticket_unref (*ticket);
  *ticket = desk_ticket_ref (found->ticket);
  desk_case_unref (found);
}

static void
move_to (DeskStore *store, DeskTicket **ticket, const char *status, const char *reason)
{
  DeskOp *op = desk_store_new_op (store, *ticket, DESK_KIND_CHANGE);

  set_base (store, op, *ticket);
  desk_op_change (op, DESK_FIELD_STATUS, status);
  if (g_strcmp0 (status, "resolved") == 0)
    desk_op_change (op, DESK_FIELD_RESOLUTION, reason);
  else
    desk_op_set_text (op, reason);
  desk_ticket_unref (*ticket);
  *ticket = submit (store, op);
}

/* A desk with one ticket of Karen's, in which everything happened once. */
typedef struct
{
  char *folder;
  DeskTicket *ticket;
} Story;

static Story
tell_story (void)
{
  Story self = { .folder = fixture_new_desk () };
  DeskStore *karen = fixture_open (self.folder, "karen");
  DeskStore *john = fixture_open (self.folder, "john");

  self.ticket = file_ticket (karen, "Mobile banking is down", "It says **unavailable**.");
  write_text (john, &self.ticket, DESK_KIND_NOTE, "Not just her.");
  write_text (john, &self.ticket, DESK_KIND_REPLY, "Which version?");
  write_text (karen, &self.ticket, DESK_KIND_MESSAGE, "8.4.1");
  move_to (john, &self.ticket, "resolved", "New certificate.");
  move_to (karen, &self.ticket, "open", NULL);
  move_to (john, &self.ticket, "closed", "Same as another one.");
  fixture_close (karen);
  fixture_close (john);
  return self;
}

static void
end_story (Story *self)
{
  desk_ticket_unref (self->ticket);
  fixture_free_folder (self->folder);
}

/* --- finding --- */

static gboolean
is_called (GtkWidget *widget, const char *name)
{
  g_autofree char *mismatch = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    return FALSE;
  mismatch = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget),
                                                 GTK_ACCESSIBLE_PROPERTY_LABEL, name);
  return mismatch == NULL;
}

/* The first widget of @type called @name. */
static GtkWidget *
find_called (GtkWidget *root, GType type, const char *name)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (root), type) && is_called (root, name))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_called (child, type, name);
  return found;
}

static GtkWidget *
find_entry (View *self, const char *name)
{
  return find_called (GTK_WIDGET (self->conversation), DESK_TYPE_CONVERSATION_ENTRY, name);
}

static GtkTextBuffer *
find_text (View *self, const char *name)
{
  GtkWidget *view = find_called (GTK_WIDGET (self->conversation), GTK_TYPE_TEXT_VIEW, name);

  g_assert_nonnull (view);
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

static char *
get_text (GtkTextBuffer *buffer)
{
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
assert_text (View *self, const char *name, const char *text)
{
  g_autofree char *written = get_text (find_text (self, name));

  g_assert_cmpstr (written, ==, text);
}

static gboolean
is_empty (View *self, const char *name)
{
  return gtk_text_buffer_get_char_count (find_text (self, name)) == 0;
}

static void
type_text (View *self, const char *name, const char *text)
{
  gtk_text_buffer_set_text (find_text (self, name), text, -1);
}

/* --- rows --- */

static const struct
{
  const char *name;
  DeskConversationKind kind;
  const char *css_class;
  const char *text;  /* in it */
  const char *label; /* in it too */
  gboolean internal;
} rows[] = {
  { "Message from Karen", DESK_CONVERSATION_MESSAGE, "desk-message", "It says unavailable.", NULL,
    FALSE },
  { "Internal note from John", DESK_CONVERSATION_NOTE, "desk-note", "Not just her.",
    "Internal note", TRUE },
  { "Reply from John", DESK_CONVERSATION_REPLY, "desk-reply", "Which version?", "Agent", FALSE },
  { "Resolution by John", DESK_CONVERSATION_RESOLUTION, "desk-resolution", "New certificate.",
    "Resolution", FALSE },
  { "Reason given by John", DESK_CONVERSATION_REASON, "desk-reason", "Same as another one.",
    "Reason", FALSE },
};

static void
check_row (View *self, guint i)
{
  GtkWidget *row = find_entry (self, rows[i].name);

  g_assert_nonnull (row);
  g_assert_cmpint (desk_conversation_entry_get_kind (DESK_CONVERSATION_ENTRY (row)), ==,
                   rows[i].kind);
  for (guint j = 0; j < G_N_ELEMENTS (rows); j++)
    g_assert_true (gtk_widget_has_css_class (row, rows[j].css_class) == (i == j));
  g_assert_nonnull (fixture_find_text (row, rows[i].text));
  g_assert_true (rows[i].label == NULL || fixture_find_text (row, rows[i].label) != NULL);
  g_assert_true ((fixture_find_text (row, "Internal note") != NULL) == rows[i].internal);
}

static void
check_rows_of_agent (void)
{
  Story story = tell_story ();
  View view = open_view (story.folder, "jane");

  show (&view, story.ticket->uid);
  FIXTURE_WAIT (fixture_find_text (GTK_WIDGET (view.conversation), "Same as another one.") != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check_row (&view, i);
  close_view (&view);
  end_story (&story);
}

static void
check_rows_of_requester (void)
{
  Story story = tell_story ();
  View view = open_view (story.folder, "karen");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  show (&view, story.ticket->uid);
  FIXTURE_WAIT (fixture_find_text (root, "Same as another one.") != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!rows[i].internal)
      check_row (&view, i);
  g_assert_null (find_entry (&view, "Internal note from John"));
  g_assert_null (fixture_find_text (root, "Not just her."));
  g_assert_false (gtk_widget_get_mapped (fixture_find (root, "assignee")));
  g_assert_false (gtk_widget_get_mapped (fixture_find (root, "modes")));
  g_assert_nonnull (fixture_find_text (root, "Writing opens it again"));
  close_view (&view);
  end_story (&story);
}

/* --- composer --- */

static void
check_drafts (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) one = file_ticket (karen, "One", "a");
  g_autoptr (DeskTicket) other = file_ticket (karen, "Other", "b");
  View view = open_view (folder, "john");

  show (&view, one->uid);
  type_text (&view, "Write a reply", "A reply to one");
  desk_conversation_write (view.conversation, TRUE);
  g_assert_true (is_empty (&view, "Write a note"));
  type_text (&view, "Write a note", "A note to one");
  desk_conversation_write (view.conversation, FALSE);
  assert_text (&view, "Write a reply", "A reply to one");

  show (&view, other->uid);
  g_assert_true (is_empty (&view, "Write a reply"));
  g_assert_true (is_empty (&view, "Write a note"));
  type_text (&view, "Write a reply", "A reply to the other");
  show (&view, one->uid);
  assert_text (&view, "Write a reply", "A reply to one");
  assert_text (&view, "Write a note", "A note to one");
  close_view (&view);

  view = open_view (folder, "john");
  show (&view, other->uid);
  assert_text (&view, "Write a reply", "A reply to the other");
  show (&view, one->uid);
  desk_conversation_write (view.conversation, TRUE);
  assert_text (&view, "Write a note", "A note to one");
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

static void
check_sending (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  g_autofree char *key = desk_composer_draft_key (ticket->uid, DESK_KIND_NOTE);

  g_signal_connect (view.conversation, "left", G_CALLBACK (left_cb), &view);
  show (&view, ticket->uid);
  type_text (&view, "Write a reply", "What the requester reads");
  desk_conversation_write (view.conversation, TRUE);
  type_text (&view, "Write a note", "What agents read");
  act (&view, "ticket.send");
  FIXTURE_WAIT (find_entry (&view, "Internal note from John") != NULL);
  FIXTURE_WAIT (is_empty (&view, "Write a note"));
  assert_text (&view, "Write a reply", "What the requester reads");
  g_assert_null (find_entry (&view, "Reply from John"));
  g_assert_null (desk_drafts_get (desk_store_get_drafts (view.store), key));
  g_assert_null (view.left);

  desk_conversation_write (view.conversation, FALSE);
  act (&view, "ticket.send");
  FIXTURE_WAIT (find_entry (&view, "Reply from John") != NULL);
  FIXTURE_WAIT (is_empty (&view, "Write a reply"));
  FIXTURE_WAIT (g_strcmp0 (view.left, ticket->uid) == 0);
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

static void
check_nothing_to_send (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  GtkWidget *send;

  show (&view, ticket->uid);
  send = fixture_find (GTK_WIDGET (view.conversation), "send_with_menu");
  g_assert_false (gtk_widget_is_sensitive (gtk_widget_get_first_child (send)));
  type_text (&view, "Write a reply", " \n ");
  g_assert_false (gtk_widget_is_sensitive (gtk_widget_get_first_child (send)));
  type_text (&view, "Write a reply", "a");
  g_assert_true (gtk_widget_is_sensitive (gtk_widget_get_first_child (send)));
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

static void
check_waiting (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  show (&view, ticket->uid);
  act (&view, "ticket.wait");
  FIXTURE_WAIT (fixture_find_text (root, "Say what you need to know") != NULL);
  g_assert_nonnull (fixture_find_text (root, "Open"));
  type_text (&view, "Write a reply", "Which version?");
  act (&view, "ticket.wait");
  FIXTURE_WAIT (find_entry (&view, "Reply from John") != NULL);
  FIXTURE_WAIT (fixture_find_text (root, "Waiting") != NULL);
  g_assert_false (gtk_widget_is_sensitive (fixture_find (root, "wait")));
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* Longer than any text may be, in lines: one line would be laid out as a whole, for seconds. */
static char *
make_endless (void)
{
  char *text = g_strnfill (1024 * 1024 + 1, 'a');

  for (gsize i = 80; i < 1024 * 1024; i += 80)
    text[i] = '\n';
  return text;
}

/* What is refused stays where it was typed, with the reason beside it, and as a draft. */
static void
check_refusal (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  g_autofree char *key = desk_composer_draft_key (ticket->uid, DESK_KIND_REPLY);
  g_autofree char *endless = make_endless ();
  GtkWidget *failure;

  show (&view, ticket->uid);
  failure = fixture_find (GTK_WIDGET (view.conversation), "failure");
  type_text (&view, "Write a reply", endless);
  g_assert_false (gtk_widget_get_mapped (failure));
  act (&view, "ticket.send");
  FIXTURE_WAIT (gtk_widget_get_mapped (failure));
  assert_text (&view, "Write a reply", endless);
  g_assert_nonnull (desk_drafts_get (desk_store_get_drafts (view.store), key));
  type_text (&view, "Write a reply", "Shorter");
  g_assert_false (gtk_widget_get_visible (failure));
  act (&view, "ticket.send");
  FIXTURE_WAIT (is_empty (&view, "Write a reply"));
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- "Not yet" --- */

static void
check_not_yet (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  DeskStore *john = fixture_open (folder, "john");
  DeskTicket *ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "karen");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  move_to (john, &ticket, "resolved", "Done.");
  show (&view, ticket->uid);
  FIXTURE_WAIT (fixture_find_text (root, "Did this solve it?") != NULL);
  g_assert_false (gtk_widget_get_mapped (fixture_find (root, "composer")));
  act (&view, "ticket.reopen");
  FIXTURE_WAIT (gtk_widget_get_mapped (fixture_find (root, "composer")));
  act (&view, "ticket.send");
  FIXTURE_WAIT (fixture_find_text (root, "reopened the ticket") != NULL);
  FIXTURE_WAIT (fixture_find_text (root, "Did this solve it?") == NULL);

  look_at (john, &ticket);
  move_to (john, &ticket, "resolved", "Really done.");
  FIXTURE_WAIT (fixture_find_text (root, "Did this solve it?") != NULL);
  act (&view, "ticket.reopen");
  type_text (&view, "Write a message", "It still fails");
  act (&view, "ticket.send");
  FIXTURE_WAIT (fixture_find_text (root, "It still fails") != NULL);

  look_at (john, &ticket);
  move_to (john, &ticket, "resolved", "At last.");
  FIXTURE_WAIT (fixture_find_text (root, "Did this solve it?") != NULL);
  act (&view, "ticket.confirm");
  FIXTURE_WAIT (fixture_find_text (root, "confirmed that this solved it") != NULL);
  close_view (&view);
  desk_ticket_unref (ticket);
  fixture_close (john);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- facts --- */

static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static void
click (GtkWidget *root, const char *label)
{
  FIXTURE_WAIT (find_button (root, label) != NULL);
  g_signal_emit_by_name (find_button (root, label), "clicked");
}

/* Who works on a ticket may promise something, as long as there is something to do. */
static void
check_promise (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  DeskStore *john = fixture_open (folder, "john");
  DeskTicket *ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "jane");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  show (&view, ticket->uid);
  FIXTURE_WAIT (fixture_find_text (root, "No SLA plan") != NULL);
  move_to (john, &ticket, "resolved", "Done.");
  FIXTURE_WAIT (fixture_find_text (root, "No SLA plan") == NULL);
  close_view (&view);
  desk_ticket_unref (ticket);
  fixture_close (john);
  fixture_close (karen);
  fixture_free_folder (folder);
}

static void
check_hints (void)
{
  char *folder = fixture_new_desk ();
  View view = open_view (folder, "john");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  desk_conversation_set_letters (view.conversation, TRUE);
  FIXTURE_WAIT (fixture_find_text (root, "Next ticket") != NULL);
  desk_conversation_set_letters (view.conversation, FALSE);
  FIXTURE_WAIT (fixture_find_text (root, "Next ticket") == NULL);
  FIXTURE_WAIT (fixture_find_text (root, "New ticket") != NULL);
  close_view (&view);
  fixture_free_folder (folder);
}

static void
check_undo (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  GtkWidget *root = GTK_WIDGET (view.conversation);

  show (&view, ticket->uid);
  g_assert_nonnull (fixture_find_text (root, "Normal"));
  gtk_widget_activate_action (root, "ticket.priority", "s", "urgent");
  FIXTURE_WAIT (fixture_find_text (root, "Urgent") != NULL);
  click (view.toasts, "Undo");
  FIXTURE_WAIT (fixture_find_text (root, "Normal") != NULL);
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* What another agent does shows by itself, without losing what is being typed. */
static void
check_following (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  DeskStore *jane = fixture_open (folder, "jane");
  DeskTicket *ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");

  show (&view, ticket->uid);
  type_text (&view, "Write a reply", "Half a sent");
  write_text (jane, &ticket, DESK_KIND_NOTE, "I look into it");
  FIXTURE_WAIT (find_entry (&view, "Internal note from Jane") != NULL);
  assert_text (&view, "Write a reply", "Half a sent");
  close_view (&view);
  desk_ticket_unref (ticket);
  fixture_close (jane);
  fixture_close (karen);
  fixture_free_folder (folder);
}

static gint64
get_seen (DeskStore *store, const char *uid)
{
  DeskCase *found = NULL;
  gint64 seen;

  desk_store_load_async (store, uid, 0, NULL, loaded_cb, &found);
  FIXTURE_WAIT (found != NULL);
  seen = found->seen_no;
  desk_case_unref (found);
  return seen;
}

/* What was on the screen for a moment only was not read. */
static void
check_seen (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");

  show (&view, ticket->uid);
  fixture_settle (200);
  desk_conversation_open (view.conversation, NULL);
  fixture_settle (1200);
  g_assert_cmpint (get_seen (view.store, ticket->uid), ==, 0);
  show (&view, ticket->uid);
  FIXTURE_WAIT (get_seen (view.store, ticket->uid) == ticket->no);
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- what was taken out --- */

static void
check_removed_text (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  DeskStore *admin = fixture_open (folder, "admin");
  DeskTicket *ticket = file_ticket (karen, "One", "a");
  DeskOp *message = desk_store_new_op (karen, ticket, DESK_KIND_MESSAGE);
  g_autofree char *uid = g_strdup (message->uid);
  View view = open_view (folder, "john");
  GtkWidget *root = GTK_WIDGET (view.conversation);
  DeskOp *redact;

  set_base (karen, message, ticket);
  desk_op_set_text (message, "My password is 1234");
  desk_ticket_unref (ticket);
  ticket = submit (karen, message);
  show (&view, ticket->uid);
  FIXTURE_WAIT (fixture_find_text (root, "1234") != NULL);
  redact = desk_store_new_op (admin, ticket, DESK_KIND_REDACT);
  redact->target = g_strdup (uid);
  desk_ticket_unref (submit (admin, redact));
  FIXTURE_WAIT (fixture_find_text (root, "This text was removed") != NULL);
  g_assert_null (fixture_find_text (root, "1234"));
  close_view (&view);
  desk_ticket_unref (ticket);
  fixture_close (admin);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- resolving --- */

static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (DESK_IS_STATUS_DIALOG (window) && gtk_widget_get_mapped (window))
        return window;
    }
  return NULL;
}

static void
type_into (GtkWidget *dialog, const char *name, const char *text)
{
  GtkWidget *view = find_called (dialog, GTK_TYPE_TEXT_VIEW, name);

  g_assert_nonnull (view);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static void
check_resolving (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  g_autoptr (DeskTicket) ticket = file_ticket (karen, "One", "a");
  View view = open_view (folder, "john");
  GtkWidget *root = GTK_WIDGET (view.conversation);
  GtkWidget *dialog;

  g_signal_connect (view.conversation, "left", G_CALLBACK (left_cb), &view);
  show (&view, ticket->uid);
  act (&view, "ticket.resolve");
  FIXTURE_WAIT (find_dialog () != NULL);
  dialog = find_dialog ();
  type_into (dialog, "Steps taken", "Looked\nMended");
  g_assert_false (gtk_widget_is_sensitive (fixture_find (dialog, "submit")));
  gtk_window_close (GTK_WINDOW (dialog));
  FIXTURE_WAIT (find_dialog () == NULL);

  /* What was typed is there again. */
  act (&view, "ticket.resolve");
  FIXTURE_WAIT (find_dialog () != NULL);
  dialog = find_dialog ();
  type_into (dialog, "Resolution summary", "It works");
  g_assert_true (gtk_widget_activate_action (dialog, "dialog.submit", NULL));
  FIXTURE_WAIT (find_dialog () == NULL);
  FIXTURE_WAIT (find_entry (&view, "Resolution by John") != NULL);
  FIXTURE_WAIT (fixture_find_text (root, "Mended") != NULL);
  g_assert_nonnull (fixture_find_text (root, "What we did"));
  g_assert_cmpstr (view.left, ==, ticket->uid);
  close_view (&view);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- long tickets --- */

static void
check_long_ticket (void)
{
  char *folder = fixture_new_desk ();
  DeskStore *karen = fixture_open (folder, "karen");
  DeskTicket *ticket = file_ticket (karen, "One", "The very first text");
  View view;
  GtkWidget *root;
  DeskHistory *history;

  for (guint i = 0; i < 119; i++)
    write_text (karen, &ticket, DESK_KIND_MESSAGE, "Another one");
  view = open_view (folder, "karen");
  root = GTK_WIDGET (view.conversation);
  show (&view, ticket->uid);
  history = DESK_HISTORY (fixture_find_type (root, DESK_TYPE_HISTORY));
  g_assert_cmpuint (desk_history_count_shown (history), ==, DESK_HISTORY_FIRST);
  click (root, "Show earlier");
  FIXTURE_WAIT (desk_history_count_shown (history) == 120);
  g_assert_null (fixture_find_text (root, "Show earlier"));
  g_assert_nonnull (fixture_find_text (root, "The very first text"));
  close_view (&view);
  desk_ticket_unref (ticket);
  fixture_close (karen);
  fixture_free_folder (folder);
}

/* --- the column of rows --- */

static GtkWidget *
make_row (int height)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_size_request (row, 100, height);
  return row;
}

static int
find_y (GtkWidget *row, GtkWidget *thread)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (row, thread, &bounds));
  return (int) bounds.origin.y;
}

static void
check_anchor (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *thread = desk_thread_new ();
  GtkWidget *row = NULL;
  GtkAdjustment *scroll;
  int y;

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), thread);
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_window_set_default_size (GTK_WINDOW (window), 400, 300);
  for (guint i = 0; i < 20; i++)
    desk_thread_append (DESK_THREAD (thread), row = make_row (50));
  gtk_window_present (GTK_WINDOW (window));
  FIXTURE_WAIT (gtk_widget_get_height (thread) > 100);
  scroll = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  FIXTURE_WAIT (gtk_adjustment_get_value (scroll) > 0);

  /* At the end it stays there, whatever comes at either side. */
  g_assert_true (desk_thread_is_at_end (DESK_THREAD (thread)));
  y = find_y (row, thread);
  desk_thread_prepend (DESK_THREAD (thread), make_row (500));
  fixture_settle (100);
  g_assert_cmpint (find_y (row, thread), ==, y);
  desk_thread_append (DESK_THREAD (thread), make_row (50));
  fixture_settle (100);
  g_assert_cmpint (find_y (row, thread), ==, y - 60);

  /* Anywhere else, what is looked at stays. */
  gtk_adjustment_set_value (scroll, gtk_adjustment_get_value (scroll) - 200);
  fixture_settle (100);
  g_assert_false (desk_thread_is_at_end (DESK_THREAD (thread)));
  y = find_y (row, thread);
  desk_thread_prepend (DESK_THREAD (thread), make_row (70));
  desk_thread_append (DESK_THREAD (thread), make_row (70));
  fixture_settle (100);
  g_assert_cmpint (find_y (row, thread), ==, y);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- pure parts --- */

static void
check_folding (void)
{
  g_autofree char *lines = g_strnfill (DESK_BODY_FOLD_LINES, '\n');
  g_autofree char *few = g_strnfill (DESK_BODY_FOLD_LINES - 1, '\n');
  g_autofree char *long_line = g_strnfill (DESK_BODY_FOLD_CHARS + 1, 'a');
  g_autofree char *folded = NULL;

  g_assert_null (desk_body_fold ("short"));
  g_assert_null (desk_body_fold (few));
  folded = desk_body_fold (lines);
  g_assert_nonnull (folded);
  g_assert_cmpuint (strlen (folded), <, strlen (lines));
  g_free (folded);
  folded = desk_body_fold (long_line);
  g_assert_nonnull (folded);
  g_assert_true (g_str_has_prefix (long_line, folded));
}

static void
check_lists_of_resolutions (void)
{
  static const struct
  {
    const char *text;
    const char *list;
  } cases[] = {
    { "one line", "one line" },
    { "a\nb", "1. a\n1. b\n" },
    { "1. a\n2. b", "1. a\n2. b" },
    { "- a\nb", "- a\nb" },
    { "a\n\nb", "a\n\nb" },
    { "a\nb\n", "1. a\n1. b\n" },
    { "2 things\nb", "1. 2 things\n1. b\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *list = desk_resolution_list (cases[i].text, "1. ");

      g_assert_cmpstr (list, ==, cases[i].list);
    }
}

/* The label of this text inside of @widget, or NULL. */
static GtkWidget *
find_label (GtkWidget *widget, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);
  return found;
}

/* In a window that runs the other way, too. */
static void
check_direction_of_lists (void)
{
  GtkWidget *body;
  GtkWidget *item;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  body = g_object_ref_sink (desk_body_new ("1. I open it\n2. \u0627\u0641\u062a\u062d"));
  item = find_label (body, "I open it");
  g_assert_nonnull (item);
  g_assert_cmpint (gtk_widget_get_direction (gtk_widget_get_parent (item)), ==, GTK_TEXT_DIR_LTR);
  g_assert_cmpfloat (gtk_label_get_xalign (GTK_LABEL (item)), ==, 0);
  item = find_label (body, "\u0627\u0641\u062a\u062d");
  g_assert_nonnull (item);
  g_assert_cmpint (gtk_widget_get_direction (gtk_widget_get_parent (item)), ==, GTK_TEXT_DIR_RTL);
  g_object_unref (body);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

int
main (int argc, char *argv[])
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  fixture_init (&argc, &argv);
  g_test_add_func ("/conversation/rows-say-what-they-are", check_rows_of_agent);
  g_test_add_func ("/conversation/requesters-see-no-notes", check_rows_of_requester);
  g_test_add_func ("/conversation/keeps-a-draft-for-each-ticket-and-mode", check_drafts);
  g_test_add_func ("/conversation/sends-what-is-written-in-its-mode", check_sending);
  g_test_add_func ("/conversation/sends-no-empty-text", check_nothing_to_send);
  g_test_add_func ("/conversation/waits-with-a-question", check_waiting);
  g_test_add_func ("/conversation/keeps-what-is-refused", check_refusal);
  g_test_add_func ("/conversation/asks-whether-it-is-solved", check_not_yet);
  g_test_add_func ("/conversation/offers-a-promise-while-there-is-work", check_promise);
  g_test_add_func ("/conversation/hints-at-keys-that-do-something", check_hints);
  g_test_add_func ("/conversation/takes-changes-back", check_undo);
  g_test_add_func ("/conversation/follows-others", check_following);
  g_test_add_func ("/conversation/marks-as-read", check_seen);
  g_test_add_func ("/conversation/shows-that-text-was-removed", check_removed_text);
  g_test_add_func ("/conversation/resolves", check_resolving);
  g_test_add_func ("/conversation/shows-long-tickets-from-their-end", check_long_ticket);
  g_test_add_func ("/conversation/thread-stays-where-one-looks", check_anchor);
  g_test_add_func ("/conversation/folds-long-texts", check_folding);
  g_test_add_func ("/conversation/lists-run-as-their-words-do", check_direction_of_lists);
  g_test_add_func ("/conversation/makes-lists-of-lines", check_lists_of_resolutions);
  return g_test_run ();
}
