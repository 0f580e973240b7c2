/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is said about a copy of a served desk, in one sentence and in few words. */
#include "desk-sync-notice.h"

static void
assert_said (DeskNotice notice, const DeskSyncerStatus *status, const char *text, const char *brief)
{
  g_autofree char *said = desk_sync_notice_say (notice, status);
  g_autofree char *said_short = desk_sync_notice_say_short (notice, status);

  g_assert_cmpstr (said, ==, text);
  g_assert_cmpstr (said_short, ==, brief);
}

static void
test_nothing (void)
{
  DeskSyncerStatus status = { .state = DESK_SYNCER_ONLINE };

  assert_said (DESK_NOTICE_NONE, &status, NULL, "Up to date");
  status.waiting = 2;
  assert_said (DESK_NOTICE_NONE, &status, NULL, "2 to send");
  status = (DeskSyncerStatus){ .state = DESK_SYNCER_STARTING };
  assert_said (DESK_NOTICE_NONE, &status, NULL, "Connecting");
  g_assert_null (desk_sync_notice_say_way_on (DESK_NOTICE_NONE));
}

static void
test_offline_says_what_waits (void)
{
  DeskSyncerStatus status = { .state = DESK_SYNCER_OFFLINE };

  assert_said (DESK_NOTICE_OFFLINE, &status,
               "You are offline. What you do now will be sent when the desk answers again.",
               "Offline");
  status.waiting = 1;
  assert_said (DESK_NOTICE_OFFLINE, &status,
               "You are offline. 1 change will be sent when the desk answers again.",
               "Offline · 1 to send");
  status.waiting = 3;
  assert_said (DESK_NOTICE_OFFLINE, &status,
               "You are offline. 3 changes will be sent when the desk answers again.",
               "Offline · 3 to send");
}

static void
test_busy_says_when_it_is_tried_again (void)
{
  DeskSyncerStatus status = { .state = DESK_SYNCER_BUSY, .waiting = 1 };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  assert_said (DESK_NOTICE_BUSY, &status, "The desk is busy. It is asked again in a moment.",
               "Desk is busy · 1 to send");
  status.retry_at = now + 300;
  assert_said (DESK_NOTICE_BUSY, &status, "The desk is busy. It is asked again in 5 minutes.",
               "Desk is busy · 1 to send");
  g_assert_cmpstr (desk_sync_notice_say_way_on (DESK_NOTICE_BUSY), ==, "Try now");
}

static void
test_signed_out_says_what_waits (void)
{
  DeskSyncerStatus status = { .state = DESK_SYNCER_SIGNED_OUT, .waiting = 2 };

  assert_said (DESK_NOTICE_SIGNED_OUT, &status,
               "You are signed out. 2 changes will be sent when you sign in again.",
               "Signed out · 2 to send");
  g_assert_cmpstr (desk_sync_notice_say_way_on (DESK_NOTICE_SIGNED_OUT), ==, "Sign in…");
}

static void
test_trouble_speaks_for_itself (void)
{
  g_autoptr (GError)
      trouble = g_error_new_literal (DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_CERTIFICATE,
                                     "help.example.org cannot prove that it is the one");
  DeskSyncerStatus status = { .state = DESK_SYNCER_CERTIFICATE, .trouble = trouble };

  assert_said (DESK_NOTICE_CERTIFICATE, &status,
               "Nothing is sent or read: help.example.org cannot prove that it is the one.",
               "Not connected");
}

static void
test_what_came_back (void)
{
  DeskSyncerStatus status = { .refused = 0 };
  g_autofree char *one = NULL, *several = NULL;

  g_assert_null (desk_sync_notice_say_refused (&status));
  status.refused = 1;
  one = desk_sync_notice_say_refused (&status);
  status.refused = 4;
  several = desk_sync_notice_say_refused (&status);
  g_assert_cmpstr (one, ==, "1 change came back from the desk.");
  g_assert_cmpstr (several, ==, "4 changes came back from the desk.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync-notice/nothing", test_nothing);
  g_test_add_func ("/sync-notice/offline-says-what-waits", test_offline_says_what_waits);
  g_test_add_func ("/sync-notice/busy-says-when-it-is-tried-again",
                   test_busy_says_when_it_is_tried_again);
  g_test_add_func ("/sync-notice/signed-out-says-what-waits", test_signed_out_says_what_waits);
  g_test_add_func ("/sync-notice/trouble-speaks-for-itself", test_trouble_speaks_for_itself);
  g_test_add_func ("/sync-notice/what-came-back", test_what_came_back);
  return g_test_run ();
}
