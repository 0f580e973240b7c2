/* SPDX-License-Identifier: GPL-3.0-or-later
 * Offline, and the list of what was refused; see desk-unsent.h. */
#include "desk-unsent.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "desk-new-ticket-window.h"
#include "desk-refused.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

gboolean
desk_unsent_is_offline (DeskSyncer *syncer)
{
  return syncer != NULL && desk_syncer_get_status (syncer)->state >= DESK_SYNCER_OFFLINE;
}

/* --- finding out whose tickets are still here --- */

typedef struct
{
  GWeakRef window;
  DeskStore *store;
  DeskSyncer *syncer;
  GPtrArray *items;    /* of DeskOutboxItem */
  GHashTable *tickets; /* uid → DeskTicket, of those that are here */
  guint next;
} Search;

static void
free_search (Search *self)
{
  g_weak_ref_clear (&self->window);
  g_object_unref (self->store);
  g_object_unref (self->syncer);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_hash_table_unref (self->tickets);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Search, free_search)

static void show_found (GtkWindow *window, Search *self);

static void look_at_next (Search *self);

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *self = user_data;
  g_autoptr (DeskCase) found = desk_store_load_finish (DESK_STORE (source), result, NULL);

  if (found != NULL)
    g_hash_table_insert (self->tickets, g_strdup (found->ticket->uid),
                         desk_ticket_ref (found->ticket));
  look_at_next (self);
}

static void
look_at_next (Search *self)
{
  g_autoptr (Search) done = NULL;
  g_autoptr (GtkWindow) window = NULL;

  if (self->next < self->items->len)
    {
      const DeskOutboxItem *item = g_ptr_array_index (self->items, self->next++);

      desk_store_load_async (self->store, item->op->ticket, G_MAXINT64, NULL, looked_cb, self);
      return;
    }
  done = self;
  window = g_weak_ref_get (&self->window);
  if (window != NULL && self->items->len > 0)
    show_found (window, self);
}

static void
refused_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Search *self = user_data;

  self->items = desk_syncer_refused_finish (DESK_SYNCER (source), result, NULL);
  if (self->items != NULL)
    look_at_next (self);
  else
    free_search (self);
}

void
desk_unsent_show_refused (GtkWindow *window, DeskStore *store, DeskSyncer *syncer)
{
  Search *search;

  g_return_if_fail (GTK_IS_WINDOW (window));

  if (syncer == NULL)
    return;
  search = g_new0 (Search, 1);
  g_weak_ref_init (&search->window, window);
  search->store = g_object_ref (store);
  search->syncer = g_object_ref (syncer);
  search->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                           (GDestroyNotify) desk_ticket_unref);
  desk_syncer_refused_async (syncer, NULL, refused_cb, search);
}

/* --- the list --- */

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static char *
name_item (Search *self, const DeskOutboxItem *item)
{
  const DeskTicket *ticket = g_hash_table_lookup (self->tickets, item->op->ticket);
  const DeskChange *summary = desk_changes_find (item->op->changes, DESK_FIELD_SUMMARY);

  if (ticket != NULL)
    return g_strdup (ticket->summary != NULL ? ticket->summary : "");
  if (item->op->kind == DESK_KIND_CREATED)
    return g_strdup (summary != NULL && summary->to != NULL ? summary->to : _ ("New ticket"));
  return g_strdup (_ ("A ticket you cannot see any more"));
}

/* What a row's buttons need. */
typedef struct
{
  DeskSyncer *syncer;
  GtkWindow *parent; /* lent: the list is never without it */
  GtkWidget *row;    /* lent: the one the button is in */
  char *op;
  char *ticket; /* uid, NULL for a new one */
  char *words;
} Row;

static void
free_row (gpointer data)
{
  Row *self = data;

  g_object_unref (self->syncer);
  g_free (self->op);
  g_free (self->ticket);
  g_free (self->words);
  g_free (self);
}

static void
open_cb (GtkButton *button, Row *row)
{
  GtkWindow *list = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button)));

  if (row->ticket != NULL)
    gtk_widget_activate_action (GTK_WIDGET (row->parent), "app.ticket", "s", row->ticket);
  else
    gtk_widget_activate_action (GTK_WIDGET (row->parent), "app.new-ticket", NULL);
  gtk_window_close (list);
}

static void
copy_cb (GtkButton *button, Row *row)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), row->words);
  gtk_button_set_label (button, _ ("Copied"));
}

static void
discard_cb (GtkButton *button, Row *row)
{
  desk_syncer_drop_async (row->syncer, row->op, NULL, NULL, NULL);
  gtk_widget_set_sensitive (row->row, FALSE);
  gtk_button_set_label (button, _ ("Discarded"));
}

