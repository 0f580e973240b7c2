/* SPDX-License-Identifier: GPL-3.0-or-later
 * The digest of an op.
 *
 * Not over its JSON, whose bytes depend on a library's version: each value goes in behind its
 * length, so no two ops have the same bytes. The form is stored in desk files: never change it. */
#include "desk-json.h"

#include <string.h>

static void
add_text (GChecksum *checksum, const char *text)
{
  g_autofree char *head = NULL;

  if (text == NULL)
    {
      g_checksum_update (checksum, (const guchar *) "-;", 2);
      return;
    }
  head = g_strdup_printf ("%" G_GSIZE_FORMAT ":", strlen (text));
  g_checksum_update (checksum, (const guchar *) head, (gssize) strlen (head));
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
  g_checksum_update (checksum, (const guchar *) ";", 1);
}

static void
add_number (GChecksum *checksum, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT ";", number);

  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
}

static void
add_changes (GChecksum *checksum, GPtrArray *changes)
{
  add_number (checksum, changes->len);
  for (guint i = 0; i < changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (changes, i);

      /* In an op only `to` counts. */
      add_text (checksum, desk_field_get_name (change->field));
      add_text (checksum, change->to);
    }
}

static void
add_attachments (GChecksum *checksum, GPtrArray *attachments)
{
  add_number (checksum, attachments->len);
  for (guint i = 0; i < attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (attachments, i);

      add_text (checksum, attachment->name);
      add_text (checksum, attachment->type);
      add_number (checksum, attachment->size_bytes);
      add_text (checksum, attachment->sha256);
    }
}

char *
desk_op_digest (const DeskOp *op)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  add_text (checksum, "deskbell op 1");
  add_text (checksum, op->uid);
  add_text (checksum, op->ticket);
  add_text (checksum, desk_enum_get_nick (DESK_TYPE_KIND, (int) op->kind));
  add_text (checksum, op->text);
  add_changes (checksum, op->changes);
  add_attachments (checksum, op->attachments);
  add_text (checksum, op->target);
  add_text (checksum, op->author);
  add_text (checksum, op->device);
  add_text (checksum, desk_enum_get_nick (DESK_TYPE_VIA, (int) op->via));
  add_number (checksum, op->base);
  add_number (checksum, op->at);
  return g_strdup (g_checksum_get_string (checksum));
}
