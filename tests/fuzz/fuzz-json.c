/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies: whatever is read as one of ours is written as something that reads as the same. */
#include <string.h>

#include "desk-api.h"
#include "desk-json.h"
#include "desk-protocol.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef gpointer (*Reader) (JsonNode *node, GError **error);
typedef JsonNode *(*Writer) (gconstpointer value);

typedef struct
{
  gpointer (*read) (JsonNode *node, GError **error);
  JsonNode *(*write) (gconstpointer value);
  GDestroyNotify free;
} Body;

#define BODY(type, end)                                                                            \
  {                                                                                                \
    (Reader) desk_##type##_from_json, (Writer) desk_##type##_to_json,                              \
        (GDestroyNotify) desk_##type##_##end                                                       \
  }

static const Body bodies[] = {
  BODY (op, unref),        BODY (event, unref),     BODY (ticket, unref),
  BODY (person, unref),    BODY (entry, unref),     BODY (put, free),
  BODY (page, free),       BODY (problem, free),    BODY (op_result, free),
  BODY (ops_answer, free), BODY (sign_in, free),    BODY (device_session, free),
  BODY (welcome, free),    BODY (invitation, free),
};

static char *
write_text (const Body *body, gconstpointer value)
{
  g_autoptr (JsonNode) node = body->write (value);

  return desk_json_to_string (node, FALSE);
}

static void
check_round_trip (const Body *body, gpointer value)
{
  g_autofree char *text = write_text (body, value);
  g_autoptr (JsonNode) node = desk_json_parse (text, strlen (text), NULL);
  g_autofree char *again = NULL;
  gpointer same;

  g_assert_nonnull (node);
  same = body->read (node, NULL);
  g_assert_nonnull (same);
  again = write_text (body, same);
  g_assert_cmpstr (text, ==, again);
  body->free (same);
}

/* Of what only comes in. */
static void
read_requests (JsonNode *node)
{
  g_autoptr (DeskOpsRequest) ops = desk_ops_request_from_json (node, NULL);
  g_autoptr (DeskOsTicket) ticket = desk_os_ticket_from_json (node, NULL);
  g_autoptr (DeskOp) op = desk_op_new ("", "", DESK_KIND_CHANGE, "");
  g_autofree char *name = desk_token_request_from_json (node, NULL);
  g_autofree char *sha256 = NULL;
  gint64 size_bytes;

  desk_upload_request_from_json (node, &sha256, &size_bytes, NULL);
  desk_op_read_words (op, 1u << DESK_KIND_NOTE, node, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonNode) node = desk_json_parse ((const char *) data, size, NULL);

  if (node == NULL)
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      gpointer value = bodies[i].read (node, NULL);

      if (value == NULL)
        continue;
      check_round_trip (&bodies[i], value);
      bodies[i].free (value);
    }
  read_requests (node);
  return 0;
}
