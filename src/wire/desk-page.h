/* SPDX-License-Identifier: GPL-3.0-or-later
 * A page of what a reader's copy of a desk lacks: the one form in which tickets leave a server.
 *
 * A page is state, not history, and is applied whole: first its entries and people, then what is
 * gone, then the tickets that are there, in order; what is there already is replaced. The feed, the
 * first fill, lists, search and the answer to an op all use it. Values, changed by their maker
 * only; reading fails with DESK_ERROR and names the member. Pure; any thread. */
#pragma once

#include "desk-json.h"

G_BEGIN_DECLS

/* A ticket as one reader sees it. */
typedef struct
{
  DeskTicket *ticket;
  gboolean internal; /* with its internal side, and numbered by no; else projected */
  gint64 seen_no;    /* how far the reader has read, in the reader's own counting */
  GPtrArray *events; /* of DeskEvent, by no; those that the reader may lack, not always all */
} DeskPut;

/* Takes a reference of @ticket. (transfer full) */
DeskPut *desk_put_new (DeskTicket *ticket, gboolean internal);
void desk_put_free (DeskPut *self);

typedef struct
{
  GPtrArray *entries; /* of DeskEntry: all that the reader may know; NULL: as they were */
  GPtrArray *people;  /* of DeskPerson: who changed and who is named by the tickets */
  GPtrArray *gone;    /* of char *: uids of tickets that the reader may not see any more */
  GPtrArray *puts;    /* of DeskPut, in order of their last change (of a fill: newest first) */
  char *next;         /* the sealed cursor to go on from */
  gboolean more;      /* there is more to read right now */
  gint64 server_time; /* when the page was read */
} DeskPage;

/* Everything empty, entries NULL. (transfer full) */
DeskPage *desk_page_new (void);
void desk_page_free (DeskPage *self);

/* {"entries": [...], "people": [...], "gone": [...], "tickets": [put...], "next": ..., "more": ...,
 * "server_time": ...}; a put is {"ticket": {...}, "internal": ..., "seen_no": ..., "events":
 * [...]}. */
JsonNode *desk_put_to_json (const DeskPut *put);
DeskPut *desk_put_from_json (JsonNode *node, GError **error);
JsonNode *desk_page_to_json (const DeskPage *page);
DeskPage *desk_page_from_json (JsonNode *node, GError **error);

/* The same text as of desk_page_to_json(), several times as fast: a fill is many megabytes.
 * (transfer full) */
char *desk_page_to_string (const DeskPage *page, gsize *length);
/* The @text of a page with a server_time as if it had been read at another one. (transfer full) */
char *desk_page_text_at (GBytes *text, gint64 server_time, gsize *length);
/* The same value as of desk_json_parse() and desk_page_from_json(), for the same reason; but a
 * member that is there twice is refused. */
DeskPage *desk_page_from_text (const char *text, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPut, desk_put_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskPage, desk_page_free)

G_END_DECLS
