/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of tickets: the widget itself, its rows and what others ask of it. */
#include "desk-list-pane-private.h"

#include "desk-signs.h"
#include "desk-ticket-row.h"

#define MIN_WIDTH     300
#define NATURAL_WIDTH 372

enum
{
  PROP_FOR_REQUESTER = 1,
  PROP_SHOW_QUEUES_BUTTON,
  PROP_SHOW_WINDOW_BUTTONS,
  PROP_NATURAL_WIDTH,
  PROP_SORT,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DeskListPane, desk_list_pane, GTK_TYPE_WIDGET)

/* --- pages --- */

guint
desk_list_pane_get_length (DeskListPane *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->model));
}

/* --- rows --- */

DeskTicketRow *
desk_list_pane_get_row_of (GtkWidget *list_row)
{
  GtkWidget *row = gtk_widget_get_first_child (list_row);

  return row != NULL && DESK_IS_TICKET_ROW (row) ? DESK_TICKET_ROW (row) : NULL;
}

/* The list's row that shows @item, or NULL. */
GtkWidget *
desk_list_pane_find_list_row (DeskListPane *self, DeskListItem *item)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      DeskTicketRow *row = desk_list_pane_get_row_of (child);

      if (row != NULL && item != NULL && desk_ticket_row_get_item (row) == item)
        return child;
    }
  return NULL;
}

static void
refresh_rows (DeskListPane *self)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      DeskTicketRow *row = desk_list_pane_get_row_of (child);

      if (row != NULL)
        desk_ticket_row_refresh (row);
    }
}

static gboolean
minute_cb (gpointer data)
{
  DeskListPane *self = data;

  refresh_rows (self);
  if (self->model != NULL)
    desk_list_model_tick (self->model);
  return G_SOURCE_CONTINUE;
}

static void
setup_row_cb (DeskListPane *self, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item, desk_ticket_row_new (self->store, self->variant));
}

/* A row whose place changed is unbound and bound again: it keeps its item until it gets another. */
static void
bind_row_cb (DeskListPane *self, GtkListItem *list_item)
{
  desk_ticket_row_set_item (DESK_TICKET_ROW (gtk_list_item_get_child (list_item)),
                            gtk_list_item_get_item (list_item));
}

static GtkListItemFactory *
make_factory (DeskListPane *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row_cb), self, G_CONNECT_SWAPPED);
  return factory;
}

/* --- keyboard --- */

static void
search_mode_cb (DeskListPane *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar) || self->model == NULL)
    return;
  desk_list_pane_forget_older (self);
  desk_list_model_search (self->model, NULL);
}

static void
stop_search_cb (DeskListPane *self)
{
  desk_list_pane_stop_search (self);
}

/* --- search --- */

static void
search_changed_cb (DeskListPane *self)
{
  if (self->model == NULL)
    return;
  self->follows_top = TRUE;
  desk_list_model_search (self->model, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

/* --- actions --- */

static void
set_sort (DeskListPane *self, DeskSort sort)
{
  if (self->sort == sort)
    return;
  self->sort = sort;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SORT]);
  if (self->model != NULL)
    desk_list_model_show (self->model, desk_list_model_get_view (self->model), sort);
}

/* --- widget --- */

static void
desk_list_pane_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  DeskListPane *self = DESK_LIST_PANE (widget);

  gtk_widget_measure (GTK_WIDGET (self->box), orientation, -1, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  *minimum = MAX (*minimum, MIN_WIDTH);
  *natural = MAX (*minimum, (int) (self->natural_width * desk_sign_get_text_scale (widget)));
}

static void
desk_list_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_allocate (GTK_WIDGET (DESK_LIST_PANE (widget)->box), width, height, baseline, NULL);
}

/* The sides of a decoration layout without what only makes sense where there is room. */
static char *
keep_close (const char *layout)
{
  g_auto (GStrv) sides = g_strsplit (layout, ":", 2);

  for (char **side = sides; *side != NULL; side++)
    {
      const char *kept = strstr (*side, "close") != NULL ? "close" : "";

      g_free (*side);
      *side = g_strdup (kept);
    }
  return g_strjoinv (":", sides);
}

