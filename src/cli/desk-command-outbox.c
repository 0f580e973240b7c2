/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl outbox: what waits to be sent to the server, and what it refused. */
#include "desk-cli-remote.h"

#include "desk-json.h"
#include "desk-output.h"
#include "desk-replica-uploads.h"
#include "desk-uid.h"
#include "desk-words.h"

/* --- list --- */

/* How much of a file the server has. */
static gint64
find_sent_bytes (DeskCli *cli, const DeskAttachment *file)
{
  g_auto (DeskReplicaUpload) upload = { NULL };

  return desk_replica_find_upload (cli->db, file->sha256, &upload, NULL) ? upload.sent_bytes : 0;
}

static void
add_files (DeskCli *cli, GString *words, const DeskOp *op)
{
  for (guint i = 0; i < op->attachments->len; i++)
    {
      const DeskAttachment *file = op->attachments->pdata[i];
      g_autofree char *sent = g_format_size ((guint64) find_sent_bytes (cli, file));
      g_autofree char *size = g_format_size ((guint64) file->size_bytes);

      g_string_append (words, words->len > 0 ? "; " : "");
      g_string_append_printf (words, _ ("%s: %s of %s sent"), file->name, sent, size);
    }
}

/* Why it was refused, or what it says and how far its files are. (transfer full) */
static char *
describe (DeskCli *cli, const DeskOutboxItem *item)
{
  GString *words;

  if (item->state == DESK_OUTBOX_REFUSED && item->problem != NULL)
    return desk_words_of_problem (item->problem);
  words = g_string_new (item->op->text);
  if (item->state == DESK_OUTBOX_WAITING)
    add_files (cli, words, item->op);
  return g_string_free (words, FALSE);
}

static void
print_items (DeskCli *cli, GPtrArray *items)
{
  g_autoptr (DeskTable) table = desk_table_new (5);

  for (guint i = 0; i < items->len; i++)
    {
      const DeskOutboxItem *item = items->pdata[i];
      g_autofree char *time = desk_words_of_time (item->op->at);
      g_autofree char *words = describe (cli, item);

      desk_table_add (table, item->op->uid, time,
                      desk_enum_get_nick (DESK_TYPE_KIND, (int) item->op->kind),
                      item->state == DESK_OUTBOX_REFUSED ? _ ("refused") : _ ("waiting"), words);
    }
  desk_table_print (table);
}

static gint64
sum_sent_bytes (DeskCli *cli, const DeskOp *op)
{
  gint64 sum = 0;

  for (guint i = 0; i < op->attachments->len; i++)
    sum += find_sent_bytes (cli, op->attachments->pdata[i]);
  return sum;
}

static JsonNode *
item_to_json (DeskCli *cli, const DeskOutboxItem *item)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "state",
                                 item->state == DESK_OUTBOX_REFUSED ? "refused" : "waiting");
  json_object_set_member (object, "op", desk_op_to_json (item->op));
  if (item->state == DESK_OUTBOX_WAITING && item->op->attachments->len > 0)
    json_object_set_int_member (object, "sent_bytes", sum_sent_bytes (cli, item->op));
  if (item->problem != NULL)
    json_object_set_member (object, "problem", desk_problem_to_json (item->problem));
  json_node_take_object (node, object);
  return node;
}

static void
print_items_as_json (DeskCli *cli, GPtrArray *items)
{
  desk_print_json_begin ();
  for (guint i = 0; i < items->len; i++)
    desk_print_json_item (item_to_json (cli, items->pdata[i]), i == 0);
  desk_print_json_end ();
}

/* Refused ones first: they need somebody. (transfer full) */
static GPtrArray *
load_items (DeskCli *cli, GError **error)
{
  g_autoptr (GPtrArray) items = desk_outbox_list (cli->db, DESK_OUTBOX_REFUSED, error);
  g_autoptr (GPtrArray)
      waiting = items != NULL ? desk_outbox_list (cli->db, DESK_OUTBOX_WAITING, error) : NULL;

  if (waiting == NULL)
    return NULL;
  g_ptr_array_extend_and_steal (items, g_steal_pointer (&waiting));
  return g_steal_pointer (&items);
}

