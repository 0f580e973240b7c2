/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who else is at a ticket, in words; and what others wrote while somebody was answering. */
#include "fixture.h"

#include "desk-composer-news.h"
#include "desk-composer.h"
#include "desk-conversation.h"
#include "desk-history.h"
#include "desk-presence-line.h"
#include "desk-spoken.h"
#include "desk-text-area.h"
#include "desk-thread.h"

/* --- words --- */

static void
check_words (void)
{
  static const struct
  {
    const char *answering;
    const char *looking;
    const char *expected;
  } cases[] = {
    { "", "", "" },
    { "Jane", "", "Jane is answering this ticket" },
    { "Jane,John", "", "Jane and John are answering" },
    { "Jane,John,Karen", "", "Jane and 2 others are answering" },
    { "", "John", "John is looking" },
    { "", "John,Karen", "John and Karen are looking" },
    { "", "John,Karen,Jane,Ada", "John and 3 others are looking" },
    { "Jane", "John", "Jane is answering this ticket · John is looking" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) one = g_strsplit (cases[i].answering, ",", -1);
      g_auto (GStrv) other = g_strsplit (cases[i].looking, ",", -1);
      g_autoptr (GPtrArray) answering = g_ptr_array_new ();
      g_autoptr (GPtrArray) looking = g_ptr_array_new ();
      g_autofree char *words = NULL;
      g_autofree char *plain = NULL;

      for (guint j = 0; one[j] != NULL; j++)
        g_ptr_array_add (answering, one[j]);
      for (guint j = 0; other[j] != NULL; j++)
        g_ptr_array_add (looking, other[j]);
      words = desk_presence_line_word (answering, looking);
      plain = desk_spoken_text (words);
      g_assert_cmpstr (plain, ==, cases[i].expected);
    }
}

/* --- what came while somebody wrote --- */

typedef struct
{
  char *folder;
  DeskStore *john;
  DeskStore *karen;
  GtkWidget *window;
  DeskConversation *conversation;
  char *ticket;
} Scene;

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DeskReceipt **receipt = data;

  *receipt = desk_store_submit_finish (DESK_STORE (source), result, NULL);
  g_assert_nonnull (*receipt);
}

/* Takes @op. */
static char *
submit (DeskStore *store, DeskOp *op)
{
  DeskReceipt *receipt = NULL;
  char *uid;

  desk_store_submit_async (store, op, NULL, submitted_cb, &receipt);
  FIXTURE_WAIT (receipt != NULL);
  uid = g_strdup (receipt->ticket->uid);
  desk_receipt_free (receipt);
  desk_op_unref (op);
  return uid;
}

static void
write_text (Scene *self, DeskStore *store, DeskKind kind, const char *text)
{
  g_autoptr (DeskOp) base = desk_store_new_op (store, NULL, kind);
  DeskOp *op = desk_op_new (base->uid, self->ticket, kind, base->author);
  g_autofree char *uid = NULL;

  op->via = DESK_VIA_APP;
  op->at = base->at;
  desk_op_set_text (op, text);
  uid = submit (store, op);
}

static gboolean
is_shown (Scene *self)
{
  g_autofree char *uid = NULL;

  g_object_get (self->conversation, "ticket", &uid, NULL);
  return g_strcmp0 (uid, self->ticket) == 0;
}

static void
open_window (Scene *self)
{
  self->window = adw_application_window_new (fixture_get_application ());
  self->conversation = DESK_CONVERSATION (desk_conversation_new ());
  desk_conversation_set_store (self->conversation, self->john, NULL);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (self->window),
                                      GTK_WIDGET (self->conversation));
  gtk_window_set_default_size (GTK_WINDOW (self->window), 700, 600);
  gtk_window_present (GTK_WINDOW (self->window));
  desk_conversation_open (self->conversation, self->ticket);
  FIXTURE_WAIT (is_shown (self));
}

static void
close_window (Scene *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->conversation), (gpointer *) &self->conversation);
  gtk_window_destroy (GTK_WINDOW (self->window));
  FIXTURE_WAIT (self->conversation == NULL);
}