static void
add_button (GtkWidget *buttons, const char *label, GCallback callback, Row *row)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_signal_connect (button, "clicked", callback, row);
  gtk_box_append (GTK_BOX (buttons), button);
}

static GtkWidget *
make_buttons (Search *self, const DeskOutboxItem *item, Row *row)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gboolean here = g_hash_table_contains (self->tickets, item->op->ticket);

  gtk_widget_set_layout_manager (buttons, desk_wrap_layout_new (6));
  gtk_widget_add_css_class (buttons, "desk-entry-buttons");
  if (here)
    add_button (buttons, _ ("Open ticket"), G_CALLBACK (open_cb), row);
  else if (item->op->kind == DESK_KIND_CREATED)
    add_button (buttons, _ ("Edit"), G_CALLBACK (open_cb), row);
  if (!here && row->words != NULL)
    add_button (buttons, _ ("Copy text"), G_CALLBACK (copy_cb), row);
  if (!here)
    add_button (buttons, _ ("Discard"), G_CALLBACK (discard_cb), row);
  return buttons;
}

/* The name says already that the ticket has gone. */
static gboolean
is_reason_said (Search *self, const DeskOutboxItem *item)
{
  return item->op->kind != DESK_KIND_CREATED && item->problem != NULL &&
         !g_hash_table_contains (self->tickets, item->op->ticket) &&
         g_strcmp0 (item->problem->code, "no-such") == 0;
}

static GtkWidget *
make_row (Search *self, GtkWindow *parent, const DeskOutboxItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  g_autofree char *name = name_item (self, item);
  g_autofree char *reason = desk_refused_dup_reason (item);
  Row *row = g_new0 (Row, 1);

  row->syncer = g_object_ref (self->syncer);
  row->parent = parent;
  row->row = box;
  row->op = g_strdup (item->op->uid);
  row->ticket = item->op->kind != DESK_KIND_CREATED ? g_strdup (item->op->ticket) : NULL;
  row->words = desk_refused_dup_words (item->op);
  g_object_set_data_full (G_OBJECT (box), "row", row, free_row);
  gtk_box_append (GTK_BOX (box), make_label (name, "heading"));
  if (!is_reason_said (self, item))
    gtk_box_append (GTK_BOX (box), make_label (reason, "desk-bad-text"));
  if (row->words != NULL)
    gtk_box_append (GTK_BOX (box), make_label (row->words, "body"));
  gtk_box_append (GTK_BOX (box), make_buttons (self, item, row));
  gtk_widget_add_css_class (box, "desk-card");
  return box;
}

static GtkWidget *
make_list (Search *self, GtkWindow *parent)
{
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 10);

  for (guint i = 0; i < self->items->len; i++)
    gtk_box_append (GTK_BOX (list), make_row (self, parent, g_ptr_array_index (self->items, i)));
  gtk_widget_set_margin_start (list, 18);
  gtk_widget_set_margin_end (list, 18);
  gtk_widget_set_margin_top (list, 6);
  gtk_widget_set_margin_bottom (list, 18);
  return list;
}

static void
show_list (GtkWindow *parent, Search *self)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *bar = adw_header_bar_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_widget_add_css_class (bar, "flat");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), make_list (self, parent));
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), _ ("What the desk refused"));
  gtk_window_set_default_size (GTK_WINDOW (window), 460, self->items->len > 1 ? 420 : 260);
  gtk_widget_set_size_request (window, 320, 240);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
}

static gboolean
is_one_ticket (Search *self)
{
  const DeskOutboxItem *first = g_ptr_array_index (self->items, 0);

  for (guint i = 1; i < self->items->len; i++)
    if (g_strcmp0 (((const DeskOutboxItem *) g_ptr_array_index (self->items, i))->op->ticket,
                   first->op->ticket) != 0)
      return FALSE;
  return TRUE;
}

static void
show_found (GtkWindow *window, Search *self)
{
  const DeskOutboxItem *first = g_ptr_array_index (self->items, 0);
  gboolean here = g_hash_table_contains (self->tickets, first->op->ticket);

  if (is_one_ticket (self) && here)
    gtk_widget_activate_action (GTK_WIDGET (window), "app.ticket", "s", first->op->ticket);
  else if (self->items->len == 1 && first->op->kind == DESK_KIND_CREATED &&
           desk_drafts_get (desk_store_get_drafts (self->store), DESK_NEW_TICKET_DRAFT) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (window), "app.new-ticket", NULL);
  else
    show_list (window, self);
}
