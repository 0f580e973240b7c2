/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desks that this computer knows. */
#include "desk-places.h"

#include "desk-settings.h"

#define MAX_KEPT 8

struct _DeskPlaces
{
  GObject parent_instance;

  GMenu *menu;         /* or NULL */
  GSettings *settings; /* or NULL */
  GPtrArray *accounts; /* of DeskPlace */
  GPtrArray *files;    /* of DeskPlace, the one opened last first */
  GPtrArray *opened;   /* of char **: desk and login, the one opened last first */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (DeskPlaces, desk_places, G_TYPE_OBJECT)

static void
unref_place (gpointer place)
{
  desk_place_unref (place);
}

static GPtrArray *
new_places (void)
{
  return g_ptr_array_new_with_free_func (unref_place);
}

/* --- the menu --- */

static void
add_item (DeskPlaces *self, const DeskPlace *place)
{
  g_autofree char *name = desk_place_dup_name (place);
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);
  g_autofree char *label = g_strjoinv ("__", parts);
  g_autofree char *id = desk_place_dup_id (place);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.desk", "s", id);
  g_menu_append_item (self->menu, item);
}

static void
fill_menu (DeskPlaces *self)
{
  if (self->menu == NULL)
    return;
  g_menu_remove_all (self->menu);
  for (guint i = 0; i < self->accounts->len; i++)
    add_item (self, self->accounts->pdata[i]);
  for (guint i = 0; i < self->files->len; i++)
    add_item (self, self->files->pdata[i]);
}

static void
tell (DeskPlaces *self)
{
  fill_menu (self);
  g_signal_emit (self, changed_signal, 0);
}

/* --- files that were opened --- */

static void
find_files (DeskPlaces *self)
{
  g_ptr_array_set_size (self->files, 0);
  for (guint i = 0; i < self->opened->len; i++)
    {
      char **opened = self->opened->pdata[i];

      if (!desk_place_is_address (opened[0]))
        g_ptr_array_add (self->files, desk_place_new_file (opened[0], opened[1]));
    }
}

static void
load_opened (DeskPlaces *self)
{
  g_autoptr (GVariant) kept = desk_settings_get_desks (self->settings);
  GVariantIter iter;
  const char *desk;
  const char *login;

  g_variant_iter_init (&iter, kept);
  while (g_variant_iter_next (&iter, "(&s&s)", &desk, &login))
    {
      const char *const opened[] = { desk, login, NULL };

      g_ptr_array_add (self->opened, g_strdupv ((char **) opened));
    }
}

static void
save_opened (DeskPlaces *self)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ss)"));

  for (guint i = 0; i < MIN (self->opened->len, MAX_KEPT); i++)
    {
      char **opened = self->opened->pdata[i];

      g_variant_builder_add (&builder, "(ss)", opened[0], opened[1]);
    }
  desk_settings_set_desks (self->settings, g_variant_builder_end (&builder));
}

static void
remove_opened (DeskPlaces *self, const DeskPlace *place)
{
  const char *desk = desk_place_get_desk (place);

  for (guint i = self->opened->len; i-- > 0;)
    {
      char **opened = self->opened->pdata[i];

      if (g_str_equal (opened[0], desk) && g_str_equal (opened[1], place->login))
        g_ptr_array_remove_index (self->opened, i);
    }
}

/* --- accounts --- */

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) accounts = desk_accounts_load ();
  GPtrArray *places = new_places ();

  g_ptr_array_set_free_func (accounts, NULL);
  for (guint i = 0; i < accounts->len; i++)
    g_ptr_array_add (places, desk_place_new_account (accounts->pdata[i]));
  g_task_return_pointer (task, places, (GDestroyNotify) g_ptr_array_unref);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  DeskPlaces *self = DESK_PLACES (source);

  g_ptr_array_unref (self->accounts);
  self->accounts = g_task_propagate_pointer (G_TASK (result), NULL);
  tell (self);
}

void
desk_places_reload (DeskPlaces *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (DESK_IS_PLACES (self));

  task = g_task_new (self, NULL, loaded_cb, NULL);
  g_task_run_in_thread (task, load_in_thread);
}

/* --- the object --- */

static void
desk_places_finalize (GObject *object)
{
  DeskPlaces *self = DESK_PLACES (object);

  g_clear_object (&self->menu);
  g_clear_object (&self->settings);
  g_ptr_array_unref (self->accounts);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->opened);
  G_OBJECT_CLASS (desk_places_parent_class)->finalize (object);
}

static void
desk_places_class_init (DeskPlacesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = desk_places_finalize;
  changed_signal = g_signal_new ("changed", DESK_TYPE_PLACES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
desk_places_init (DeskPlaces *self)
{
  self->settings = desk_settings_new ();
  self->accounts = new_places ();
  self->files = new_places ();
  self->opened = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
}

DeskPlaces *
desk_places_new (GMenu *menu)
{
  DeskPlaces *self = g_object_new (DESK_TYPE_PLACES, NULL);

  g_set_object (&self->menu, menu);
  load_opened (self);
  find_files (self);
  fill_menu (self);
  desk_places_reload (self);
  return self;
}

static DeskPlace *
find_in (GPtrArray *places, const char *id)
{
  for (guint i = 0; i < places->len; i++)
    {
      g_autofree char *its_id = desk_place_dup_id (places->pdata[i]);

      if (g_str_equal (its_id, id))
        return desk_place_ref (places->pdata[i]);
    }
  return NULL;
}

gboolean
desk_places_has_several (DeskPlaces *self)
{
  g_return_val_if_fail (DESK_IS_PLACES (self), FALSE);

  return self->accounts->len + self->files->len > 1;
}

DeskPlace *
desk_places_find (DeskPlaces *self, const char *id)
{
  DeskPlace *place;

  g_return_val_if_fail (DESK_IS_PLACES (self), NULL);

  place = find_in (self->accounts, id);
  return place != NULL ? place : find_in (self->files, id);
}

void
desk_places_note_opened (DeskPlaces *self, const DeskPlace *place)
{
  const char *const opened[] = { desk_place_get_desk (place), place->login, NULL };

  g_return_if_fail (DESK_IS_PLACES (self));

  remove_opened (self, place);
  g_ptr_array_insert (self->opened, 0, g_strdupv ((char **) opened));
  save_opened (self);
  find_files (self);
  tell (self);
  if (place->account != NULL)
    desk_places_reload (self);
}

void
desk_places_forget (DeskPlaces *self, const DeskPlace *place)
{
  g_return_if_fail (DESK_IS_PLACES (self));

  remove_opened (self, place);
  save_opened (self);
  find_files (self);
  tell (self);
  desk_places_reload (self);
}

gboolean
desk_places_get_last (DeskPlaces *self, char **desk, char **login)
{
  char **last;

  g_return_val_if_fail (DESK_IS_PLACES (self), FALSE);

  if (self->opened->len == 0)
    return FALSE;
  last = self->opened->pdata[0];
  *desk = g_strdup (last[0]);
  *login = g_strdup (last[1]);
  return TRUE;
}
