/* SPDX-License-Identifier: GPL-3.0-or-later
 * The digest of an op.
 *
 * Not over its JSON, whose bytes depend on a library's version: each value goes in behind its
 * length, so no two ops have the same bytes. The form is stored in desk files: never change it. */
#include "desk-json.h"

#include <string.h>

static void
add_text (GString *bytes, const char *text)
{
  char head[24];

  if (text == NULL)
    {
      g_string_append (bytes, "-;");
      return;
    }
  g_snprintf (head, sizeof head, "%" G_GSIZE_FORMAT ":", strlen (text));
  g_string_append (bytes, head);
  g_string_append (bytes, text);
  g_string_append_c (bytes, ';');
}

static void
add_number (GString *bytes, gint64 number)
{
  char text[24];

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT ";", number);
  g_string_append (bytes, text);
}

static void
add_changes (GString *bytes, GPtrArray *changes)
{
  add_number (bytes, changes->len);
  for (guint i = 0; i < changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (changes, i);

      /* In an op only `to` counts. */
      add_text (bytes, desk_field_get_name (change->field));
      add_text (bytes, change->to);
    }
}

static void
add_attachments (GString *bytes, GPtrArray *attachments)
{
  add_number (bytes, attachments->len);
  for (guint i = 0; i < attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (attachments, i);

      add_text (bytes, attachment->name);
      add_text (bytes, attachment->type);
      add_number (bytes, attachment->size_bytes);
      add_text (bytes, attachment->sha256);
    }
}

char *
desk_op_digest (const DeskOp *op)
{
  g_autoptr (GString) bytes = g_string_sized_new (1024);

  add_text (bytes, "deskbell op 1");
  add_text (bytes, op->uid);
  add_text (bytes, op->ticket);
  add_text (bytes, desk_enum_get_nick (DESK_TYPE_KIND, (int) op->kind));
  add_text (bytes, op->text);
  add_changes (bytes, op->changes);
  add_attachments (bytes, op->attachments);
  add_text (bytes, op->target);
  add_text (bytes, op->author);
  add_text (bytes, op->device);
  add_text (bytes, desk_enum_get_nick (DESK_TYPE_VIA, (int) op->via));
  add_number (bytes, op->at);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) bytes->str, bytes->len);
}
