/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pane of tickets. */
#include "desk-list-pane.h"

#include <glib/gi18n.h>

#include "desk-index-note.h"
#include "desk-list-status.h"
#include "desk-signs.h"
#include "desk-sync-bar.h"
#include "desk-ticket-row.h"

#define MIN_WIDTH     300
#define NATURAL_WIDTH 372
#define PATIENCE_MS   150
#define N_SKELETONS   9
/* Less than this from the top is the top. */
#define TOP 8

struct _DeskListPane
{
  GtkWidget parent_instance;

  GtkBox *box;
  AdwHeaderBar *header;
  DeskIndexNote *index_note;
  DeskSyncBar *sync_bar;
  GtkWidget *queues_button;
  GtkToggleButton *search_button;
  AdwWindowTitle *title;
  GMenu *main_menu;
  GtkWidget *menu_button;
  GtkWidget *new_button;
  GtkWidget *sort_button;
  GtkWidget *bottom_button;
  GtkSearchBar *search_bar;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkListView *list;
  GtkRevealer *pill_revealer;
  GtkButton *pill;
  AdwStatusPage *status; /* NULL until something is empty or wrong */
  GtkWidget *status_button;

  DeskStore *store;
  DeskListModel *model;
  GtkSingleSelection *selection;
  DeskListItem *current; /* what somebody selected */
  char *awaited;         /* uid of a ticket to select when its row comes, or NULL */
  guint last_position;   /* where it was when it was last in the list */
  gboolean is_editing;   /* the selection moves by itself */
  gboolean follows_top;
  guint n_new;

  DeskRowVariant variant;
  gboolean has_letters;
  DeskSort sort;
  int natural_width;
  char *way_on;
  guint patience_source;
  guint minute_source;
};

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

enum
{
  SIGNAL_SELECTED,
  SIGNAL_OPENED,
  SIGNAL_COMMAND,
  SIGNAL_MENU,
  SIGNAL_WAY_ON,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskListPane, desk_list_pane, GTK_TYPE_WIDGET)

/* --- pages --- */

static GtkWidget *
make_skeleton (DeskListPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  for (guint i = 0; i < N_SKELETONS; i++)
    gtk_box_append (GTK_BOX (box), desk_ticket_row_new (self->store, self->variant));
  gtk_widget_add_css_class (box, "desk-skeleton");
  /* As many as there is room for. */
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), box);
  gtk_widget_set_can_target (scroller, FALSE);
  return scroller;
}

static void
show_skeleton (DeskListPane *self)
{
  if (gtk_stack_get_child_by_name (self->stack, "loading") == NULL)
    gtk_stack_add_named (self->stack, make_skeleton (self), "loading");
  gtk_stack_set_visible_child_name (self->stack, "loading");
}

static void
status_clicked_cb (DeskListPane *self)
{
  if (desk_list_model_get_state (self->model) == DESK_LIST_FAILED)
    desk_list_model_reload (self->model);
  else
    g_signal_emit (self, signals[SIGNAL_WAY_ON], 0);
}

static void
make_status (DeskListPane *self)
{
  self->status = ADW_STATUS_PAGE (adw_status_page_new ());
  self->status_button = gtk_button_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self->status), "compact");
  gtk_widget_add_css_class (self->status_button, "pill");
  gtk_widget_set_halign (self->status_button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->status_button, "clicked", G_CALLBACK (status_clicked_cb), self);
  adw_status_page_set_child (self->status, self->status_button);
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->status), "status");
}

static void
show_status_button (DeskListPane *self, const char *label)
{
  gtk_widget_set_visible (self->status_button, label != NULL);
  if (label != NULL)
    gtk_button_set_label (GTK_BUTTON (self->status_button), label);
}

static void
show_status (DeskListPane *self)
{
  const GError *error = desk_list_model_get_error (self->model);

  if (self->status == NULL)
    make_status (self);
  if (desk_list_model_get_state (self->model) == DESK_LIST_FAILED)
    {
      desk_list_status_show_error (self->status, error);
      show_status_button (self, _ ("Try again"));
    }
  else if (desk_list_model_is_searching (self->model))
    {
      desk_list_status_show_not_found (self->status,
                                       gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
      show_status_button (self, NULL);
    }
  else
    {
      desk_list_status_show_empty (self->status, desk_list_model_get_view (self->model));
      show_status_button (self, self->way_on);
    }
  gtk_stack_set_visible_child_name (self->stack, "status");
}

static guint
get_length (DeskListPane *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->model));
}

