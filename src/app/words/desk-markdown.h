/* SPDX-License-Identifier: GPL-3.0-or-later
 * Markdown of a ticket's texts, as a flat list of blocks that a widget can show.
 *
 * The text is from outside: HTML and entities in it stay the characters that were typed, nothing is
 * loaded, and only links to http, https and mailto become links; of others the target is
 * written out. Line breaks are kept as they were typed. What comes back is Pango markup for
 * GtkLabel, always well-formed. Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_BLOCK_TEXT,
  DESK_BLOCK_HEADING,
  DESK_BLOCK_CODE, /* plain text in markup's place, tables too */
  DESK_BLOCK_RULE,
} DeskBlockKind;

typedef struct
{
  DeskBlockKind kind;
  guint quotes;  /* in how many quotes it lies, at most DESK_MARKDOWN_MAX_DEPTH */
  guint lists;   /* in how many lists, at most DESK_MARKDOWN_MAX_DEPTH */
  char *marker;  /* "•" or "1." in front of an item's first block, else NULL */
  char *content; /* Pango markup; of CODE plain text; of RULE "" */
  gboolean has_link;
} DeskBlock;

#define DESK_MARKDOWN_MAX_DEPTH 6

/* The blocks of @text in order, or NULL when it is better shown as plain text: it has too many, or
 * markup only. (transfer full) (element-type DeskBlock) (nullable) */
GPtrArray *desk_markdown_parse (const char *text);

/* Whether links to @uri are offered. */
gboolean desk_markdown_allows_uri (const char *uri);

G_END_DECLS
