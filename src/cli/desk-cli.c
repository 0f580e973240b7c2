/* SPDX-License-Identifier: GPL-3.0-or-later
 * The surroundings of a command; see the header. */
#include "desk-cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk-blobs.h"
#include "desk-cli-remote.h"
#include "desk-device.h"
#include "desk-output.h"
#include "desk-people.h"
#include "desk-report.h"
#include "desk-scrub.h"
#include "desk-text.h"
#include "desk-uid.h"
#include "desk-words.h"

/* White space at the ends and line ends of two characters may go; what is longer than this is too
 * long anyway, and is not read to its end. */
#define INPUT_MAX_BYTES (DESK_BODY_MAX_BYTES + 64 * 1024)

typedef enum
{
  STATUS_DONE = 0,
  STATUS_REFUSED = 1,
  STATUS_USAGE = 2,
  STATUS_NO_DESK = 3,
  STATUS_NO_SUCH = 4,
  STATUS_OFFLINE = 5,
} Status;

DeskCli *
desk_cli_new (void)
{
  DeskCli *self = g_new0 (DeskCli, 1);

  self->arguments = desk_arguments_new ();
  return self;
}

void
desk_cli_free (DeskCli *self)
{
  g_clear_pointer (&self->me, desk_person_unref);
  g_clear_pointer (&self->sync, desk_sync_free);
  g_clear_pointer (&self->remote, desk_remote_free);
  g_clear_pointer (&self->turn, desk_turn_release);
  g_clear_pointer (&self->account, desk_account_free);
  g_clear_error (&self->trouble);
  g_clear_pointer (&self->db, desk_db_close);
  desk_arguments_free (self->arguments);
  g_free (self);
}

int
desk_cli_get_status (const GError *error)
{
  if (error == NULL)
    return STATUS_DONE;
  if (error->domain == DESK_USAGE_ERROR)
    return STATUS_USAGE;
  if (desk_remote_error_passes (error) ||
      g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_KEPT))
    return STATUS_OFFLINE;
  if (error->domain == DESK_STORE_ERROR || error->domain == DESK_REMOTE_ERROR)
    return STATUS_NO_DESK;
  if (g_error_matches (error, DESK_ERROR, DESK_ERROR_NO_SUCH) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return STATUS_NO_SUCH;
  return STATUS_REFUSED;
}

/* --- the command line --- */

static gboolean
find_command (DeskCli *self, const char *name, GError **error)
{
  self->command = desk_command_find (name);
  if (self->command != NULL)
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("There is no command %s; deskbellctl help lists them"), name);
  return FALSE;
}

/* Where to read what the command takes. */
static void
add_hint (GError **error, const DeskCommand *command)
{
  char *message = g_strdup_printf (_ ("%s; see deskbellctl help %s"), (*error)->message,
                                   command->name);

  g_free ((*error)->message);
  (*error)->message = message;
}

static gboolean
check_words (DeskCli *self, GError **error)
{
  guint n_words = desk_arguments_count (self->arguments);
  g_autofree char *usage = desk_words_of_usage (self->command->arguments);

  if (n_words >= self->command->min_words && n_words <= self->command->max_words)
    return TRUE;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               n_words < self->command->min_words
                   ? _ ("Something is missing; usage: deskbellctl %s %s")
                   : _ ("There are too many words (a text of several words goes in quotes); usage: "
                        "deskbellctl %s %s"),
               self->command->name, usage);
  return FALSE;
}

static gboolean
check_place (DeskCli *self, GError **error)
{
  gboolean remote = desk_cli_is_remote (self);

  if (remote && self->command->place == DESK_PLACE_FILE)
    g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                 _ ("%s is for desk files; do it on the computer of the server"),
                 self->command->name);
  else if (!remote && self->command->place == DESK_PLACE_SERVER)
    g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                 _ ("%s is for desks on a server; give --desk https://…"), self->command->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_text_words (DeskCli *self, GError **error)
{
  return self->command->words_are_files || desk_arguments_check_text (self->arguments, error);
}

