/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tickets that look like the one being written; see the header.
 *
 * A search finds texts that hold all its words, and two people never use the same ones. So the
 * longest words are searched for one by one, and a ticket that several of them find is similar. */
#include "desk-similar-tickets.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

#define LOOK_AFTER_MS 400
#define MAX_WORDS 4
#define MIN_WORD_CHARS 3
#define MAX_SHOWN 3
/* Enough that the newest about a frequent word are not all that is seen. */
#define SEARCH_LIMIT 50

/* A ticket that was found, and by how many words. */
typedef struct
{
  DeskRow *row;
  guint n_words;
  guint order; /* of finding */
} Hit;

/* One round of searches; the last answer shows them. */
typedef struct
{
  GWeakRef widget;
  GPtrArray *results; /* of GPtrArray of DeskRow: they own the rows */
  GHashTable *hits;   /* uid of row → Hit */
  guint n_words;
  guint n_pending;
} Round;

struct _DeskSimilarTickets
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *rows;

  DeskStore *store;
  char *summary;
  guint timer;
  GCancellable *cancellable; /* of the present round */
  gboolean closed;
};

G_DEFINE_FINAL_TYPE (DeskSimilarTickets, desk_similar_tickets, GTK_TYPE_WIDGET)

static void
free_round (Round *self)
{
  g_weak_ref_clear (&self->widget);
  g_hash_table_unref (self->hits);
  g_ptr_array_unref (self->results);
  g_free (self);
}

static int
compare_by_length (gconstpointer a, gconstpointer b)
{
  return (int) g_utf8_strlen (*(const char *const *) b, -1)
         - (int) g_utf8_strlen (*(const char *const *) a, -1);
}

/* The words worth looking for: the longest, each once. (transfer full) (element-type utf8) */
static GPtrArray *
pick_words (const char *summary)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) tokens = g_str_tokenize_and_fold (summary, NULL, NULL);

  for (gsize i = 0; tokens[i] != NULL; i++)
    if (g_utf8_strlen (tokens[i], -1) >= MIN_WORD_CHARS
        && !g_ptr_array_find_with_equal_func (words, tokens[i], g_str_equal, NULL))
      g_ptr_array_add (words, g_strdup (tokens[i]));
  g_ptr_array_sort (words, compare_by_length);
  g_ptr_array_set_size (words, (int) MIN (words->len, MAX_WORDS));
  return g_steal_pointer (&words);
}

static void
open_clicked_cb (GtkButton *button, DeskSimilarTickets *self)
{
  const char *uid = g_object_get_data (G_OBJECT (button), "uid");

  gtk_widget_activate_action (GTK_WIDGET (self), "app.ticket", "s", uid);
}

/* "Your ticket #1019 · Open". (transfer full) */
static char *
describe (DeskSimilarTickets *self, const DeskRow *row)
{
  g_autofree char *number = desk_wording_number (row->number);
  const char *status = desk_wording_status (row->status);

  if (row->number == NULL)
    return g_strdup (_ ("Your ticket, waiting to be sent"));
  if (g_strcmp0 (row->requester_uid, desk_store_get_me (self->store)->uid) == 0)
    /* Translators: number and status, as in "Your ticket #1019 · Open". */
    return g_strdup_printf (_ ("Your ticket %1$s · %2$s"), number, status);
  /* Translators: person, number and status, as in "Karen · #1019 · Open". */
  return g_strdup_printf (C_ ("ticket", "%1$s · %2$s · %3$s"),
                          row->requester != NULL ? row->requester : _ ("Erased person"), number,
                          status);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
append_row (DeskSimilarTickets *self, const DeskRow *row)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *about = describe (self, row);

  gtk_box_append (GTK_BOX (words), new_label (row->summary, NULL));
  gtk_box_append (GTK_BOX (words), new_label (about, "caption"));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("mail-unread-symbolic"));
  gtk_box_append (GTK_BOX (line), words);
  gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_button_set_child (GTK_BUTTON (button), line);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  row->summary, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, about, -1);
  g_object_set_data_full (G_OBJECT (button), "uid", g_strdup (row->uid), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (open_clicked_cb), self, 0);
  gtk_box_append (GTK_BOX (self->rows), button);
}

static void
clear_rows (DeskSimilarTickets *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->rows)) != NULL)
    gtk_box_remove (GTK_BOX (self->rows), row);
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *one = *(const Hit *const *) a;
  const Hit *other = *(const Hit *const *) b;

  if (one->n_words != other->n_words)
    return one->n_words > other->n_words ? -1 : 1;
  return one->order < other->order ? -1 : 1;
}