static Scene
open_scene (void)
{
  Scene self = { .folder = fixture_new_desk () };
  DeskOp *op;

  self.john = fixture_open (self.folder, "john");
  self.karen = fixture_open (self.folder, "karen");
  op = desk_store_new_op (self.karen, NULL, DESK_KIND_CREATED);
  desk_op_change (op, DESK_FIELD_SUMMARY, "Mobile banking is down");
  desk_op_set_text (op, "It says unavailable.");
  self.ticket = submit (self.karen, op);
  open_window (&self);
  return self;
}

static void
close_scene (Scene *self)
{
  close_window (self);
  fixture_close (self->john);
  fixture_close (self->karen);
  fixture_free_folder (self->folder);
  g_free (self->ticket);
}

static GtkWidget *
find (Scene *self, GType type)
{
  return fixture_find_type (GTK_WIDGET (self->conversation), type);
}

static GtkTextBuffer *
get_buffer (Scene *self)
{
  GtkWidget *area = find (self, DESK_TYPE_TEXT_AREA);

  return gtk_text_view_get_buffer (desk_text_area_get_view (DESK_TEXT_AREA (area)));
}

static void
type_text (Scene *self, const char *text)
{
  gtk_text_buffer_insert_at_cursor (get_buffer (self), text, -1);
}

static gboolean
tells (Scene *self, const char *words)
{
  GtkWidget *news = find (self, DESK_TYPE_COMPOSER_NEWS);

  if (words == NULL)
    return !gtk_widget_get_visible (news);
  return gtk_widget_get_mapped (news) && fixture_find_text (news, words) != NULL;
}

static void
check_news (void)
{
  Scene scene = open_scene ();

  /* Without a draft nothing was begun. */
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "One");
  fixture_settle (300);
  g_assert_true (tells (&scene, NULL));
  type_text (&scene, "Try again");
  g_assert_true (tells (&scene, NULL));
  /* What only agents see is no reply, nor is one's own. */
  write_text (&scene, scene.john, DESK_KIND_NOTE, "Mine");
  write_text (&scene, scene.john, DESK_KIND_REPLY, "Mine, too");
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "Two");
  FIXTURE_WAIT (tells (&scene, "1 new reply since you began"));
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "Three");
  FIXTURE_WAIT (tells (&scene, "2 new replies since you began"));
  /* Typing on is the same draft, another begins with its first sign. */
  type_text (&scene, " now");
  g_assert_true (tells (&scene, "2 new replies since you began"));
  gtk_text_buffer_set_text (get_buffer (&scene), "", -1);
  g_assert_true (tells (&scene, NULL));
  type_text (&scene, "Well");
  g_assert_true (tells (&scene, NULL));
  close_scene (&scene);
}

static void
check_news_of_kept_draft (void)
{
  Scene scene = open_scene ();

  type_text (&scene, "Try again");
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "Two");
  FIXTURE_WAIT (tells (&scene, "1 new reply since you began"));
  close_window (&scene);
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "Three");
  open_window (&scene);
  FIXTURE_WAIT (tells (&scene, "2 new replies since you began"));
  close_scene (&scene);
}

static void
check_show (void)
{
  Scene scene = open_scene ();
  DeskThread *thread;
  int offset;

  type_text (&scene, "Try again");
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "The first of many");
  for (guint i = 0; i < 30; i++)
    write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "More\n\nand\n\nmore");
  FIXTURE_WAIT (tells (&scene, "31 new replies since you began"));
  thread = DESK_THREAD (find (&scene, DESK_TYPE_THREAD));
  FIXTURE_WAIT (desk_thread_is_at_end (thread));
  g_assert_true (
      gtk_widget_activate_action (GTK_WIDGET (scene.conversation), "ticket.show-news", NULL));
  fixture_settle (200);
  g_assert_false (desk_thread_is_at_end (thread));
  g_assert_nonnull (
      fixture_find_text (desk_thread_get_anchor (thread, &offset), "The first of many"));
  /* Now they are known, until the next. */
  g_assert_true (tells (&scene, NULL));
  write_text (&scene, scene.karen, DESK_KIND_MESSAGE, "Still there?");
  FIXTURE_WAIT (tells (&scene, "1 new reply since you began"));
  close_scene (&scene);
}

int
main (int argc, char *argv[])
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/presence/is-told-in-words", check_words);
  g_test_add_func ("/news/counts-what-others-wrote-since", check_news);
  g_test_add_func ("/news/of-a-draft-that-was-kept", check_news_of_kept_draft);
  g_test_add_func ("/news/shows-the-first", check_show);
  return g_test_run ();
}