gboolean
desk_cli_parse (DeskCli *self, char **argv, GError **error)
{
  g_autoptr (GArray) options = desk_command_get_options (NULL);

  if (!desk_arguments_parse (self->arguments, &argv, options, TRUE, error))
    return FALSE;
  if (*argv == NULL)
    return TRUE;
  if (!find_command (self, *argv++, error))
    return FALSE;
  g_array_unref (options);
  options = desk_command_get_options (self->command);
  if (!desk_arguments_parse (self->arguments, &argv, options, FALSE, error))
    {
      add_hint (error, self->command);
      return FALSE;
    }
  self->json = desk_arguments_has (self->arguments, "json");
  return desk_arguments_has (self->arguments, "help") ||
         (check_words (self, error) && check_text_words (self, error) && check_place (self, error));
}

gboolean
desk_cli_get_enum (DeskCli *self, const char *option, GType type, int *value, GError **error)
{
  const char *word = desk_arguments_get (self->arguments, option);
  g_autoptr (GEnumClass) set = g_type_class_ref (type);
  g_autoptr (GString) words = g_string_new (NULL);

  if (word == NULL || desk_enum_parse (type, word, value))
    return TRUE;
  for (guint i = 0; i < set->n_values; i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", set->values[i].value_nick);
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("%s is no word for --%s; use one of %s"), word, option, words->str);
  return FALSE;
}

/* All of standard input, as far as a text may be long. (transfer full) */
static char *
read_input (GError **error)
{
  g_autoptr (GString) input = g_string_new (NULL);
  char chunk[64 * 1024];
  gssize n_read;

  while ((n_read = read (STDIN_FILENO, chunk, sizeof chunk)) != 0)
    {
      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                       _ ("Standard input cannot be read: %s"), g_strerror (errno));
          return NULL;
        }
      g_string_append_len (input, chunk, n_read);
      if (input->len > INPUT_MAX_BYTES)
        {
          g_set_error (error, DESK_ERROR, DESK_ERROR_TOO_LONG,
                       _ ("The text is longer than %d bytes; attach it as a file instead"),
                       DESK_BODY_MAX_BYTES);
          return NULL;
        }
    }
  if (!g_utf8_validate (input->str, input->len, NULL))
    {
      g_set_error (
          error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
          _ ("Standard input is not UTF-8 text; convert it first, for example with iconv"));
      return NULL;
    }
  return g_string_free (g_steal_pointer (&input), FALSE);
}

char *
desk_cli_dup_text (const char *word, GError **error)
{
  return g_str_equal (word, "-") ? read_input (error) : g_strdup (word);
}

gint64
desk_cli_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* --- the desk --- */

/* The desk that the app makes for itself on its first start, if there is one. (transfer full)
 * (nullable) */
static char *
find_own_desk (void)
{
  g_autofree char *path = g_build_filename (g_get_user_data_dir (), "deskbell", "desk.desk", NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

char *
desk_cli_dup_path (DeskCli *self, GError **error)
{
  const char *path = desk_cli_get_place (self);
  char *own;

  if (desk_cli_is_remote (self))
    {
      g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                   _ ("This is for desk files; do it on the computer of the server"));
      return NULL;
    }
  if (path != NULL)
    return g_strdup (path);
  own = find_own_desk ();
  if (own == NULL)
    g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
                 _ ("No desk is named; give --desk FILE or set DESKBELL_DESK"));
  return own;
}

const char *
desk_cli_get_login (DeskCli *self, GError **error)
{
  const char *login = desk_arguments_get (self->arguments, "as");

  if (login == NULL)
    login = g_get_user_name ();
  if (*login != '\0' && g_utf8_validate (login, -1, NULL))
    return login;
  g_set_error (error, DESK_USAGE_ERROR, DESK_USAGE_ERROR_FAILED,
               _ ("Nobody is named; give --as LOGIN"));
  return NULL;
}

