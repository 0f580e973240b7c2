/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pills; see desk-pill.h. */
#include "desk-pill.h"

#include <glib/gi18n.h>

#include "desk-signs.h"
#include "desk-spoken.h"
#include "desk-wording.h"

struct _DeskPill
{
  GtkWidget parent_instance;

  GtkWidget *sign;    /* owned, because the box around them changes */
  GtkWidget *label;   /* owned */
  GtkWidget *content; /* the coloured box; child of the widget or of its button */
  GtkWidget *button;  /* NULL without a menu */
  const char *tone;   /* CSS class of the colour, or NULL */
  char *name;
};

G_DEFINE_FINAL_TYPE (DeskPill, desk_pill, GTK_TYPE_WIDGET)

static const char *const status_tones[DESK_N_STATUSES] = {
  [DESK_STATUS_OPEN] = "desk-accent",
  [DESK_STATUS_WAITING] = "desk-paused",
  [DESK_STATUS_RESOLVED] = "desk-good",
  [DESK_STATUS_CLOSED] = NULL,
};

static const char *const priority_tones[DESK_N_PRIORITIES] = {
  [DESK_PRIORITY_LOW] = NULL,
  [DESK_PRIORITY_NORMAL] = NULL,
  [DESK_PRIORITY_HIGH] = "desk-high",
  [DESK_PRIORITY_URGENT] = "desk-bad",
};

static const char *const due_tones[] = {
  [DESK_DUE_NONE] = NULL,        [DESK_DUE_PAUSED] = NULL,        [DESK_DUE_LATER] = NULL,
  [DESK_DUE_SOON] = "desk-soon", [DESK_DUE_OVERDUE] = "desk-bad",
};

static void
describe (DeskPill *self)
{
  if (self->button != NULL && self->name != NULL)
    desk_spoken_menu_button (GTK_MENU_BUTTON (self->button), self->name,
                             gtk_label_get_text (GTK_LABEL (self->label)));
}

static void
show_words (DeskPill *self, const char *words, const char *tone)
{
  gtk_label_set_text (GTK_LABEL (self->label), words);
  if (self->tone != NULL)
    gtk_widget_remove_css_class (self->content, self->tone);
  self->tone = tone;
  if (tone != NULL)
    gtk_widget_add_css_class (self->content, tone);
  describe (self);
}

void
desk_pill_set_status (DeskPill *self, DeskStatus status)
{
  g_return_if_fail (DESK_IS_PILL (self));

  desk_sign_set_status (DESK_SIGN (self->sign), status);
  show_words (self, desk_wording_status (status), status_tones[status]);
}

void
desk_pill_set_priority (DeskPill *self, DeskPriority priority)
{
  g_return_if_fail (DESK_IS_PILL (self));

  desk_sign_set_priority (DESK_SIGN (self->sign), priority);
  show_words (self, desk_wording_priority (priority), priority_tones[priority]);
}

void
desk_pill_set_expected (DeskPill *self, gboolean expected)
{
  g_return_if_fail (DESK_IS_PILL (self));

  if (expected)
    gtk_widget_add_css_class (GTK_WIDGET (self), "desk-expected");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "desk-expected");
  if (self->button == NULL)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self), expected ? _ ("Not sent yet") : NULL);
}

/* What is done needs no promise any more. */
static gboolean
is_promise_wanted (DeskClock clock, DeskStatus status)
{
  return clock.target_secs == 0 && (status == DESK_STATUS_OPEN || status == DESK_STATUS_WAITING);
}

void
desk_pill_set_due (DeskPill *self, DeskClock clock, DeskStatus status, gint64 now)
{
  g_autofree char *words = NULL;
  DeskDue due;

  g_return_if_fail (DESK_IS_PILL (self));

  words = desk_wording_due (clock, status, now);
  due = words != NULL ? desk_clock_get_due (clock, now) : DESK_DUE_NONE;
  desk_sign_set_due (DESK_SIGN (self->sign), due, desk_clock_get_used (clock, now));
  gtk_widget_set_visible (self->sign, due != DESK_DUE_NONE);
  gtk_widget_set_visible (GTK_WIDGET (self),
                          words != NULL ||
                              (self->button != NULL && is_promise_wanted (clock, status)));
  show_words (self, words != NULL ? words : _ ("No SLA plan"), due_tones[due]);
}

/* --- the box, and the button around it --- */

static void
fill_content (DeskPill *self)
{
  self->content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->content, "desk-pill");
  gtk_widget_set_valign (self->content, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->content), self->sign);
  gtk_box_append (GTK_BOX (self->content), self->label);
  if (self->tone != NULL)
    gtk_widget_add_css_class (self->content, self->tone);
}

/* A menu button does not give its child back, so the box is made anew, with the same parts. */
static void
drop_content (DeskPill *self)
{
  gtk_box_remove (GTK_BOX (self->content), self->sign);
  gtk_box_remove (GTK_BOX (self->content), self->label);
  if (self->button == NULL)
    gtk_widget_unparent (self->content);
  self->content = NULL;
  g_clear_pointer (&self->button, gtk_widget_unparent);
}

static void
add_button (DeskPill *self, GtkMenuButtonCreatePopupFunc popup, gpointer user_data)
{
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_has_frame (GTK_MENU_BUTTON (self->button), FALSE);
  gtk_menu_button_set_child (GTK_MENU_BUTTON (self->button), self->content);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), popup, user_data, NULL);
  gtk_widget_set_parent (self->button, GTK_WIDGET (self));
}

void
desk_pill_set_menu (DeskPill *self,
                    const char *name,
                    GtkMenuButtonCreatePopupFunc popup,
                    gpointer user_data)
{
  g_return_if_fail (DESK_IS_PILL (self));

  if ((popup != NULL) == (self->button != NULL))
    return;
  g_free (self->name);
  self->name = g_strdup (name);
  drop_content (self);
  fill_content (self);
  if (popup != NULL)
    add_button (self, popup, user_data);
  else
    gtk_widget_set_parent (self->content, GTK_WIDGET (self));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), popup != NULL ? name : NULL);
  describe (self);
}

GtkMenuButton *
desk_pill_get_button (DeskPill *self)
{
  g_return_val_if_fail (DESK_IS_PILL (self), NULL);

  return (GtkMenuButton *) self->button;
}

static void
desk_pill_dispose (GObject *object)
{
  DeskPill *self = DESK_PILL (object);

  if (self->content != NULL)
    drop_content (self);
  g_clear_object (&self->sign);
  g_clear_object (&self->label);
  G_OBJECT_CLASS (desk_pill_parent_class)->dispose (object);
}

static void
desk_pill_finalize (GObject *object)
{
  g_free (DESK_PILL (object)->name);
  G_OBJECT_CLASS (desk_pill_parent_class)->finalize (object);
}

static void
desk_pill_class_init (DeskPillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = desk_pill_dispose;
  object_class->finalize = desk_pill_finalize;
  gtk_widget_class_set_css_name (widget_class, "desk-pill");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
desk_pill_init (DeskPill *self)
{
  self->sign = g_object_ref_sink (desk_sign_new_status (DESK_STATUS_OPEN));
  self->label = g_object_ref_sink (gtk_label_new (NULL));
  gtk_label_set_ellipsize (GTK_LABEL (self->label), PANGO_ELLIPSIZE_END);
  fill_content (self);
  gtk_widget_set_parent (self->content, GTK_WIDGET (self));
}

GtkWidget *
desk_pill_new (void)
{
  return g_object_new (DESK_TYPE_PILL, NULL);
}
