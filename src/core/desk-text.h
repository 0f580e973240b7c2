/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text from outside, made fit to keep.
 *
 * Line: one line (summary, name, label). Line breaks and tabs become spaces, runs of spaces one,
 * control characters and bidirectional embeddings, isolates and overrides go, ends are trimmed;
 * what has nothing to see is empty. Body: line ends become \n, control characters but \n and \t and
 * bidirectional overrides go, empty ends are trimmed. Neither interprets markup. Empty is "".
 * Both fail with DESK_ERROR_NOT_TEXT (not UTF-8, or holding a NUL) or DESK_ERROR_TOO_LONG; @what
 * names the field in the message. Pure; any thread. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A summary of up to 250 characters still shows in two lines of the window. */
#define DESK_SUMMARY_MAX_CHARS 250
#define DESK_LABEL_MAX_CHARS   100
/* One event's text. Longer texts are logs: they belong into an attachment. */
#define DESK_BODY_MAX_BYTES (1024 * 1024)

/* (transfer full) */
char *desk_text_clean_line (const char *raw, gsize max_chars, const char *what, GError **error);
char *desk_text_clean_body (const char *raw, const char *what, GError **error);

/* Letters, digits and single dashes, as in "online-banking"; at most 64 bytes. */
gboolean desk_slug_is_valid (const char *slug);
/* "Online Banking" → "online-banking"; never NULL, may be "" when nothing of @label fits. (transfer
 * full) */
char *desk_slug_from_label (const char *label);

/* An attachment's name without folders, control characters or overrides, at most 200 bytes, never
 * empty, "." or "..". (transfer full) */
char *desk_file_name_clean (const char *raw);

/* The first @max_chars characters of @text in one line; for lists. (transfer full) */
char *desk_text_excerpt (const char *text, gsize max_chars);

G_END_DECLS