/* The list has window buttons only while it is the one pane: every pixel counts then. So it is with
 * the bar, which the conversation shows otherwise. */
static void
show_window_buttons (DeskListPane *self, gboolean is_shown)
{
  g_autofree char *layout = NULL;
  g_autofree char *close = NULL;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-decoration-layout", &layout,
                NULL);
  if (layout != NULL)
    close = keep_close (layout);
  adw_header_bar_set_decoration_layout (self->header, close);
  adw_header_bar_set_show_end_title_buttons (self->header, is_shown);
  gtk_widget_set_visible (GTK_WIDGET (self->sync_bar), is_shown);
}

static void
show_variant (DeskListPane *self)
{
  gboolean is_agent = self->variant == DESK_ROW_FOR_AGENT;

  gtk_widget_set_visible (self->sort_button, is_agent);
  gtk_widget_set_visible (self->new_button, is_agent);
  gtk_widget_set_visible (self->menu_button, !is_agent);
  gtk_widget_set_visible (self->bottom_button, !is_agent);
  gtk_menu_button_set_primary (GTK_MENU_BUTTON (self->menu_button), !is_agent);
}

static void
desk_list_pane_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DeskListPane *self = DESK_LIST_PANE (object);

  switch (prop_id)
    {
    case PROP_FOR_REQUESTER:
      self->variant = g_value_get_boolean (value) ? DESK_ROW_FOR_REQUESTER : DESK_ROW_FOR_AGENT;
      break;
    case PROP_SHOW_QUEUES_BUTTON:
      gtk_widget_set_visible (self->queues_button, g_value_get_boolean (value));
      break;
    case PROP_SHOW_WINDOW_BUTTONS:
      show_window_buttons (self, g_value_get_boolean (value));
      break;
    case PROP_NATURAL_WIDTH:
      self->natural_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_SORT:
      set_sort (self, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
desk_list_pane_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DeskListPane *self = DESK_LIST_PANE (object);

  switch (prop_id)
    {
    case PROP_FOR_REQUESTER:
      g_value_set_boolean (value, self->variant == DESK_ROW_FOR_REQUESTER);
      break;
    case PROP_SHOW_QUEUES_BUTTON:
      g_value_set_boolean (value, gtk_widget_get_visible (self->queues_button));
      break;
    case PROP_SHOW_WINDOW_BUTTONS:
      g_value_set_boolean (value, adw_header_bar_get_show_end_title_buttons (self->header));
      break;
    case PROP_NATURAL_WIDTH:
      g_value_set_int (value, self->natural_width);
      break;
    case PROP_SORT:
      g_value_set_enum (value, self->sort);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
desk_list_pane_constructed (GObject *object)
{
  DeskListPane *self = DESK_LIST_PANE (object);

  G_OBJECT_CLASS (desk_list_pane_parent_class)->constructed (object);
  show_variant (self);
  desk_list_pane_add_input (self);
  desk_list_pane_watch_top (self);
  self->minute_source = g_timeout_add_seconds (60, minute_cb, self);
}

static void
desk_list_pane_dispose (GObject *object)
{
  DeskListPane *self = DESK_LIST_PANE (object);

  desk_list_pane_forget_older (self);
  g_clear_object (&self->syncer);
  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_handle_id (&self->minute_source, g_source_remove);
  desk_list_pane_drop_model (self);
  g_clear_object (&self->current);
  g_clear_object (&self->store);
  g_clear_pointer (&self->way_on, g_free);
  g_clear_pointer (&self->awaited, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_LIST_PANE);
  G_OBJECT_CLASS (desk_list_pane_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  props[PROP_FOR_REQUESTER] = g_param_spec_boolean ("for-requester", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY |
                                                        G_PARAM_STATIC_STRINGS);
  props[PROP_SHOW_QUEUES_BUTTON] = g_param_spec_boolean (
      "show-queues-button", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_SHOW_WINDOW_BUTTONS] = g_param_spec_boolean (
      "show-window-buttons", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_NATURAL_WIDTH] = g_param_spec_int ("natural-width", NULL, NULL, 0, G_MAXINT,
                                                NATURAL_WIDTH,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_SORT] = g_param_spec_enum ("sort", NULL, NULL, DESK_TYPE_SORT, DESK_SORT_RECENT,
                                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                            G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
install_signals (void)
{
  g_signal_new ("selected", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, DESK_TYPE_LIST_ITEM);
  g_signal_new ("opened", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_BOOLEAN);
  g_signal_new ("command", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                1, G_TYPE_STRING);
  g_signal_new ("menu", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  g_signal_new ("way-on", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DESK_TYPE_INDEX_NOTE);
  g_type_ensure (DESK_TYPE_SYNC_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-list-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, box);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, header);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, index_note);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, sync_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, queues_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, search_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, title);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, main_menu);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, menu_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, new_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, sort_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, bottom_button);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, search_bar);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, search_entry);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, stack);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, scroller);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, list);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, pill_revealer);
  gtk_widget_class_bind_template_child (widget_class, DeskListPane, pill);
  gtk_widget_class_bind_template_callback (widget_class, search_mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
}