const char *
desk_cli_get_real_name (DeskCli *self)
{
  const char *name = g_get_real_name ();

  if (desk_arguments_has (self->arguments, "as") || g_str_equal (name, "Unknown") || *name == '\0')
    return NULL;
  return g_utf8_validate (name, -1, NULL) ? name : NULL;
}

gboolean
desk_cli_open (DeskCli *self, DeskDbMode mode, GError **error)
{
  g_autofree char *path = NULL;
  const char *login;

  if (desk_cli_is_remote (self))
    return desk_cli_open_copy (self, mode, error);
  path = desk_cli_dup_path (self, error);
  login = path != NULL ? desk_cli_get_login (self, error) : NULL;
  if (login == NULL)
    return FALSE;
  self->db = desk_db_open (path, mode, error);
  if (self->db == NULL)
    return FALSE;
  self->me = desk_people_identify (self->db, login, desk_cli_get_real_name (self), error);
  return self->me != NULL;
}

DeskPerson *
desk_cli_find_login (DeskCli *self, const char *login, GError **error)
{
  GError *failure = NULL;
  DeskPerson *person = desk_people_find_login (self->db, login, &failure);

  if (person == NULL && failure == NULL)
    person = desk_cli_ask_login (self, login, &failure);
  if (person == NULL && failure == NULL)
    g_set_error (&failure, DESK_ERROR, DESK_ERROR_NO_SUCH,
                 _ ("Nobody here has the login %s; deskbellctl person list shows who is known"),
                 login);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return person;
}

/* --- tickets and ops --- */

