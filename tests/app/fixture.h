/* SPDX-License-Identifier: GPL-3.0-or-later
 * What tests of widgets share: a desk of a few people on a temporary file, waiting, finding
 * widgets.
 *
 * Everything that fails ends the test. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"

G_BEGIN_DECLS

/* g_test_init(), the toolkit, and an application that the windows of the tests belong to. */
void fixture_init (int *argc, char ***argv);
GtkApplication *fixture_get_application (void);

/* A new desk: administrator "admin", agents "john" and "jane", requester "karen", topics
 * "online-banking" (priority high) and "cards". Gives its folder to be freed with
 * fixture_free_folder(). */
char *fixture_new_desk (void);
/* The desk in @folder as somebody's. (transfer full) */
DeskStore *fixture_open (const char *folder, const char *login);
/* Closes @store and checks that nobody else holds it. */
void fixture_close (DeskStore *store);
/* Deletes it with all that is in it. */
void fixture_free_folder (char *folder);
/* (transfer full) */
char *fixture_uid_of (const char *folder, const char *login);
void fixture_remove_topic (const char *folder, const char *slug);

/* Runs the main loop until @condition, half a minute at most: busy computers are no failure. */
#define FIXTURE_WAIT(condition)                                                                   \
  G_STMT_START                                                                                    \
  {                                                                                               \
    gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                              \
    while (!(condition) && g_get_monotonic_time () < deadline)                                    \
      fixture_turn ();                                                                            \
    g_assert_true (condition);                                                                    \
  }                                                                                               \
  G_STMT_END

/* One turn of the main loop, or a short sleep. */
void fixture_turn (void);
/* Runs the main loop for a while, where nothing is expected to happen. */
void fixture_settle (guint ms);

/* The first widget inside @root with this id in its template, or of this type; NULL for none. */
GtkWidget *fixture_find (GtkWidget *root, const char *id);
GtkWidget *fixture_find_type (GtkWidget *root, GType type);
/* The first label inside @root that is shown and holds @text, NULL for none. */
GtkWidget *fixture_find_text (GtkWidget *root, const char *text);
guint fixture_count_type (GtkWidget *root, GType type);

G_END_DECLS
