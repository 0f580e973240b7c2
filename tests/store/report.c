/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an import said. */
#include "report.h"

#include <string.h>

void
report_clear (Report *self)
{
  g_clear_pointer (&self->messages, g_ptr_array_unref);
  g_clear_error (&self->error);
}

void
report_start (Report *self)
{
  report_clear (self);
  self->messages = g_ptr_array_new_with_free_func (g_free);
}

void
report_take_cb (gint64 line, const GError *reason, gpointer report)
{
  Report *self = report;

  g_assert_true (g_utf8_validate (reason->message, -1, NULL));
  g_assert_null (strchr (reason->message, '\n'));
  g_ptr_array_add (self->messages,
                   g_strdup_printf ("%" G_GINT64_FORMAT ": %s", line, reason->message));
}

void
report_show (const Report *self)
{
  for (guint i = 0; i < self->messages->len; i++)
    g_test_message ("%s", (char *) self->messages->pdata[i]);
}

gboolean
report_is_told (const Report *self, const char *words)
{
  for (guint i = 0; i < self->messages->len; i++)
    if (strstr (self->messages->pdata[i], words) != NULL)
      return TRUE;
  return FALSE;
}

void
report_assert_told (const Report *self, const char *words)
{
  if (!report_is_told (self, words))
    g_error ("nobody was told: %s", words);
}

void
report_assert_all_taken (const Report *self)
{
  g_assert_no_error (self->error);
  g_assert_cmpint (self->result.refused, ==, 0);
  g_assert_cmpint (self->result.differing, ==, 0);
  g_assert_cmpuint (self->messages->len, ==, 0);
}

void
report_import (Report *self, DeskDb *db, const char *text, gssize size)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (
      text, size < 0 ? (gssize) strlen (text) : size, NULL);
  gboolean done;

  report_start (self);
  done = desk_import (db, input, 0, NOW, report_take_cb, NULL, self, &self->result, NULL,
                      &self->error);
  report_show (self);
  g_assert_true (done == (self->error == NULL));
}

char *
report_fill_and_export (Fixture *fixture)
{
  sample_fill (fixture);
  return sample_export (fixture->db);
}

/* Line by line, because that says more when it fails. */
void
report_assert_exports (DeskDb *db, const char *expected)
{
  g_autofree char *text = sample_export (db);
  g_auto (GStrv) ours = g_strsplit (text, "\n", -1);
  g_auto (GStrv) theirs = g_strsplit (expected, "\n", -1);

  for (guint i = 0; ours[i] != NULL && theirs[i] != NULL; i++)
    g_assert_cmpstr (ours[i], ==, theirs[i]);
  g_assert_cmpuint (g_strv_length (ours), ==, g_strv_length (theirs));
}

guint
report_count_lines (const char *text)
{
  guint n = 0;

  for (; *text != '\0'; text++)
    n += *text == '\n';
  return n;
}
