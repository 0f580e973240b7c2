/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the desk refused; see desk-refused.h. */
#include "desk-refused.h"

#include <glib/gi18n.h>

#include "desk-permission.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

static const DeskField text_fields[] = {
  DESK_FIELD_RESOLUTION,
  DESK_FIELD_STEPS,
  DESK_FIELD_RECOMMENDATIONS,
};

static void
copy_attachments (GPtrArray *from, GPtrArray *to)
{
  for (guint i = 0; i < from->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (from, i);

      g_ptr_array_add (
          to, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
}

/* --- as values --- */

DeskEvent *
desk_refused_make_event (const DeskOp *op, const DeskCase *in)
{
  DeskEvent *event = desk_event_new ();

  event->uid = g_strdup (op->uid);
  event->ticket = g_strdup (op->ticket);
  event->cause = g_strdup (op->uid);
  event->kind = op->kind;
  event->audience = op->kind == DESK_KIND_NOTE ? DESK_AUDIENCE_INTERNAL : DESK_AUDIENCE_PUBLIC;
  event->text = g_strdup (op->text);
  event->author = g_strdup (op->author);
  event->at = op->at;
  copy_attachments (op->attachments, event->attachments);
  for (guint i = 0; i < op->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (op->changes, i);
      g_autofree char *from = desk_ticket_dup_field (in->ticket, change->field);

      desk_event_change (event, change->field, from, change->to);
    }
  return event;
}

char *
desk_refused_dup_reason (const DeskOutboxItem *item)
{
  g_autoptr (GError) error = NULL;

  if (item->problem == NULL)
    return g_strdup (_ ("The desk did not take this."));
  desk_problem_set_error (item->problem, &error);
  return desk_wording_error (error);
}

static void
add_words (GString *words, const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  if (words->len > 0)
    g_string_append (words, "\n\n");
  g_string_append (words, text);
}

char *
desk_refused_dup_words (const DeskOp *op)
{
  g_autoptr (GString) words = g_string_new (NULL);

  add_words (words, op->text);
  for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      const DeskChange *change = desk_changes_find (op->changes, text_fields[i]);

      add_words (words, change != NULL ? change->to : NULL);
    }
  return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}

static const DeskClash *
find_clash (const DeskOutboxItem *item, DeskField field)
{
  GPtrArray *clashes = item->problem != NULL ? item->problem->clashes : NULL;

  for (guint i = 0; clashes != NULL && i < clashes->len; i++)
    if (((const DeskClash *) g_ptr_array_index (clashes, i))->field == field)
      return g_ptr_array_index (clashes, i);
  return NULL;
}

static gboolean
is_theirs (const DeskOutboxItem *item, DeskField field, const char *const *mine)
{
  return mine != NULL && find_clash (item, field) != NULL &&
         !g_strv_contains (mine, desk_field_get_name (field));
}

/* A resolution is written when the ticket is resolved, and only then. */
static gboolean
is_left_out (const DeskOutboxItem *item, DeskField field, const char *const *mine)
{
  if (is_theirs (item, DESK_FIELD_STATUS, mine))
    for (guint i = 0; i < G_N_ELEMENTS (text_fields); i++)
      if (text_fields[i] == field)
        return TRUE;
  return is_theirs (item, field, mine);
}

DeskOp *
desk_refused_ask_again (DeskStore *store,
                        const DeskTicket *ticket,
                        const DeskOutboxItem *refused,
                        const char *const *mine)
{
  const DeskOp *before = refused->op;
  g_autoptr (DeskOp) op = desk_store_new_op (store, ticket, before->kind);

  desk_op_set_text (op, before->text);
  copy_attachments (before->attachments, op->attachments);
  op->target = g_strdup (before->target);
  for (guint i = 0; i < before->changes->len; i++)
    {
      const DeskChange *change = g_ptr_array_index (before->changes, i);

      if (!is_left_out (refused, change->field, mine))
        desk_op_change (op, change->field, change->to);
    }
  if (op->changes->len == 0 &&
      (op->kind == DESK_KIND_CHANGE || (op->text == NULL && op->attachments->len == 0)))
    return NULL;
  return g_steal_pointer (&op);
}

/* --- both values --- */

/* What was chosen so far. */
typedef struct
{
  char *op;
  guint n_open;
  GPtrArray *mine; /* of char: nicks */
} Choices;

static void
free_choices (gpointer data)
{
  Choices *self = data;

  g_free (self->op);
  g_ptr_array_unref (self->mine);
  g_free (self);
}

static void
settle (GtkWidget *widget, Choices *choices)
{
  GVariantBuilder fields;

  g_variant_builder_init (&fields, G_VARIANT_TYPE_STRING_ARRAY);
  for (guint i = 0; i < choices->mine->len; i++)
    g_variant_builder_add (&fields, "s", g_ptr_array_index (choices->mine, i));
  gtk_widget_activate_action (widget, "refused.settle", "(sas)", choices->op, &fields);
}

/* A field is chosen once; the last one sends what was decided. */
static void
chosen_cb (GtkButton *button, Choices *choices)
{
  const char *field = g_object_get_data (G_OBJECT (button), "mine");
  GtkWidget *buttons = gtk_widget_get_parent (GTK_WIDGET (button));

  gtk_widget_set_sensitive (buttons, FALSE);
  gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
  if (field != NULL)
    g_ptr_array_add (choices->mine, g_strdup (field));
  if (--choices->n_open == 0)
    settle (GTK_WIDGET (button), choices);
}

static GtkWidget *
make_choice (const char *label, const char *mine, Choices *choices)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data_full (G_OBJECT (button), "mine", g_strdup (mine), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (chosen_cb), choices);
  return button;
}