static gboolean
out_of_patience_cb (gpointer data)
{
  DeskListPane *self = data;

  self->patience_source = 0;
  show_skeleton (self);
  return G_SOURCE_REMOVE;
}

/* What was there before stays for a moment, so that nothing flickers. */
static void
show_page (DeskListPane *self)
{
  DeskListState state = desk_list_model_get_state (self->model);

  if (state == DESK_LIST_LOADING)
    {
      if (self->patience_source == 0)
        self->patience_source = g_timeout_add (PATIENCE_MS, out_of_patience_cb, self);
      return;
    }
  g_clear_handle_id (&self->patience_source, g_source_remove);
  if (state == DESK_LIST_READY && get_length (self) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else
    show_status (self);
}

/* --- header --- */

static char *
describe_length (DeskListPane *self)
{
  guint n = get_length (self);

  if (desk_list_model_is_searching (self->model))
    return n == 0 ? g_strdup (_ ("Nothing found"))
                  : g_strdup_printf (ngettext ("%u found", "%u found", n), n);
  if (n == 0)
    return g_strdup (_ ("No tickets"));
  return g_strdup_printf (ngettext ("%'u ticket", "%'u tickets", n), n);
}

/* The number of the first page would not be true, so it is not said. */
static void
show_length (DeskListPane *self)
{
  g_autofree char *text = NULL;

  if (self->variant == DESK_ROW_FOR_REQUESTER && !desk_list_model_is_searching (self->model))
    {
      adw_window_title_set_subtitle (self->title, "");
      return;
    }
  if (desk_list_model_get_state (self->model) != DESK_LIST_READY ||
      !desk_list_model_is_complete (self->model))
    return;
  text = describe_length (self);
  adw_window_title_set_subtitle (self->title, text);
}

static void
model_state_cb (DeskListPane *self)
{
  show_page (self);
  show_length (self);
}

/* --- selection --- */

static void
set_current (DeskListPane *self, DeskListItem *item)
{
  g_set_object (&self->current, item);
}

static void
selected_cb (DeskListPane *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);
  DeskListItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (position != GTK_INVALID_LIST_POSITION)
    self->last_position = position;
  if (self->is_editing || item == NULL || item == self->current)
    return;
  g_clear_pointer (&self->awaited, g_free);
  set_current (self, item);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0, item);
}

static void
select_silently (DeskListPane *self, guint position)
{
  gboolean was_editing = self->is_editing;

  self->is_editing = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->is_editing = was_editing;
}

static void
restore_selection (DeskListPane *self)
{
  if (gtk_single_selection_get_selected_item (self->selection) == (gpointer) self->current)
    return;
  select_silently (self,
                   self->current != NULL
                       ? desk_list_model_find (self->model, desk_list_item_get_id (self->current))
                       : GTK_INVALID_LIST_POSITION);
}

static void
scroll_to (DeskListPane *self, guint position)
{
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

/* --- rows --- */

static DeskTicketRow *
get_row_of (GtkWidget *list_row)
{
  GtkWidget *row = gtk_widget_get_first_child (list_row);

  return row != NULL && DESK_IS_TICKET_ROW (row) ? DESK_TICKET_ROW (row) : NULL;
}

/* The list's row that shows @item, or NULL. */
static GtkWidget *
find_list_row (DeskListPane *self, DeskListItem *item)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->list));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      DeskTicketRow *row = get_row_of (child);

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
      DeskTicketRow *row = get_row_of (child);

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

static void
bind_row_cb (DeskListPane *self, GtkListItem *list_item)
{
  desk_ticket_row_set_item (DESK_TICKET_ROW (gtk_list_item_get_child (list_item)),
                            gtk_list_item_get_item (list_item));
}