static void
desk_list_pane_class_init (DeskListPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = desk_list_pane_set_property;
  object_class->get_property = desk_list_pane_get_property;
  object_class->constructed = desk_list_pane_constructed;
  object_class->dispose = desk_list_pane_dispose;
  widget_class->measure = desk_list_pane_measure;
  widget_class->size_allocate = desk_list_pane_size_allocate;
  install_properties (object_class);
  install_signals ();
  gtk_widget_class_set_css_name (widget_class, "desk-list-pane");
  gtk_widget_class_install_property_action (widget_class, "list-pane.sort", "sort");
  gtk_widget_class_install_action (widget_class, "list-pane.top", NULL,
                                   desk_list_pane_scroll_to_top);
  bind_template (widget_class);
  desk_list_pane_install_input (widget_class);
}

static void
desk_list_pane_init (DeskListPane *self)
{
  self->natural_width = NATURAL_WIDTH;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
catalogue_changed_cb (DeskListPane *self)
{
  refresh_rows (self);
}

void
desk_list_pane_set_store (DeskListPane *self, DeskStore *store, DeskSyncer *syncer)
{
  g_autoptr (GtkListItemFactory) factory = NULL;

  g_return_if_fail (DESK_IS_LIST_PANE (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_signal_connect_object (store, "catalogue-changed", G_CALLBACK (catalogue_changed_cb), self,
                           G_CONNECT_SWAPPED);
  desk_list_pane_make_model (self);
  factory = make_factory (self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_set_object (&self->syncer, syncer);
  desk_index_note_set_syncer (self->index_note, syncer);
  desk_sync_bar_set_syncer (self->sync_bar, syncer);
}

void
desk_list_pane_set_desks (DeskListPane *self, GMenuModel *desks)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));

  if (desks != NULL)
    g_menu_insert_section (self->main_menu, 0, NULL, desks);
}

void
desk_list_pane_show (DeskListPane *self, const DeskView *view, const char *title)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));
  g_return_if_fail (self->model != NULL);

  adw_window_title_set_title (self->title, title);
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  self->n_new = 0;
  self->follows_top = TRUE;
  desk_list_model_show (self->model, view, self->sort);
}

const DeskView *
desk_list_pane_get_view (DeskListPane *self)
{
  g_return_val_if_fail (DESK_IS_LIST_PANE (self), NULL);

  return self->model != NULL ? desk_list_model_get_view (self->model) : NULL;
}

void
desk_list_pane_set_way_on (DeskListPane *self, const char *label)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));

  if (g_strcmp0 (self->way_on, label) == 0)
    return;
  g_free (self->way_on);
  self->way_on = g_strdup (label);
  if (self->model != NULL && desk_list_model_get_state (self->model) == DESK_LIST_READY)
    desk_list_pane_show_page (self);
}

void
desk_list_pane_set_letters (DeskListPane *self, gboolean enabled)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));

  self->has_letters = enabled;
}

void
desk_list_pane_search (DeskListPane *self)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

gboolean
desk_list_pane_stop_search (DeskListPane *self)
{
  g_return_val_if_fail (DESK_IS_LIST_PANE (self), FALSE);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  desk_list_pane_focus (self);
  return TRUE;
}