/* Those that enough words found, the most similar first. (transfer container) (element-type Hit) */
static GPtrArray *
rank_hits (const Round *round)
{
  GPtrArray *ranked = g_ptr_array_new ();
  guint needed = MIN (round->n_words, 2);
  GHashTableIter iter;
  gpointer hit;

  g_hash_table_iter_init (&iter, round->hits);
  while (g_hash_table_iter_next (&iter, NULL, &hit))
    if (((Hit *) hit)->n_words >= needed)
      g_ptr_array_add (ranked, hit);
  g_ptr_array_sort (ranked, compare_hits);
  return ranked;
}

static void
show_round (DeskSimilarTickets *self, const Round *round)
{
  g_autoptr (GPtrArray) ranked = rank_hits (round);

  clear_rows (self);
  for (guint i = 0; i < MIN (ranked->len, MAX_SHOWN); i++)
    append_row (self, ((Hit *) ranked->pdata[i])->row);
  gtk_widget_set_visible (GTK_WIDGET (self), ranked->len > 0 && !self->closed);
}

static void
count_rows (Round *round, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      DeskRow *row = rows->pdata[i];
      Hit *hit;

      if (row == NULL || row->status == DESK_STATUS_CLOSED)
        continue;
      hit = g_hash_table_lookup (round->hits, row->uid);
      if (hit == NULL)
        {
          hit = g_new0 (Hit, 1);
          hit->row = row;
          hit->order = g_hash_table_size (round->hits);
          g_hash_table_insert (round->hits, (gpointer) row->uid, hit);
        }
      hit->n_words++;
    }
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Round *round = user_data;
  GPtrArray *rows = desk_store_search_finish (DESK_STORE (source), result, NULL);

  if (rows != NULL)
    {
      count_rows (round, rows);
      g_ptr_array_add (round->results, rows);
    }
  if (--round->n_pending == 0)
    {
      g_autoptr (DeskSimilarTickets) self = g_weak_ref_get (&round->widget);

      /* A newer round, or none, has taken over when a search was cancelled. */
      if (self != NULL && self->rows != NULL && round->results->len == round->n_words)
        show_round (self, round);
      free_round (round);
    }
}

static void
start_round (DeskSimilarTickets *self, GPtrArray *words)
{
  Round *round = g_new0 (Round, 1);

  g_weak_ref_init (&round->widget, self);
  round->results = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  round->hits = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  round->n_words = words->len;
  round->n_pending = words->len;
  for (guint i = 0; i < words->len; i++)
    desk_store_search_async (self->store, words->pdata[i], SEARCH_LIMIT, self->cancellable,
                             found_cb, round);
}

static void
cancel_round (DeskSimilarTickets *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
look_cb (gpointer data)
{
  DeskSimilarTickets *self = data;
  g_autoptr (GPtrArray) words = pick_words (self->summary);

  self->timer = 0;
  cancel_round (self);
  if (words->len == 0)
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return G_SOURCE_REMOVE;
    }
  self->cancellable = g_cancellable_new ();
  start_round (self, words);
  return G_SOURCE_REMOVE;
}

static void
close_clicked_cb (DeskSimilarTickets *self)
{
  self->closed = TRUE;
  cancel_round (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
desk_similar_tickets_dispose (GObject *object)
{
  DeskSimilarTickets *self = DESK_SIMILAR_TICKETS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  cancel_round (self);
  g_clear_object (&self->store);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_SIMILAR_TICKETS);
  G_OBJECT_CLASS (desk_similar_tickets_parent_class)->dispose (object);
}

static void
desk_similar_tickets_finalize (GObject *object)
{
  DeskSimilarTickets *self = DESK_SIMILAR_TICKETS (object);

  g_free (self->summary);
  G_OBJECT_CLASS (desk_similar_tickets_parent_class)->finalize (object);
}

static void
desk_similar_tickets_class_init (DeskSimilarTicketsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = desk_similar_tickets_dispose;
  object_class->finalize = desk_similar_tickets_finalize;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-similar-tickets.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskSimilarTickets, content);
  gtk_widget_class_bind_template_child (widget_class, DeskSimilarTickets, rows);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
}

static void
desk_similar_tickets_init (DeskSimilarTickets *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
desk_similar_tickets_set_store (DeskSimilarTickets *self, DeskStore *store)
{
  g_return_if_fail (DESK_IS_SIMILAR_TICKETS (self));

  g_set_object (&self->store, store);
}

void
desk_similar_tickets_look_for (DeskSimilarTickets *self, const char *summary)
{
  g_return_if_fail (DESK_IS_SIMILAR_TICKETS (self));

  if (self->closed || self->store == NULL || g_strcmp0 (summary, self->summary) == 0)
    return;
  g_free (self->summary);
  self->summary = g_strdup (summary);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (LOOK_AFTER_MS, look_cb, self);
}

