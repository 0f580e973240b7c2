/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who else is looking at the ticket or answering it; see the header. */
#include "desk-presence-line.h"

#include <glib/gi18n.h>

#include "desk-avatar.h"
#include "desk-spoken.h"
#include "desk-wording.h"

#define MAX_AVATARS 3
#define AVATAR_SIZE 20
/* Whoever stopped typing so long ago is thinking of something else. */
#define ANSWERING_SECS 120
/* People come and go; who only passes by need not flicker. */
#define SETTLE_MS 300

struct _DeskPresenceLine
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  char *ticket;
  gboolean answering;
  guint answering_source;
  guint settle_source;
  GdkSurface *surface; /* of the window, while this is on it */
  gulong surface_handler;

  GtkWidget *revealer;
  GtkWidget *avatars;
  GtkWidget *icon;
  GtkWidget *label;
};

G_DEFINE_FINAL_TYPE (DeskPresenceLine, desk_presence_line, GTK_TYPE_WIDGET)

/* --- words --- */

static char *
word_answering (GPtrArray *names)
{
  g_autofree char *first = desk_wording_isolate (names->pdata[0]);
  g_autofree char *second = names->len > 1 ? desk_wording_isolate (names->pdata[1]) : NULL;

  if (names->len == 1)
    return g_strdup_printf (_ ("%s is answering this ticket"), first);
  if (names->len == 2)
    /* Translators: two names */
    return g_strdup_printf (_ ("%s and %s are answering"), first, second);
  return g_strdup_printf (
      ngettext ("%s and %u other are answering", "%s and %u others are answering", names->len - 1),
      first, names->len - 1);
}

static char *
word_looking (GPtrArray *names)
{
  g_autofree char *first = desk_wording_isolate (names->pdata[0]);
  g_autofree char *second = names->len > 1 ? desk_wording_isolate (names->pdata[1]) : NULL;

  if (names->len == 1)
    return g_strdup_printf (_ ("%s is looking"), first);
  if (names->len == 2)
    /* Translators: two names */
    return g_strdup_printf (_ ("%s and %s are looking"), first, second);
  return g_strdup_printf (
      ngettext ("%s and %u other are looking", "%s and %u others are looking", names->len - 1),
      first, names->len - 1);
}

char *
desk_presence_line_word (GPtrArray *answering, GPtrArray *looking)
{
  g_autofree char *one = answering->len > 0 ? word_answering (answering) : NULL;
  g_autofree char *other = looking->len > 0 ? word_looking (looking) : NULL;

  if (one == NULL || other == NULL)
    return g_strdup (one != NULL ? one : other != NULL ? other : "");
  return g_strconcat (one, " · ", other, NULL);
}

/* --- showing --- */

/* NULL for who is not known here yet. Lent. */
static const char *
find_name (DeskPresenceLine *self, const DeskPresent *present)
{
  const DeskPerson *person = desk_catalogue_find_agent (desk_store_get_catalogue (self->store),
                                                        present->person);

  return person != NULL ? desk_wording_person (person) : NULL;
}

static void
show_avatars (DeskPresenceLine *self, GPtrArray *answering, GPtrArray *looking)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->avatars)) != NULL)
    gtk_box_remove (GTK_BOX (self->avatars), child);
  for (guint i = 0; i < MIN (answering->len + looking->len, MAX_AVATARS); i++)
    {
      const char *name = i < answering->len ? answering->pdata[i]
                                            : looking->pdata[i - answering->len];

      gtk_box_append (GTK_BOX (self->avatars), desk_avatar_new (name, AVATAR_SIZE));
    }
}

/* The words stay while the line fades away. */
static void
show_people (DeskPresenceLine *self, GPtrArray *answering, GPtrArray *looking)
{
  g_autofree char *words = desk_presence_line_word (answering, looking);
  g_autofree char *spoken = desk_spoken_text (words);
  gboolean anybody = answering->len + looking->len > 0;

  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer), anybody);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_tooltip_text (self->revealer, anybody ? words : NULL);
  if (!anybody)
    return;
  show_avatars (self, answering, looking);
  gtk_label_set_text (GTK_LABEL (self->label), words);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), answering->len > 0
                                                            ? "document-edit-symbolic"
                                                            : "view-reveal-symbolic");
}

static void
show (DeskPresenceLine *self)
{
  g_autoptr (GPtrArray) present = self->ticket != NULL && self->syncer != NULL
                                      ? desk_syncer_list_present (self->syncer, self->ticket)
                                      : desk_presence_list_new ();
  g_autoptr (GPtrArray) answering = g_ptr_array_new ();
  g_autoptr (GPtrArray) looking = g_ptr_array_new ();

  for (guint i = 0; i < present->len; i++)
    {
      const DeskPresent *one = present->pdata[i];
      const char *name = find_name (self, one);

      if (name != NULL)
        g_ptr_array_add (one->state == DESK_PRESENCE_ANSWERING ? answering : looking,
                         (gpointer) name);
    }
  show_people (self, answering, looking);
}

static gboolean
settle_cb (gpointer data)
{
  DeskPresenceLine *self = data;

  self->settle_source = 0;
  show (self);
  return G_SOURCE_REMOVE;
}