DeskCase *
desk_cli_load (DeskCli *self, DeskDbMode mode, GError **error)
{
  const char *ref = desk_arguments_get_word (self->arguments, 0);
  GError *failure = NULL;
  DeskCase *found;

  if (!desk_cli_open (self, mode, error))
    return NULL;
  found = desk_tickets_load (self->db, self->me, ref, 0, &failure);
  if (g_error_matches (failure, DESK_ERROR, DESK_ERROR_NO_SUCH) && desk_cli_bring (self, ref))
    {
      g_clear_error (&failure);
      found = desk_tickets_load (self->db, self->me, ref, 0, &failure);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return found;
}

static gboolean
attach_file (DeskCli *self, DeskOp *op, const char *path, GError **error)
{
  DeskAttachment *attachment = desk_blobs_add_file (self->db, path, NULL, desk_show_progress, NULL,
                                                    NULL, error);

  desk_clear_progress ();
  if (attachment == NULL)
    {
      if (error != NULL && (*error)->domain == G_IO_ERROR)
        g_prefix_error (error, _ ("“%s” cannot be read: "), path);
      return FALSE;
    }
  desk_op_take_attachment (op, attachment);
  return TRUE;
}

gboolean
desk_cli_attach (DeskCli *self, DeskOp *op, GError **error)
{
  g_autoptr (GPtrArray) paths = desk_arguments_get_all (self->arguments, "attach");

  for (guint i = 0; i < paths->len; i++)
    if (!attach_file (self, op, g_ptr_array_index (paths, i), error))
      return FALSE;
  return TRUE;
}

DeskOp *
desk_cli_new_op (DeskCli *self, const DeskTicket *ticket, DeskKind kind)
{
  g_autofree char *uid = desk_uid_new ();
  g_autofree char *new_ticket = ticket == NULL ? desk_uid_new () : NULL;
  DeskOp *op = desk_op_new (uid, ticket != NULL ? ticket->uid : new_ticket, kind, self->me->uid);

  op->device = self->account != NULL ? g_strdup (self->account->device) : desk_device_dup ();
  op->via = DESK_VIA_CLI;
  op->base = ticket != NULL ? ticket->no : 0;
  op->at = desk_cli_now ();
  return op;
}

/* Who passes a ticket on may lose sight of it; then its names are all there is to tell. */
static void
tell_out_of_sight (DeskCli *self, const DeskTicket *ticket)
{
  JsonObject *object;
  JsonNode *node;

  if (!self->json)
    {
      g_autofree char *name = desk_words_of_ticket (ticket->number, ticket->uid);

      desk_print (_ ("%s is done, and you do not see it any more"), name);
      desk_print ("\n");
      return;
    }
  object = json_object_new ();
  node = json_node_new (JSON_NODE_OBJECT);
  json_object_set_string_member (object, "uid", ticket->uid);
  if (ticket->number != NULL)
    json_object_set_string_member (object, "number", ticket->number);
  json_node_take_object (node, object);
  desk_print_json (node);
}

static void
tell_outcome (DeskCli *self, const DeskCase *ticket)
{
  if (self->json)
    desk_print_json (desk_report_ticket_to_json (ticket));
  else if (ticket->events->len > 0)
    desk_report_events (ticket, TRUE);
  else
    {
      g_autofree char *name = desk_words_of_ticket (ticket->ticket->number, ticket->ticket->uid);

      desk_print (_ ("%s is so already"), name);
      desk_print ("\n");
    }
}

static void
tell_number (const DeskTicket *ticket)
{
  desk_print ("%s\n", ticket->number != NULL ? ticket->number : ticket->uid);
}

/* What became of @op. NULL when it is out of sight. (transfer full) */
static DeskCase *
load_outcome (DeskCli *self, const DeskOp *op, const DeskReceipt *receipt)
{
  DeskCase *ticket = desk_tickets_load (self->db, self->me, receipt->ticket->uid, op->base, NULL);

  if (self->account == NULL || ticket == NULL || ticket->events->len > 0)
    return ticket;
  desk_case_unref (ticket);
  desk_cli_catch_up (self);
  return desk_tickets_load (self->db, self->me, receipt->ticket->uid, op->base, NULL);
}

/* The op is saved whatever becomes of reading it again, so nothing fails from here on. */
static void
tell_receipt (DeskCli *self, const DeskOp *op, const DeskReceipt *receipt)
{
  g_autoptr (DeskCase) ticket = load_outcome (self, op, receipt);

  if (op->kind == DESK_KIND_CREATED && !self->json)
    tell_number (ticket != NULL ? ticket->ticket : receipt->ticket);
  else if (ticket != NULL)
    tell_outcome (self, ticket);
  else
    tell_out_of_sight (self, receipt->ticket);
}

/* It is taken out whatever becomes of this: the desk remembers what is left to wipe. */
void
desk_cli_scrub (DeskCli *self)
{
  gboolean done = FALSE;

  desk_scrub (self->db, &done, desk_show_progress, NULL, NULL, NULL);
  desk_clear_progress ();
  if (!done)
    fprintf (stderr, "deskbellctl: %s\n",
             _ ("Traces of it stay in the desk's file until other programs let go of them"));
}

/* What is kept has no number yet, and goes by its uid meanwhile. */
static void
tell_kept (DeskCli *self, const DeskOp *op, const GError *error)
{
  if (op->kind == DESK_KIND_CREATED && !self->json &&
      g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_KEPT))
    desk_print ("%s\n", op->ticket);
}

gboolean
desk_cli_submit (DeskCli *self, const DeskOp *op, GError **error)
{
  g_autoptr (DeskReceipt) receipt = desk_submit (self->db, op, self->me, desk_cli_now (), error);
  GError *failure = NULL;

  if (receipt == NULL)
    return FALSE;
  if (self->account != NULL && !desk_cli_send (self, op, &failure))
    {
      tell_kept (self, op, failure);
      g_propagate_error (error, failure);
      return FALSE;
    }
  tell_receipt (self, op, receipt);
  return TRUE;
}
