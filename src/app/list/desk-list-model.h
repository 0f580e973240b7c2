/* SPDX-License-Identifier: GPL-3.0-or-later
 * A queue as a GListModel: first its keys, then the rows that are looked at.
 *
 * The first page comes with its rows, then all keys, 16 bytes a ticket. Items are made when a view
 * asks for them and are the same object as long as somebody holds them, also when their ticket
 * moves. The model follows the store by itself; long lists are compared away from the main thread
 * and edited in short turns. A failure of the first fill is a state, not a signal. Main thread. */
#pragma once

#include <gio/gio.h>

#include "desk-list-item.h"

G_BEGIN_DECLS

#define DESK_TYPE_LIST_MODEL (desk_list_model_get_type ())
G_DECLARE_FINAL_TYPE (DeskListModel, desk_list_model, DESK, LIST_MODEL, GObject)

typedef enum
{
  DESK_LIST_LOADING, /* items, if any, are of what was shown before */
  DESK_LIST_READY,
  DESK_LIST_FAILED,
} DeskListState;

#define DESK_TYPE_LIST_STATE (desk_list_state_get_type ())
GType desk_list_state_get_type (void) G_GNUC_CONST;

/* Properties: "state", "complete" (boolean: all keys are there, so that their number is the
 * queue's). Signals: "edited" (guint n_new): edits came to an end, and @n_new tickets that were not
 * in the list are now at its top; "loaded": rows came. */
DeskListModel *desk_list_model_new (DeskStore *store);

/* Shows a queue, anew when it is the same. */
void desk_list_model_show (DeskListModel *self, const DeskView *view, DeskSort sort);
/* Shows what is found by @words; NULL or "": the queue again. */
void desk_list_model_search (DeskListModel *self, const char *words);
/* Reads the queue or the search again. */
void desk_list_model_reload (DeskListModel *self);
/* Lets what depends on the time of day be read again; once a minute. */
void desk_list_model_tick (DeskListModel *self);

const DeskView *desk_list_model_get_view (DeskListModel *self);
DeskSort desk_list_model_get_sort (DeskListModel *self);
gboolean desk_list_model_is_searching (DeskListModel *self);
DeskListState desk_list_model_get_state (DeskListModel *self);
/* Why it failed; lent. */
const GError *desk_list_model_get_error (DeskListModel *self);
gboolean desk_list_model_is_complete (DeskListModel *self);

/* Positions, or GTK_INVALID_LIST_POSITION (G_MAXUINT). By uid only among rows that are there. */
guint desk_list_model_find (DeskListModel *self, gint64 id);
guint desk_list_model_find_uid (DeskListModel *self, const char *uid);

G_END_DECLS
