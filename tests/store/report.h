/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an import said, for the tests of imports. */
#pragma once

#include "desk-import.h"
#include "sample.h"

G_BEGIN_DECLS

typedef struct
{
  DeskImportResult result;
  GPtrArray *messages; /* "LINE: message" */
  GError *error;
} Report;

void report_clear (Report *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

/* Before an import; report_take_cb() takes what it says. */
void report_start (Report *self);
void report_take_cb (gint64 line, const GError *reason, gpointer report);
/* After it: shows what was said. */
void report_show (const Report *self);

/* Whether a line was told of that has @words. */
gboolean report_is_told (const Report *self, const char *words);
void report_assert_told (const Report *self, const char *words);
/* Nothing differed, nothing was refused. */
void report_assert_all_taken (const Report *self);

/* Imports an export, @size bytes of it or -1. */
void report_import (Report *self, DeskDb *db, const char *text, gssize size);
/* Fills the sample desk and exports it. (transfer full) */
char *report_fill_and_export (Fixture *fixture);
/* The desk's export is @expected. */
void report_assert_exports (DeskDb *db, const char *expected);
guint report_count_lines (const char *text);

G_END_DECLS