static void
unbind_row_cb (DeskListPane *self, GtkListItem *list_item)
{
  desk_ticket_row_set_item (DESK_TICKET_ROW (gtk_list_item_get_child (list_item)), NULL);
}

static GtkListItemFactory *
make_factory (DeskListPane *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_row_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_row_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_row_cb), self, G_CONNECT_SWAPPED);
  return factory;
}

/* --- following the model --- */

static void
show_pill (DeskListPane *self)
{
  g_autofree char *label = NULL;

  if (self->n_new > 0)
    {
      label = g_strdup_printf (ngettext ("%u new", "%u new", self->n_new), self->n_new);
      gtk_button_set_label (self->pill, label);
    }
  gtk_revealer_set_reveal_child (self->pill_revealer, self->n_new > 0);
  gtk_widget_set_can_target (GTK_WIDGET (self->pill_revealer), self->n_new > 0);
}

static gboolean
is_at_top (DeskListPane *self)
{
  return gtk_adjustment_get_value (gtk_scrolled_window_get_vadjustment (self->scroller)) < TOP;
}

static void
scrolled_cb (DeskListPane *self)
{
  if (self->n_new == 0 || !is_at_top (self))
    return;
  self->n_new = 0;
  show_pill (self);
}

/* Before the selection and the list hear of it. */
static void
before_edit_cb (DeskListPane *self)
{
  self->is_editing = TRUE;
  self->follows_top |= is_at_top (self);
}

static void
after_edit_cb (DeskListPane *self)
{
  self->is_editing = FALSE;
}

static gboolean
has_list_focus (DeskListPane *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && (focus == GTK_WIDGET (self->list) ||
                           gtk_widget_is_ancestor (focus, GTK_WIDGET (self->list)));
}

/* The row that had the focus may have moved away under it. */
static void
restore_focus (DeskListPane *self)
{
  GtkWidget *row = find_list_row (self, self->current);

  if (row != NULL && has_list_focus (self) && !gtk_widget_has_focus (row))
    gtk_widget_grab_focus (row);
}

static void
loaded_cb (DeskListPane *self)
{
  g_autofree char *uid = g_strdup (self->awaited);

  if (uid != NULL)
    desk_list_pane_mark (self, uid);
}

static void
edited_cb (DeskListPane *self, guint n_new)
{
  gboolean moved = gtk_single_selection_get_selected_item (self->selection) !=
                   (gpointer) self->current;

  loaded_cb (self);
  restore_selection (self);
  if (moved)
    restore_focus (self);
  if (self->follows_top && get_length (self) > 0)
    scroll_to (self, 0);
  else
    self->n_new += n_new;
  self->follows_top = FALSE;
  show_pill (self);
  show_page (self);
  show_length (self);
}

/* --- pointer --- */

static DeskListItem *
find_item_at (DeskListPane *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->list), x, y, GTK_PICK_DEFAULT);

  while (widget != NULL && widget != GTK_WIDGET (self->list))
    {
      DeskTicketRow *row = DESK_IS_TICKET_ROW (widget) ? DESK_TICKET_ROW (widget)
                                                       : get_row_of (widget);

      if (row != NULL)
        return desk_ticket_row_get_item (row);
      widget = gtk_widget_get_parent (widget);
    }
  return NULL;
}

static void
select_item (DeskListPane *self, DeskListItem *item)
{
  guint position = desk_list_model_find (self->model, desk_list_item_get_id (item));

  if (position != GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, position);
}

static void
released_cb (DeskListPane *self, int n_press, double x, double y)
{
  DeskListItem *item = find_item_at (self, x, y);

  if (item == NULL || n_press != 1)
    return;
  select_item (self, item);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, FALSE);
}

static void
open_menu_at (DeskListPane *self, double x, double y)
{
  DeskListItem *item = find_item_at (self, x, y);
  double pane_x;
  double pane_y;

  if (item == NULL)
    return;
  select_item (self, item);
  if (gtk_widget_translate_coordinates (GTK_WIDGET (self->list), GTK_WIDGET (self), x, y, &pane_x,
                                        &pane_y))
    g_signal_emit (self, signals[SIGNAL_MENU], 0, pane_x, pane_y);
}

