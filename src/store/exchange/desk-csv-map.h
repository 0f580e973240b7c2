/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which column of a table of tickets means what.
 *
 * By the names in its first row, in the words of common help desks, or as somebody says:
 * "summary=Subject,details=Body,status=" (no column for the status). Pure; any thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DESK_CSV_SUMMARY,
  DESK_CSV_DETAILS,
  DESK_CSV_REQUESTER, /* login, name, mail address, or "Name <address>" */
  DESK_CSV_NAME,      /* of the requester */
  DESK_CSV_EMAIL,     /* of the requester */
  DESK_CSV_TOPIC,
  DESK_CSV_DEPARTMENT,
  DESK_CSV_TEAM,
  DESK_CSV_ASSIGNEE,
  DESK_CSV_PRIORITY,
  DESK_CSV_SLA,
  DESK_CSV_STATUS,
  DESK_CSV_RESOLUTION,
  DESK_CSV_CREATED,
  DESK_CSV_CLOSED,
} DeskCsvField;
#define DESK_CSV_N_FIELDS (DESK_CSV_CLOSED + 1)

typedef struct
{
  int columns[DESK_CSV_N_FIELDS]; /* from 0; -1: none */
  int key;                        /* the column that tells rows apart; -1: none */
} DeskCsvMap;

/* @names: of the columns. @words (nullable) go before what the names say. @key (nullable): a name.
 * FALSE with DESK_ERROR_INVALID, which says what there is to choose from. */
gboolean desk_csv_map_make (
    DeskCsvMap *self, GPtrArray *names, const char *words, const char *key, GError **error);

/* "summary, details, …": what can stand before a "=". (transfer full) */
char *desk_csv_map_list_fields (void);

G_END_DECLS
