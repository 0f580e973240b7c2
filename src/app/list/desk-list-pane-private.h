/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the list pane share.
 *
 * desk-list-pane.c is the widget and its rows, desk-list-pane-pages.c what stands for the list
 * while there is none, desk-list-pane-older.c a search for what is not here,
 * desk-list-pane-following.c what stays when the list changes, desk-list-pane-input.c pointer and
 * keys. Nobody else includes this. */
#pragma once

#include "desk-index-note.h"
#include "desk-list-pane.h"
#include "desk-sync-bar.h"
#include "desk-ticket-row.h"

G_BEGIN_DECLS

struct _DeskListPane
{
  GtkWidget parent_instance;

  GtkBox *box;
  AdwHeaderBar *header;
  DeskIndexNote *index_note;
  DeskSyncBar *sync_bar;
  GtkWidget *queues_button;
  GtkToggleButton *search_button;
  AdwWindowTitle *title;
  GMenu *main_menu;
  GtkWidget *menu_button;
  GtkWidget *new_button;
  GtkWidget *sort_button;
  GtkWidget *bottom_button;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkRevealer *pill_revealer;
  GtkButton *pill;
  AdwStatusPage *status; /* NULL until something is empty or wrong */
  GtkWidget *status_button;

  DeskStore *store;
  DeskListModel *model;
  GtkSingleSelection *selection;
  DeskListItem *current; /* what somebody selected */
  char *awaited;         /* uid of a ticket to select when its row comes, or NULL */
  guint last_position;   /* where it was when it was last in the list */
  gboolean is_editing;   /* the selection moves by itself */
  gboolean follows_top;
  gboolean is_going_up; /* to the top, as soon as the list is laid out */
  guint n_new;

  DeskRowVariant variant;
  gboolean has_letters;
  DeskSort sort;
  int natural_width;
  char *way_on;
  DeskSyncer *syncer;              /* or NULL */
  GCancellable *older_cancellable; /* of asking for … */
  char *older_number;              /* … this one; NULL: none was asked for */
  guint patience_source;
  guint minute_source;
};

/* --- desk-list-pane.c --- */

guint desk_list_pane_get_length (DeskListPane *self);
/* The ticket's row inside of the list's, or NULL. */
DeskTicketRow *desk_list_pane_get_row_of (GtkWidget *list_row);
/* The list's row that shows @item (nullable), or NULL. */
GtkWidget *desk_list_pane_find_list_row (DeskListPane *self, DeskListItem *item);

/* --- desk-list-pane-pages.c --- */

/* The list, or why there is none. What was there before stays for a moment, so that nothing
 * flickers. */
void desk_list_pane_show_page (DeskListPane *self);
/* How many there are, below the title. */
void desk_list_pane_show_length (DeskListPane *self);

/* --- desk-list-pane-older.c --- */

/* The search has found nothing; asks once for each number. */
void desk_list_pane_ask_for_older (DeskListPane *self);
/* The search is over, or for something else. */
void desk_list_pane_forget_older (DeskListPane *self);

/* --- desk-list-pane-following.c --- */

/* Makes model and selection. */
void desk_list_pane_make_model (DeskListPane *self);
/* Undoes that, and what is under way. */
void desk_list_pane_drop_model (DeskListPane *self);
/* Hides the pill when somebody scrolls up to what it counts. */
void desk_list_pane_watch_top (DeskListPane *self);
/* The action "list-pane.top". */
void desk_list_pane_scroll_to_top (GtkWidget *widget, const char *name, GVariant *parameter);

/* --- desk-list-pane-input.c --- */

/* After the template is bound. */
void desk_list_pane_install_input (GtkWidgetClass *widget_class);
void desk_list_pane_add_input (DeskListPane *self);

G_END_DECLS
