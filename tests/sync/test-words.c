/* SPDX-License-Identifier: GPL-3.0-or-later
 * What went wrong with a server, said in the language of whoever it is told. */
#include <glib/gstdio.h>

#include "desk-error.h"
#include "desk-remote-error.h"
#include "desk-turn.h"

static const char *
translate (const char *english)
{
  if (g_str_equal (english, "%s cannot be reached: %s"))
    return "Keine Verbindung (%2$s) zu %1$s";
  return g_str_equal (english, "no route") ? "kein Weg" : english;
}

static GError *
fail (void)
{
  GError *error = NULL;

  g_assert_false (desk_remote_fail (&error, DESK_REMOTE_ERROR_BUSY, "%s cannot be reached: %s",
                                    "help.example.org", "no route"));
  return error;
}

/* Takes @error. */
static void
assert_said (GError *error, DeskRemoteError code)
{
  g_autoptr (GError) owned = error;
  g_autofree char *said = desk_remote_error_say (owned, translate);

  g_assert_error (owned, DESK_REMOTE_ERROR, (int) code);
  g_assert_cmpstr (owned->message, ==, "help.example.org cannot be reached: no route");
  g_assert_cmpstr (said, ==, "Keine Verbindung (kein Weg) zu help.example.org");
}

static void
test_failures_are_translated (void)
{
  GError *error = fail ();

  assert_said (g_error_copy (error), DESK_REMOTE_ERROR_BUSY);
  assert_said (error, DESK_REMOTE_ERROR_BUSY);
}

static void
test_other_layers_are_translated (void)
{
  g_autoptr (GError) refusal = NULL;
  g_autofree char *said = NULL;

  desk_refuse (&refusal, DESK_ERROR_NO_SUCH, "%s cannot be reached: %s", "a", "no route");
  said = desk_remote_error_say (refusal, translate);
  g_assert_cmpstr (said, ==, "Keine Verbindung (kein Weg) zu a");
}

/* Who waits for the turn may speak another language than whoever has it. */
static void
test_trouble_is_told_to_others (void)
{
  g_autofree char *folder = g_dir_make_tmp ("deskbell-turn-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "copy.desk", NULL);
  g_autofree char *file = g_strconcat (path, "-turn", NULL);
  g_autoptr (DeskTurn) turn = desk_turn_take (path);
  g_autoptr (GError) error = fail ();

  g_assert_null (desk_turn_take (path));
  g_assert_null (desk_turn_ask (path));
  desk_turn_tell (turn, error);
  assert_said (desk_turn_ask (path), DESK_REMOTE_ERROR_OFFLINE);
  desk_turn_tell (turn, NULL);
  g_assert_null (desk_turn_ask (path));
  g_unlink (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/failures-are-translated", test_failures_are_translated);
  g_test_add_func ("/words/other-layers-are-translated", test_other_layers_are_translated);
  g_test_add_func ("/words/trouble-is-told-to-others", test_trouble_is_told_to_others);
  return g_test_run ();
}