static void
menu_pressed_cb (DeskListPane *self, int n_press, double x, double y)
{
  open_menu_at (self, x, y);
}

static void
add_gestures (DeskListPane *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *menu_click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  /* The rows claim their clicks, so this one looks before they do. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (click));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (menu_click), GDK_BUTTON_SECONDARY);
  g_signal_connect_swapped (menu_click, "pressed", G_CALLBACK (menu_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (menu_click));

  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect_swapped (long_press, "pressed", G_CALLBACK (open_menu_at), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), GTK_EVENT_CONTROLLER (long_press));
}

/* --- keyboard --- */

static const struct
{
  guint key;
  const char *action;
} letters[] = {
  { GDK_KEY_r, "ticket.reply" }, { GDK_KEY_n, "ticket.note" },  { GDK_KEY_a, "ticket.assign" },
  { GDK_KEY_s, "ticket.sla" },   { GDK_KEY_t, "ticket.claim" }, { GDK_KEY_e, "ticket.resolve" },
};

static gboolean
press_letter (DeskListPane *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_j:
      desk_list_pane_move (self, 1);
      return TRUE;
    case GDK_KEY_k:
      desk_list_pane_move (self, -1);
      return TRUE;
    case GDK_KEY_slash:
      desk_list_pane_search (self);
      return TRUE;
    default:
      break;
    }
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (letters[i].key == key && self->current != NULL)
      {
        g_signal_emit (self, signals[SIGNAL_COMMAND], 0, letters[i].action);
        return TRUE;
      }
  return FALSE;
}

/* To what is selected, or else to the first, which is then selected. */
static gboolean
enter_list (DeskListPane *self)
{
  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION &&
      !desk_list_pane_move (self, 1))
    return FALSE;
  desk_list_pane_focus (self);
  return TRUE;
}

static gboolean
key_pressed_cb (DeskListPane *self, guint key, guint code, GdkModifierType modifiers)
{
  if (key == GDK_KEY_Down && modifiers == 0 &&
      gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    return enter_list (self);
  if (!self->has_letters ||
      (modifiers & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK)) != 0)
    return FALSE;
  return press_letter (self, key);
}

static gboolean
search_key_cb (DeskListPane *self, guint key, guint code, GdkModifierType modifiers)
{
  return key == GDK_KEY_Down && enter_list (self);
}

static void
search_mode_cb (DeskListPane *self)
{
  if (gtk_search_bar_get_search_mode (self->search_bar) || self->model == NULL)
    return;
  desk_list_model_search (self->model, NULL);
}

static void
stop_search_cb (DeskListPane *self)
{
  desk_list_pane_stop_search (self);
}

static void
add_keys (DeskListPane *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->list), keys);
  keys = gtk_event_controller_key_new ();
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (search_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->search_entry), keys);
}

static gboolean
menu_key_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  DeskListPane *self = DESK_LIST_PANE (widget);
  GtkWidget *row = find_list_row (self, self->current);
  graphene_rect_t bounds;

  if (row == NULL || !gtk_widget_compute_bounds (row, widget, &bounds))
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_MENU], 0, (double) bounds.origin.x + bounds.size.width / 2,
                 (double) bounds.origin.y + bounds.size.height / 2);
  return TRUE;
}

static void
activate_cb (DeskListPane *self, guint position)
{
  gtk_single_selection_set_selected (self->selection, position);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, TRUE);
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

static void
search_activate_cb (DeskListPane *self)
{
  enter_list (self);
}

/* --- actions --- */

static void
scroll_to_top (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DeskListPane *self = DESK_LIST_PANE (widget);

  scroll_to (self, 0);
  self->n_new = 0;
  show_pill (self);
}

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
  add_gestures (self);
  add_keys (self);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  self->minute_source = g_timeout_add_seconds (60, minute_cb, self);
}

static void
drop_model (DeskListPane *self)
{
  if (self->model == NULL)
    return;
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  /* What is under way holds the model; it is not to go on. */
  g_object_run_dispose (G_OBJECT (self->model));
  g_clear_object (&self->model);
}

