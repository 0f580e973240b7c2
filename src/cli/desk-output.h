/* SPDX-License-Identifier: GPL-3.0-or-later
 * What deskbellctl prints: tables and texts for people, JSON for programs.
 *
 * Text of a desk comes from outside. On its way to a person it loses every control character, so
 * that it cannot steer the terminal; in JSON control characters are always written as \u escapes.
 * Everything goes to standard output. One thread. */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Text of ours; what comes from outside goes through desk_plain_line() or desk_plain_text() first.
 */
void desk_print (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* In one line, without control characters. @text nullable. (transfer full) */
char *desk_plain_line (const char *text);
/* Without control characters but line ends and tabs, each line behind @indent. (transfer full) */
char *desk_plain_text (const char *text, const char *indent);

/* Takes @node. */
void desk_print_json (JsonNode *node);

/* An array that is printed while it is being made: begin, any number of items, end. */
void desk_print_json_begin (void);
void desk_print_json_item (JsonNode *node, gboolean first); /* takes @node */
void desk_print_json_end (void);

/* Aligned columns. The last one is not padded; on a terminal it is cut to fit, elsewhere it is
 * whole. */
typedef struct _DeskTable DeskTable;

DeskTable *desk_table_new (guint n_columns);
void desk_table_free (DeskTable *self);
/* As many strings as columns (NULL: empty), made plain here. */
void desk_table_add (DeskTable *self, ...);
void desk_table_print (DeskTable *self);

/* How far long work has come, in one line that is written over; only on a terminal, and on standard
 * error, so that answers stay clean. @total 0: not known, and not shown. Takes part in the progress
 * functions of the store, which is why @user_data is there and not used. */
void desk_show_progress (gint64 done, gint64 total, gpointer user_data);
void desk_clear_progress (void);

/* FALSE with @error when something of what was printed could not be written. */
gboolean desk_output_finish (GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskTable, desk_table_free)

G_END_DECLS