static void
presence_cb (DeskPresenceLine *self)
{
  if (self->settle_source == 0)
    self->settle_source = g_timeout_add (SETTLE_MS, settle_cb, self);
}

/* --- what is said of this window --- */

static gboolean
is_in_sight (DeskPresenceLine *self)
{
  return self->surface != NULL && (gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) &
                                   GDK_TOPLEVEL_STATE_MINIMIZED) == 0;
}

static void
say (DeskPresenceLine *self)
{
  if (self->syncer != NULL)
    desk_syncer_set_looking (self->syncer, self, is_in_sight (self) ? self->ticket : NULL,
                             self->answering);
}

static void
set_answering (DeskPresenceLine *self, gboolean answering)
{
  if (self->answering == answering)
    return;
  self->answering = answering;
  say (self);
}

static gboolean
stopped_typing_cb (gpointer data)
{
  DeskPresenceLine *self = data;

  self->answering_source = 0;
  set_answering (self, FALSE);
  return G_SOURCE_REMOVE;
}

void
desk_presence_line_note_typing (DeskPresenceLine *self, gboolean writing)
{
  g_return_if_fail (DESK_IS_PRESENCE_LINE (self));

  g_clear_handle_id (&self->answering_source, g_source_remove);
  if (writing && self->ticket != NULL)
    self->answering_source = g_timeout_add_seconds (ANSWERING_SECS, stopped_typing_cb, self);
  set_answering (self, writing && self->ticket != NULL);
}

void
desk_presence_line_set_ticket (DeskPresenceLine *self, const char *uid)
{
  g_return_if_fail (DESK_IS_PRESENCE_LINE (self));

  if (g_strcmp0 (self->ticket, uid) == 0)
    return;
  g_free (self->ticket);
  self->ticket = g_strdup (uid);
  g_clear_handle_id (&self->answering_source, g_source_remove);
  self->answering = FALSE;
  say (self);
  show (self);
}

/* --- the window --- */

static void
leave_surface (DeskPresenceLine *self)
{
  if (self->surface != NULL)
    g_signal_handler_disconnect (self->surface, self->surface_handler);
  g_clear_object (&self->surface);
}

static void
desk_presence_line_map (GtkWidget *widget)
{
  DeskPresenceLine *self = DESK_PRESENCE_LINE (widget);
  GdkSurface *surface = gtk_native_get_surface (gtk_widget_get_native (widget));

  GTK_WIDGET_CLASS (desk_presence_line_parent_class)->map (widget);
  if (!GDK_IS_TOPLEVEL (surface))
    return;
  self->surface = g_object_ref (surface);
  self->surface_handler = g_signal_connect_swapped (surface, "notify::state", G_CALLBACK (say),
                                                    self);
  say (self);
}

static void
desk_presence_line_unmap (GtkWidget *widget)
{
  DeskPresenceLine *self = DESK_PRESENCE_LINE (widget);

  leave_surface (self);
  say (self);
  GTK_WIDGET_CLASS (desk_presence_line_parent_class)->unmap (widget);
}

/* --- the class --- */

static void
desk_presence_line_dispose (GObject *object)
{
  DeskPresenceLine *self = DESK_PRESENCE_LINE (object);

  leave_surface (self);
  say (self);
  g_clear_handle_id (&self->answering_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  g_clear_pointer (&self->ticket, g_free);
  G_OBJECT_CLASS (desk_presence_line_parent_class)->dispose (object);
}

static void
desk_presence_line_class_init (DeskPresenceLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_presence_line_dispose;
  widget_class->map = desk_presence_line_map;
  widget_class->unmap = desk_presence_line_unmap;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "desk-presence");
  /* What changes in it is told when there is nothing else to say. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static GtkWidget *
make_pill (DeskPresenceLine *self)
{
  GtkWidget *pill = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->avatars = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  self->icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                             NULL);
  self->label = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_box_append (GTK_BOX (pill), self->avatars);
  gtk_box_append (GTK_BOX (pill), self->icon);
  gtk_box_append (GTK_BOX (pill), self->label);
  gtk_widget_add_css_class (pill, "desk-presence-pill");
  return pill;
}

static void
desk_presence_line_init (DeskPresenceLine *self)
{
  self->revealer = gtk_revealer_new ();
  gtk_revealer_set_transition_type (GTK_REVEALER (self->revealer),
                                    GTK_REVEALER_TRANSITION_TYPE_CROSSFADE);
  gtk_revealer_set_child (GTK_REVEALER (self->revealer), make_pill (self));
  gtk_widget_set_parent (self->revealer, GTK_WIDGET (self));
}

GtkWidget *
desk_presence_line_new (void)
{
  return g_object_new (DESK_TYPE_PRESENCE_LINE, NULL);
}

void
desk_presence_line_set_store (DeskPresenceLine *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_PRESENCE_LINE (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  if (syncer == NULL)
    return;
  self->syncer = g_object_ref (syncer);
  g_signal_connect_object (syncer, "presence", G_CALLBACK (presence_cb), self, G_CONNECT_SWAPPED);
  say (self);
}
