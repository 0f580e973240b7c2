/* SPDX-License-Identifier: GPL-3.0-or-later
 * deskbellctl sync: exchange with the server whatever there is, and tell how it stands. */
#include "desk-cli-remote.h"

#include "desk-output.h"
#include "desk-words.h"

static void
tell_as_json (const DeskReplicaState *state)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "address", state->address);
  json_object_set_int_member (object, "pulled_at", state->pulled_at);
  json_object_set_int_member (object, "waiting", state->waiting);
  json_object_set_int_member (object, "refused", state->refused);
  json_object_set_int_member (object, "incomplete", state->incomplete);
  json_object_set_int_member (object, "unindexed", state->unindexed);
  json_node_take_object (node, object);
  desk_print_json (node);
}

static void
tell_for_people (const DeskReplicaState *state)
{
  g_autofree char *time = desk_words_of_time (state->pulled_at);

  desk_print (_ ("As on the server at %s"), time);
  desk_print ("\n");
  if (state->waiting > 0)
    {
      desk_print (ngettext ("%d waits to be sent", "%d wait to be sent", (gulong) state->waiting),
                  (int) state->waiting);
      desk_print ("\n");
    }
  if (state->refused > 0)
    {
      desk_print (ngettext ("%d was refused; deskbellctl outbox shows it",
                            "%d were refused; deskbellctl outbox shows them",
                            (gulong) state->refused),
                  (int) state->refused);
      desk_print ("\n");
    }
}

static gboolean
exec_sync (DeskCli *cli, GError **error)
{
  g_autoptr (DeskReplicaState) state = NULL;

  if (!desk_cli_open (cli, DESK_DB_OPEN, error))
    return FALSE;
  if (cli->trouble != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cli->trouble));
      return FALSE;
    }
  state = desk_replica_get_state (cli->db, error);
  if (state == NULL)
    return FALSE;
  if (cli->json)
    tell_as_json (state);
  else
    tell_for_people (state);
  return TRUE;
}

const DeskCommand desk_command_sync = {
  .name = "sync",
  .arguments = "",
  .help = N_ ("Send what waits and read what is new; every command does it, this one says so"),
  .place = DESK_PLACE_SERVER,
  .exec = exec_sync,
};
