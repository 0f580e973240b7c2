/* SPDX-License-Identifier: GPL-3.0-or-later
 * What tests of widgets share; see the header. */
#include "fixture.h"

#include "desk-people.h"
#include "desk-uid.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

static GtkApplication *application;

/* GTK 4.8 waits half a second with a tooltip and then asks where the pointer is in a window that
 * may have gone: a test on a busy computer ends by that. */
static gboolean
is_fatal (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  return strstr (message, "gdk_surface_get_device_position: assertion") == NULL &&
         strstr (message, "_gtk_widget_find_at_coords: assertion") == NULL;
}

static void
log_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer user_data)
{
  if (is_fatal (domain, level, message, NULL))
    g_log_default_handler (domain, level, message, NULL);
}

/* Every test begins without a handler. */
static void
forgive_late_tooltips (void)
{
  const GLogLevelFlags levels = G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL;
  static gboolean done;

  if (!done)
    {
      g_log_set_handler ("Gdk", levels, log_cb, NULL);
      g_log_set_handler ("Gtk", levels, log_cb, NULL);
    }
  done = TRUE;
  g_test_log_set_fatal_handler (is_fatal, NULL);
}

void
fixture_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  g_test_init (argc, argv, NULL);
  adw_init ();
  application = GTK_APPLICATION (adw_application_new ("org.deskbell.Deskbell.Test",
                                                      G_APPLICATION_NON_UNIQUE));
  g_application_set_resource_base_path (G_APPLICATION (application), "/org/deskbell/Deskbell");
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
}

GtkApplication *
fixture_get_application (void)
{
  return application;
}

void
fixture_turn (void)
{
  if (!g_main_context_iteration (NULL, FALSE))
    g_usleep (1000);
}

void
fixture_settle (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  while (g_get_monotonic_time () < end)
    fixture_turn ();
}

/* --- the desk --- */

static char *
path_of_desk (const char *folder)
{
  return g_build_filename (folder, "test.desk", NULL);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  DeskStore **store = user_data;
  g_autoptr (GError) error = NULL;

  *store = desk_store_open_finish (result, &error);
  g_assert_no_error (error);
}

static DeskStore *
open_store (const char *folder, gboolean create, const char *login)
{
  g_autofree char *path = path_of_desk (folder);
  DeskStore *store = NULL;

  desk_store_open_async (path, create, login, NULL, NULL, opened_cb, &store);
  FIXTURE_WAIT (store != NULL);
  return store;
}

DeskStore *
fixture_open (const char *folder, const char *login)
{
  return open_store (folder, FALSE, login);
}

void
fixture_close (DeskStore *store)
{
  desk_drafts_flush (desk_store_get_drafts (store));
  desk_store_close (store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (store);
}

/* An administrator's connection in a write transaction. */
typedef struct
{
  DeskDb *db;
  DeskPerson *admin;
} Catalogue;

static Catalogue
begin_catalogue (const char *folder)
{
  g_autofree char *path = path_of_desk (folder);
  g_autoptr (GError) error = NULL;
  Catalogue self;

  self.db = desk_db_open (path, DESK_DB_OPEN, &error);
  g_assert_no_error (error);
  desk_db_begin (self.db, &error);
  g_assert_no_error (error);
  self.admin = desk_people_find_login (self.db, "admin", &error);
  g_assert_no_error (error);
  return self;
}

static void
commit_catalogue (Catalogue *self)
{
  g_autoptr (GError) error = NULL;

  desk_db_commit (self->db, &error);
  g_assert_no_error (error);
  desk_person_unref (self->admin);
  desk_db_close (self->db);
}

static void
add_person (Catalogue *self, const char *login, const char *name, DeskRole role)
{
  g_autofree char *uid = desk_uid_new ();
  g_autoptr (DeskPerson) person = desk_person_new (uid, login, name, role);
  g_autoptr (GError) error = NULL;

  g_strfreev (person->departments);
  person->departments = g_strdupv (role == DESK_ROLE_AGENT ? self->admin->departments
                                                           : (char *[]) { NULL });
  desk_people_save (self->db, person, 0, self->admin, 1, &error);
  g_assert_no_error (error);
}

static void
add_topic (Catalogue *self, const char *slug, const char *label, const char *priority)
{
  g_autoptr (DeskEntry) entry = desk_entry_new (DESK_ENTRY_TOPIC, slug, label);
  g_autoptr (GError) error = NULL;

  if (priority != NULL)
    desk_entry_set (entry, DESK_PROPERTY_PRIORITY, priority);
  desk_entries_save (self->db, entry, 0, self->admin, 1, &error);
  g_assert_no_error (error);
}

char *
fixture_new_desk (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("deskbell-test-XXXXXX", &error);
  DeskStore *store;
  Catalogue catalogue;

  forgive_late_tooltips ();
  g_assert_no_error (error);
  store = open_store (folder, TRUE, "admin");
  fixture_close (store);
  catalogue = begin_catalogue (folder);
  add_person (&catalogue, "john", "John", DESK_ROLE_AGENT);
  add_person (&catalogue, "jane", "Jane", DESK_ROLE_AGENT);
  add_person (&catalogue, "karen", "Karen", DESK_ROLE_REQUESTER);
  add_topic (&catalogue, "online-banking", "Online Banking", "high");
  add_topic (&catalogue, "cards", "Cards", NULL);
  commit_catalogue (&catalogue);
  return folder;
}

void
fixture_remove_topic (const char *folder, const char *slug)
{
  Catalogue catalogue = begin_catalogue (folder);
  g_autoptr (GError) error = NULL;
  const DeskEntry *entry = desk_catalogue_find (desk_db_get_catalogue (catalogue.db, &error),
                                                DESK_ENTRY_TOPIC, slug);
  g_autoptr (DeskEntry) removed = desk_entry_copy (entry);

  removed->removed = TRUE;
  desk_entries_save (catalogue.db, removed, removed->revision, catalogue.admin, 2, &error);
  g_assert_no_error (error);
  commit_catalogue (&catalogue);
}

char *
fixture_uid_of (const char *folder, const char *login)
{
  g_autofree char *path = path_of_desk (folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskDb) db = desk_db_open (path, DESK_DB_READ, &error);
  g_autoptr (DeskPerson) person = NULL;

  g_assert_no_error (error);
  person = desk_people_find_login (db, login, &error);
  g_assert_no_error (error);
  return g_strdup (person->uid);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
fixture_free_folder (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

/* --- widgets --- */

typedef gboolean (*Matches) (GtkWidget *widget, gconstpointer what);

static GtkWidget *
find (GtkWidget *root, Matches matches, gconstpointer what)
{
  if (matches (root, what))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, matches, what);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_id (GtkWidget *widget, gconstpointer id)
{
  return g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), id) == 0;
}

static gboolean
has_type (GtkWidget *widget, gconstpointer type)
{
  return g_type_is_a (G_OBJECT_TYPE (widget), *(const GType *) type);
}

static gboolean
has_text (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_child_visible (widget)
         && gtk_widget_get_mapped (widget)
         && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;
}

GtkWidget *
fixture_find (GtkWidget *root, const char *id)
{
  return find (root, has_id, id);
}

GtkWidget *
fixture_find_type (GtkWidget *root, GType type)
{
  return find (root, has_type, &type);
}

GtkWidget *
fixture_find_text (GtkWidget *root, const char *text)
{
  return find (root, has_text, text);
}

guint
fixture_count_type (GtkWidget *root, GType type)
{
  guint count = g_type_is_a (G_OBJECT_TYPE (root), type) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    count += fixture_count_type (child, type);
  return count;
}
