/* SPDX-License-Identifier: GPL-3.0-or-later
 * A bin that folds the queues away when the window gets narrow. */
#include "desk-pane-bin.h"

#include "desk-signs.h"

#define MIN_WIDTH    360
#define NARROW_BELOW 880

struct _DeskPaneBin
{
  GtkWidget parent_instance;

  AdwFlap *flap;
  gboolean is_narrow;
};

enum
{
  PROP_FLAP = 1,
  PROP_NARROW,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void desk_pane_bin_buildable_init (GtkBuildableIface *iface);

static GtkBuildableIface *parent_buildable;

G_DEFINE_FINAL_TYPE_WITH_CODE (DeskPaneBin,
                               desk_pane_bin,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      desk_pane_bin_buildable_init))

static void
set_flap (DeskPaneBin *self, AdwFlap *flap)
{
  self->flap = flap;
  gtk_widget_set_parent (GTK_WIDGET (flap), GTK_WIDGET (self));
}

static void
desk_pane_bin_add_child (GtkBuildable *buildable,
                         GtkBuilder *builder,
                         GObject *child,
                         const char *type)
{
  if (ADW_IS_FLAP (child))
    set_flap (DESK_PANE_BIN (buildable), ADW_FLAP (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
desk_pane_bin_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = desk_pane_bin_add_child;
}

/* The drawer is shut when it becomes one, and the pane is there when it stops being one. */
static void
set_narrow (DeskPaneBin *self, gboolean is_narrow)
{
  if (self->is_narrow == is_narrow)
    return;
  self->is_narrow = is_narrow;
  adw_flap_set_fold_policy (self->flap,
                            is_narrow ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER);
  adw_flap_set_reveal_flap (self->flap, !is_narrow);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
desk_pane_bin_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  DeskPaneBin *self = DESK_PANE_BIN (widget);

  gtk_widget_measure (GTK_WIDGET (self->flap), orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  *minimum = MIN_WIDTH;
  *natural = MAX (*natural, MIN_WIDTH);
}

static void
desk_pane_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DeskPaneBin *self = DESK_PANE_BIN (widget);
  int minimum;

  set_narrow (self, width < NARROW_BELOW * desk_sign_get_text_scale (widget));
  gtk_widget_measure (GTK_WIDGET (self->flap), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL,
                      NULL);
  gtk_widget_allocate (GTK_WIDGET (self->flap), MAX (width, minimum), height, baseline, NULL);
}

static void
desk_pane_bin_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DeskPaneBin *self = DESK_PANE_BIN (object);

  switch (prop_id)
    {
    case PROP_FLAP:
      g_value_set_object (value, self->flap);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->is_narrow);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
desk_pane_bin_dispose (GObject *object)
{
  DeskPaneBin *self = DESK_PANE_BIN (object);

  if (self->flap != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->flap));
  self->flap = NULL;
  G_OBJECT_CLASS (desk_pane_bin_parent_class)->dispose (object);
}

static void
desk_pane_bin_class_init (DeskPaneBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = desk_pane_bin_get_property;
  object_class->dispose = desk_pane_bin_dispose;
  widget_class->measure = desk_pane_bin_measure;
  widget_class->size_allocate = desk_pane_bin_size_allocate;

  props[PROP_FLAP] = g_param_spec_object ("flap", NULL, NULL, ADW_TYPE_FLAP,
                                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
desk_pane_bin_init (DeskPaneBin *self)
{
}

GtkWidget *
desk_pane_bin_new (void)
{
  return g_object_new (DESK_TYPE_PANE_BIN, NULL);
}

gboolean
desk_pane_bin_is_narrow (DeskPaneBin *self)
{
  g_return_val_if_fail (DESK_IS_PANE_BIN (self), FALSE);

  return self->is_narrow;
}
