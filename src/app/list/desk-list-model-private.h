/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the list model share.
 *
 * desk-list-model.c is the list and fills it, desk-list-model-rows.c reads the rows that are looked
 * at, desk-list-model-edits.c makes one list of keys the next, desk-list-model-following.c does so
 * when the desk changes. Nobody else includes this. */
#pragma once

#include "desk-keys.h"
#include "desk-list-item-private.h"
#include "desk-list-model.h"

G_BEGIN_DECLS

#define DESK_LIST_FIRST_PAGE 50
/* Lists up to this length are edited on the spot. */
#define DESK_LIST_SHORT 20000

struct _DeskListModel
{
  GObject parent_instance;

  DeskStore *store;
  gulong changed_handler;
  gulong seen_handler;
  gulong catalogue_handler;
  GCancellable *cancellable; /* of everything that is under way for what is shown */

  DeskView view;
  DeskSort sort;
  char *words; /* of a search, or NULL */
  DeskListState state;
  gboolean complete;
  GError *error;

  GArray *keys;  /* of DeskKey; shared with workers, never written to */
  GArray *next;  /* what they will be, while edits are under way */
  guint n_old;   /* so many of keys gave way … */
  guint n_next;  /* … to so many of next */
  GArray *edits; /* of DeskKeyEdit */
  guint n_edits_done;
  guint n_new_at_top;
  gboolean is_other; /* and next is another list, not what became of keys */
  guint edits_source;

  GHashTable *items; /* &id → DeskListItem, not owned */
  GPtrArray *held;   /* items that come with their rows: the first page, or what was found */
  GArray *wanted;    /* ids whose rows are asked for */
  guint wanted_source;
  guint n_row_calls;

  gint64 tx;            /* the state of the desk that keys show */
  gboolean is_busy;     /* reading or comparing keys */
  gboolean is_behind;   /* the desk changed meanwhile */
  gboolean must_reread; /* and not by a few tickets */
  gint64 reread_at;     /* when the keys were last read again, monotonic */
  guint later_source;
};

/* --- desk-list-model.c --- */

void desk_list_model_set_complete (DeskListModel *self, gboolean complete);
/* Takes @error. */
void desk_list_model_fail (DeskListModel *self, GError *error);
/* The first page or what was found is there; @complete: and there is no more. */
void desk_list_model_settle (DeskListModel *self, gboolean complete);
/* Searches again for the same words. */
void desk_list_model_read_found (DeskListModel *self);

/* --- desk-list-model-rows.c --- */

/* The item of a ticket, made when nobody holds one. (transfer full) */
DeskListItem *desk_list_model_ref_item (DeskListModel *self, gint64 id);
/* What views ask for in one turn goes out together, before the next frame. */
void desk_list_model_want_row (DeskListModel *self, DeskListItem *item);
/* Every row that is looked at, or those of @changes (of DeskKeyChange), are read again. */
void desk_list_model_refresh_rows (DeskListModel *self, GArray *changes);

/* --- desk-list-model-edits.c --- */

/* Another queue, or what was found: row by row, as many as there is time for. */
void desk_list_model_show_keys (DeskListModel *self, GArray *keys);
/* What became of the keys: by @changes (of DeskKeyChange) or as @after. Takes either. */
void desk_list_model_edit_towards (DeskListModel *self, GArray *changes, GArray *after);

/* --- desk-list-model-following.c --- */

/* Hears of the store from now on. */
void desk_list_model_follow (DeskListModel *self);
/* Reads what changed, now or when what is under way is done. */
void desk_list_model_follow_store (DeskListModel *self);
void desk_list_model_follow_later (DeskListModel *self, guint ms);
void desk_list_model_read_all_keys (DeskListModel *self);

G_END_DECLS
