/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files that read Markdown share. Nobody else includes this. */
#pragma once

#include "desk-markdown.h"

G_BEGIN_DECLS

/* --- desk-markdown-links.c --- */

/* Zero-width and direction marks, and what no address holds. */
gboolean desk_markdown_is_invisible (gunichar c);
/* "https://who@host.example/path" → "host.example". */
char *desk_markdown_dup_host (const char *uri);
/* Words that read as an address, but are not the one that the link leads to. */
gboolean desk_markdown_pretends_other_target (const char *words, const char *uri);

/* --- desk-markdown-table.c --- */

/* @table: of rows, the head first, each a GPtrArray of cells. */
void desk_markdown_append_table (GString *to, GPtrArray *table);

G_END_DECLS