static GtkWidget *
make_buttons (void)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (buttons, desk_wrap_layout_new (6));
  gtk_widget_add_css_class (buttons, "desk-entry-buttons");
  return buttons;
}

static GtkWidget *
make_sentence (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static GtkWidget *
make_clash (DeskStore *store,
            const DeskCase *in,
            const DeskOutboxItem *item,
            const DeskClash *clash,
            Choices *choices)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  const DeskChange *change = desk_changes_find (item->op->changes, clash->field);
  g_autofree char *sentence = desk_wording_clash (clash, change != NULL ? change->to : NULL, in,
                                                  desk_store_get_catalogue (store));
  GtkWidget *buttons = make_buttons ();

  gtk_box_append (GTK_BOX (box), make_sentence (sentence, "desk-bad-text"));
  gtk_box_append (GTK_BOX (buttons), make_choice (_ ("Keep theirs"), NULL, choices));
  gtk_box_append (GTK_BOX (buttons),
                  make_choice (_ ("Use mine"), desk_field_get_name (clash->field), choices));
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_widget_add_css_class (box, "desk-clash");
  return box;
}

static void
add_clashes (GtkWidget *box, DeskStore *store, const DeskCase *in, const DeskOutboxItem *item)
{
  Choices *choices = g_new0 (Choices, 1);

  choices->op = g_strdup (item->op->uid);
  choices->n_open = item->problem->clashes->len;
  choices->mine = g_ptr_array_new_with_free_func (g_free);
  g_object_set_data_full (G_OBJECT (box), "choices", choices, free_choices);
  for (guint i = 0; i < item->problem->clashes->len; i++)
    gtk_box_append (
        GTK_BOX (box),
        make_clash (store, in, item, g_ptr_array_index (item->problem->clashes, i), choices));
}

/* --- any other reason --- */

static void
add_action (GtkWidget *buttons, const char *label, const char *action, const DeskOp *op)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", op->uid);
  gtk_box_append (GTK_BOX (buttons), button);
}

/* The ticket was ended meanwhile, and what was said about it would open it again. */
static gboolean
may_reopen (DeskStore *store, const DeskCase *in, const DeskOutboxItem *item)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  return item->op->kind == DESK_KIND_REPLY && item->op->text != NULL &&
         (in->ticket->status == DESK_STATUS_RESOLVED || in->ticket->status == DESK_STATUS_CLOSED) &&
         desk_can (DESK_ACTION_REOPEN, desk_store_get_me (store), in->ticket,
                   desk_store_get_catalogue (store), now, NULL);
}

static void
add_reason (GtkWidget *box, DeskStore *store, const DeskCase *in, const DeskOutboxItem *item)
{
  g_autofree char *reason = desk_refused_dup_reason (item);
  g_autofree char *words = desk_refused_dup_words (item->op);
  GtkWidget *buttons = make_buttons ();

  gtk_box_append (GTK_BOX (box), make_sentence (reason, "desk-bad-text"));
  if (may_reopen (store, in, item))
    add_action (buttons, _ ("Send and reopen"), "refused.reopen", item->op);
  else if (item->problem == NULL || g_strcmp0 (item->problem->code, "closed") != 0)
    add_action (buttons, _ ("Send again"), "refused.send", item->op);
  if (words != NULL || item->op->attachments->len > 0)
    add_action (buttons, _ ("Keep as draft"), "refused.keep", item->op);
  add_action (buttons, _ ("Discard"), "refused.discard", item->op);
  gtk_box_append (GTK_BOX (box), buttons);
}

/* What else was asked for, besides the text. */
static void
add_changes (GtkWidget *box, DeskStore *store, const DeskCase *in, const DeskOp *op)
{
  g_autoptr (DeskEvent) event = desk_refused_make_event (op, in);
  g_autofree char *line = desk_wording_changes (event, in, desk_store_get_catalogue (store));
  g_autofree char *words = op->text == NULL ? desk_refused_dup_words (op) : NULL;

  if (line != NULL)
    gtk_box_append (GTK_BOX (box), make_sentence (line, "desk-secondary"));
  if (words != NULL)
    gtk_box_append (GTK_BOX (box), make_sentence (words, "desk-refused-words"));
}

/* Both values say what was asked for. */
static gboolean
is_all_told (const DeskOutboxItem *item)
{
  for (guint i = 0; i < item->op->changes->len; i++)
    if (find_clash (item, ((const DeskChange *) g_ptr_array_index (item->op->changes, i))->field) ==
        NULL)
      return FALSE;
  return TRUE;
}

GtkWidget *
desk_refused_details_new (DeskStore *store, const DeskCase *in, const DeskOutboxItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  if (item->op->kind != DESK_KIND_CREATED && !is_all_told (item))
    add_changes (box, store, in, item->op);
  if (item->problem != NULL && item->problem->clashes->len > 0)
    add_clashes (box, store, in, item);
  else
    add_reason (box, store, in, item);
  return box;
}