static void
desk_list_pane_dispose (GObject *object)
{
  DeskListPane *self = DESK_LIST_PANE (object);

  g_clear_handle_id (&self->patience_source, g_source_remove);
  g_clear_handle_id (&self->minute_source, g_source_remove);
  drop_model (self);
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
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 1, DESK_TYPE_LIST_ITEM);
  signals[SIGNAL_OPENED] = g_signal_new ("opened", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  signals[SIGNAL_COMMAND] = g_signal_new ("command", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_MENU] = g_signal_new ("menu", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  signals[SIGNAL_WAY_ON] = g_signal_new ("way-on", DESK_TYPE_LIST_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
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
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
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
  gtk_widget_class_install_action (widget_class, "list-pane.top", NULL, scroll_to_top);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key_cb, NULL);
  bind_template (widget_class);
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

/* The order of these connections counts: see before_edit_cb(). */
static void
make_model (DeskListPane *self)
{
  self->model = desk_list_model_new (self->store);
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (before_edit_cb), self,
                           G_CONNECT_SWAPPED);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  g_signal_connect_object (self->model, "items-changed", G_CALLBACK (after_edit_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "edited", G_CALLBACK (edited_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify", G_CALLBACK (model_state_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
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
  make_model (self);
  factory = make_factory (self);
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
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
    show_page (self);
}

void
desk_list_pane_set_letters (DeskListPane *self, gboolean enabled)
{
  g_return_if_fail (DESK_IS_LIST_PANE (self));

  self->has_letters = enabled;
}

void
desk_list_pane_focus (DeskListPane *self)
{
  GtkWidget *row;

  g_return_if_fail (DESK_IS_LIST_PANE (self));

  row = find_list_row (self, self->current);
  if ((row == NULL || !gtk_widget_grab_focus (row)) &&
      !gtk_widget_child_focus (GTK_WIDGET (self->stack), GTK_DIR_TAB_FORWARD))
    gtk_widget_grab_focus (GTK_WIDGET (self->list)); /* its rows are on their way */
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

const DeskRow *
desk_list_pane_get_row (DeskListPane *self)
{
  g_return_val_if_fail (DESK_IS_LIST_PANE (self), NULL);

  return self->current != NULL ? desk_list_item_get_row (self->current) : NULL;
}

static gboolean
select_position (DeskListPane *self, gint64 position)
{
  gboolean had_focus = has_list_focus (self);

  if (position < 0 || position >= get_length (self))
    return FALSE;
  scroll_to (self, (guint) position);
  gtk_single_selection_set_selected (self->selection, (guint) position);
  if (had_focus)
    desk_list_pane_focus (self);
  return TRUE;
}

gboolean
desk_list_pane_move (DeskListPane *self, int by)
{
  guint position;

  g_return_val_if_fail (DESK_IS_LIST_PANE (self), FALSE);

  position = gtk_single_selection_get_selected (self->selection);
  if (position != GTK_INVALID_LIST_POSITION)
    return select_position (self, (gint64) position + by);
  /* From where it was, or from the top. */
  if (self->current == NULL)
    return select_position (self, 0);
  return select_position (self, (gint64) self->last_position + (by > 0 ? by - 1 : by));
}

void
desk_list_pane_mark (DeskListPane *self, const char *uid)
{
  guint position;

  g_return_if_fail (DESK_IS_LIST_PANE (self));

  if (self->model == NULL)
    return;
  position = desk_list_model_find_uid (self->model, uid);
  g_free (self->awaited);
  self->awaited = position == GTK_INVALID_LIST_POSITION ? g_strdup (uid) : NULL;
  select_silently (self, position);
  set_current (self, gtk_single_selection_get_selected_item (self->selection));
}

gboolean
desk_list_pane_select_after (DeskListPane *self, const char *uid)
{
  guint position;
  guint n;

  g_return_val_if_fail (DESK_IS_LIST_PANE (self), FALSE);

  position = desk_list_model_find_uid (self->model, uid);
  n = get_length (self);
  if (position == GTK_INVALID_LIST_POSITION)
    return select_position (self, MIN ((gint64) self->last_position, (gint64) n - 1));
  if (position + 1 < n)
    return select_position (self, position + 1);
  return select_position (self, (gint64) position - 1);
}