static gboolean
exec_list (DeskCli *cli, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) items = desk_cli_open_copy_offline (cli, error) ? load_items (cli, error)
                                                                        : NULL;

  if (items == NULL)
    return FALSE;
  if (cli->json)
    print_items_as_json (cli, items);
  else
    print_items (cli, items);
  return TRUE;
}

/* --- a refused one --- */

static DeskOutboxItem *
find_refused (DeskCli *cli, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) items = desk_outbox_list (cli->db, DESK_OUTBOX_REFUSED, error);

  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      const DeskOutboxItem *item = items->pdata[i];

      if (g_str_equal (item->op->uid, uid))
        return g_ptr_array_steal_index (items, i);
    }
  if (items != NULL)
    g_set_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH,
                 _ ("Nothing refused is called %s; deskbellctl outbox lists all"), uid);
  return NULL;
}

static gboolean
exec_drop (DeskCli *cli, const char *uid, GError **error)
{
  g_autoptr (DeskOutboxItem) item = NULL;

  if (!desk_cli_open_copy_offline (cli, error))
    return FALSE;
  item = find_refused (cli, uid, error);
  return item != NULL && desk_outbox_drop (cli->db, uid, error);
}

/* The same wish of somebody who has seen the ticket as it is now. (transfer full) */
static DeskOp *
ask_again (DeskCli *cli, const DeskOp *refused, GError **error)
{
  g_autoptr (DeskCase) ticket = NULL;
  g_autoptr (DeskOp) op = NULL;

  if (refused->kind != DESK_KIND_CREATED)
    {
      ticket = desk_tickets_load (cli->db, cli->me, refused->ticket, G_MAXINT64, error);
      if (ticket == NULL)
        return NULL;
    }
  op = desk_cli_new_op (cli, ticket != NULL ? ticket->ticket : NULL, refused->kind);
  desk_op_set_text (op, refused->text);
  for (guint i = 0; i < refused->changes->len; i++)
    {
      const DeskChange *change = refused->changes->pdata[i];

      desk_op_change (op, change->field, change->to);
    }
  for (guint i = 0; i < refused->attachments->len; i++)
    {
      const DeskAttachment *file = refused->attachments->pdata[i];

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
  op->target = g_strdup (refused->target);
  return g_steal_pointer (&op);
}

/* It is kept under another name before it goes under the old one. */
static gboolean
exec_retry (DeskCli *cli, const char *uid, GError **error)
{
  g_autoptr (DeskOutboxItem) item = NULL;
  g_autoptr (DeskOp) op = NULL;
  GError *failure = NULL;
  gboolean done;

  if (!desk_cli_open (cli, DESK_DB_OPEN, error))
    return FALSE;
  item = find_refused (cli, uid, error);
  op = item != NULL ? ask_again (cli, item->op, error) : NULL;
  if (op == NULL)
    return FALSE;
  done = desk_cli_submit (cli, op, &failure);
  if ((done || g_error_matches (failure, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_KEPT)) &&
      !desk_outbox_drop (cli->db, uid, done ? &failure : NULL))
    done = FALSE;
  if (failure != NULL)
    g_propagate_error (error, failure);
  return done;
}

/* --- verbs --- */

static const struct
{
  const char *name;
  gboolean needs_uid;
  gboolean (*exec) (DeskCli *cli, const char *uid, GError **error);
} verbs[] = {
  { "list", FALSE, exec_list },
  { "retry", TRUE, exec_retry },
  { "drop", TRUE, exec_drop },
};

static gboolean
exec_outbox (DeskCli *cli, GError **error)
{
  const char *name = desk_arguments_get_word (cli->arguments, 0);
  const char *uid = desk_arguments_get_word (cli->arguments, 1);

  if (name == NULL)
    return exec_list (cli, NULL, error);
  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, name) && verbs[i].needs_uid == (uid != NULL))
      return verbs[i].exec (cli, uid, error);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED, _ ("This is not one of: %s %s"),
               cli->command->name, cli->command->arguments);
  return FALSE;
}

const DeskCommand desk_command_outbox = {
  .name = "outbox",
  .arguments = "[list | retry UID | drop UID]",
  .help = N_ ("What waits for the server, and what it refused: to send again, or to forget"),
  .max_words = 2,
  .place = DESK_PLACE_SERVER,
  .exec = exec_outbox,
};
