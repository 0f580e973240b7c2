/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fields of a new ticket; see the header. */
#include "desk-new-ticket-form.h"

#include <glib/gi18n.h>

#include "desk-chooser-row.h"
#include "desk-error.h"
#include "desk-similar-tickets.h"
#include "desk-text.h"
#include "desk-wording.h"

/* From here on the summary says how many characters are left. */
#define NEAR_LIMIT_CHARS 30

#define PEOPLE_LIMIT 20

struct _DeskNewTicketForm
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *content;
  DeskChooserRow *person_row;
  DeskChooserRow *topic_row;
  AdwComboRow *priority_row;
  AdwEntryRow *summary_row;
  GtkWidget *summary_message_row;
  GtkLabel *summary_message;
  DeskSimilarTickets *similar;
  GtkWidget *details_card;
  GtkTextView *details;
  GtkLabel *details_message;
  DeskAttachments *attachments;

  /* Owned references */
  DeskStore *store;
  GCancellable *people_search; /* the one under way */

  gboolean filling;         /* the program fills in, not a person */
  gboolean priority_chosen; /* by a person; else it follows the topic */
};

G_DEFINE_FINAL_TYPE (DeskNewTicketForm, desk_new_ticket_form, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed_cb (DeskNewTicketForm *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[CHANGED], 0);
}

static char *
dup_details (DeskNewTicketForm *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->details);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static const char *
get_summary (DeskNewTicketForm *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->summary_row));
}

/* --- what is wrong --- */

static void
set_invalid (GtkWidget *widget, gboolean invalid)
{
  if (invalid)
    gtk_widget_add_css_class (widget, "error");
  else
    gtk_widget_remove_css_class (widget, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_INVALID,
                               invalid ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}

/* @message NULL: nothing to say; @wrong: it is in the way of sending. */
static void
set_summary_message (DeskNewTicketForm *self, const char *message, gboolean wrong)
{
  gtk_label_set_text (self->summary_message, message != NULL ? message : "");
  gtk_widget_set_visible (self->summary_message_row, message != NULL);
  set_invalid (GTK_WIDGET (self->summary_row), wrong);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->summary_message), "desk-field-message");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->summary_message), "desk-field-message");
}

static void
set_details_message (DeskNewTicketForm *self, const char *message)
{
  gtk_label_set_text (self->details_message, message != NULL ? message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->details_message), message != NULL);
  set_invalid (self->details_card, message != NULL);
}

/* Counts only where it matters. */
static void
count_summary (DeskNewTicketForm *self)
{
  glong left = DESK_SUMMARY_MAX_CHARS - g_utf8_strlen (get_summary (self), -1);
  g_autofree char *message = NULL;

  if (left < 0)
    message = g_strdup_printf (ngettext ("%d character too many", "%d characters too many",
                                         (gulong) -left),
                               (int) -left);
  else if (left <= NEAR_LIMIT_CHARS)
    message = g_strdup_printf (ngettext ("%d character left", "%d characters left", (gulong) left),
                               (int) left);
  set_summary_message (self, message, left < 0);
}

static gboolean
check_summary (DeskNewTicketForm *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line
      = desk_text_clean_line (get_summary (self), DESK_SUMMARY_MAX_CHARS, "summary", &error);
  g_autofree char *words = NULL;

  if (line != NULL && *line != '\0')
    return TRUE;
  if (line != NULL)
    set_summary_message (self, _ ("Say in a few words what it is about."), TRUE);
  else if (g_error_matches (error, DESK_ERROR, DESK_ERROR_TOO_LONG))
    set_summary_message (
        self, _ ("This is too long for a summary. Keep the essence and move the rest to Details."),
        TRUE);
  else
    {
      words = desk_wording_error (error);
      set_summary_message (self, words, TRUE);
    }
  return FALSE;
}

static gboolean
check_details (DeskNewTicketForm *self)
{
  g_autofree char *text = dup_details (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *body = desk_text_clean_body (text, DESK_N_ ("details"), &error);
  g_autofree char *words = NULL;

  if (body != NULL)
    return TRUE;
  if (g_error_matches (error, DESK_ERROR, DESK_ERROR_TOO_LONG))
    set_details_message (self, _ ("This is too long for a message. Attach it as a file instead."));
  else
    {
      words = desk_wording_error (error);
      set_details_message (self, words);
    }
  return FALSE;
}

gboolean
desk_new_ticket_form_check (DeskNewTicketForm *self)
{
  g_return_val_if_fail (DESK_IS_NEW_TICKET_FORM (self), FALSE);

  if (!check_summary (self))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->summary_row));
      return FALSE;
    }
  if (!check_details (self))
    {
      gtk_widget_grab_focus (GTK_WIDGET (self->details));
      return FALSE;
    }
  return TRUE;
}

static void
summary_changed_cb (DeskNewTicketForm *self)
{
  count_summary (self);
  desk_similar_tickets_look_for (self->similar, get_summary (self));
  changed_cb (self);
}

static void
summary_activated_cb (DeskNewTicketForm *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->details));
}

static void
details_changed_cb (DeskNewTicketForm *self)
{
  set_details_message (self, NULL);
  changed_cb (self);
}

/* --- choices --- */

static const DeskEntry *
find_topic (DeskNewTicketForm *self)
{
  return desk_catalogue_find (desk_store_get_catalogue (self->store), DESK_ENTRY_TOPIC,
                              desk_chooser_row_get_chosen (self->topic_row));
}

/* Shows the priority that the ticket will have by itself. */
static void
follow_topic (DeskNewTicketForm *self)
{
  const DeskEntry *desk = desk_catalogue_get_desk (desk_store_get_catalogue (self->store));
  const DeskEntry *topic = find_topic (self);
  const char *word = topic != NULL ? desk_entry_get (topic, DESK_PROPERTY_PRIORITY) : NULL;
  gboolean filling = self->filling;
  int priority = DESK_PRIORITY_NORMAL;

  if (self->priority_chosen)
    return;
  desk_enum_parse (DESK_TYPE_PRIORITY,
                   word != NULL ? word : desk_entry_get (desk, DESK_PROPERTY_PRIORITY), &priority);
  self->filling = TRUE;
  adw_combo_row_set_selected (self->priority_row, (guint) priority);
  self->filling = filling;
}

static void
topic_chosen_cb (DeskNewTicketForm *self)
{
  follow_topic (self);
  changed_cb (self);
}

static void
priority_selected_cb (DeskNewTicketForm *self)
{
  if (self->filling)
    return;
  self->priority_chosen = TRUE;
  changed_cb (self);
}

static void
people_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketForm) self = user_data;
  g_autoptr (GPtrArray) people = desk_store_people_finish (DESK_STORE (source), result, NULL);

  if (people == NULL || self->person_row == NULL)
    return;
  desk_chooser_row_clear (self->person_row);
  for (guint i = 0; i < people->len; i++)
    {
      const DeskPerson *person = people->pdata[i];
      const char *detail = person->email != NULL ? person->email : person->login;

      desk_chooser_row_add (self->person_row, person->uid, desk_wording_person (person), detail);
    }
}

static void
search_people_cb (DeskNewTicketForm *self, const char *words)
{
  g_cancellable_cancel (self->people_search);
  g_clear_object (&self->people_search);
  self->people_search = g_cancellable_new ();
  desk_store_people_async (self->store, words, PEOPLE_LIMIT, self->people_search, people_found_cb,
                           g_object_ref (self));
}

/* Nothing is chosen when @slug (nullable) is not offered any more. */
static void
choose_topic (DeskNewTicketForm *self, const char *slug)
{
  const DeskEntry *topic
      = desk_catalogue_find (desk_store_get_catalogue (self->store), DESK_ENTRY_TOPIC, slug);
  gboolean offered = topic != NULL && !topic->removed;

  desk_chooser_row_set_chosen (self->topic_row, offered ? topic->slug : NULL,
                               offered ? topic->label : NULL);
}

static void
show_topics (DeskNewTicketForm *self)
{
  g_autofree char *chosen = g_strdup (desk_chooser_row_get_chosen (self->topic_row));
  GPtrArray *topics
      = desk_catalogue_get_entries (desk_store_get_catalogue (self->store), DESK_ENTRY_TOPIC);
  gboolean any = FALSE;

  desk_chooser_row_clear (self->topic_row);
  for (guint i = 0; i < topics->len; i++)
    {
      const DeskEntry *topic = topics->pdata[i];

      if (topic->removed)
        continue;
      desk_chooser_row_add (self->topic_row, topic->slug, topic->label, NULL);
      any = TRUE;
    }
  choose_topic (self, chosen);
  gtk_widget_set_visible (GTK_WIDGET (self->topic_row), any);
}

/* The desk or the person's part in it changed, or is known for the first time. */
static void
show_catalogue (DeskNewTicketForm *self)
{
  const DeskPerson *me = desk_store_get_me (self->store);
  const DeskEntry *desk = desk_catalogue_get_desk (desk_store_get_catalogue (self->store));
  gboolean agent = me->role >= DESK_ROLE_AGENT;

  show_topics (self);
  gtk_widget_set_visible (GTK_WIDGET (self->person_row), agent);
  gtk_widget_set_visible (GTK_WIDGET (self->priority_row),
                          agent || desk_entry_get_bool (desk, DESK_PROPERTY_REQUESTER_PRIORITY));
  if (desk_chooser_row_get_chosen (self->person_row) == NULL)
    desk_chooser_row_set_chosen (self->person_row, me->uid, desk_wording_person (me));
  follow_topic (self);
}

/* --- from and to an op --- */

/* A field that its row does not offer is not asked for. */
static gboolean
is_offered (GtkWidget *row)
{
  return gtk_widget_get_visible (row);
}

DeskOp *
desk_new_ticket_form_make_op (DeskNewTicketForm *self)
{
  const char *topic;
  const char *person;
  g_autofree char *details = NULL;
  g_autoptr (GPtrArray) files = NULL;
  DeskOp *op;

  g_return_val_if_fail (DESK_IS_NEW_TICKET_FORM (self), NULL);

  op = desk_store_new_op (self->store, NULL, DESK_KIND_CREATED);
  topic = desk_chooser_row_get_chosen (self->topic_row);
  person = desk_chooser_row_get_chosen (self->person_row);
  details = dup_details (self);
  files = desk_attachments_get (self->attachments);
  if (*get_summary (self) != '\0')
    desk_op_change (op, DESK_FIELD_SUMMARY, get_summary (self));
  if (topic != NULL)
    desk_op_change (op, DESK_FIELD_TOPIC, topic);
  if (is_offered (GTK_WIDGET (self->person_row)) && g_strcmp0 (person, op->author) != 0)
    desk_op_change (op, DESK_FIELD_REQUESTER, person);
  if (is_offered (GTK_WIDGET (self->priority_row)) && self->priority_chosen)
    desk_op_change (op, DESK_FIELD_PRIORITY,
                    desk_enum_get_nick (DESK_TYPE_PRIORITY,
                                        (int) adw_combo_row_get_selected (self->priority_row)));
  if (*details != '\0')
    desk_op_set_text (op, details);
  while (files->len > 0)
    desk_op_take_attachment (op, g_ptr_array_steal_index (files, 0));
  return op;
}

static const char *
get_wanted (const DeskOp *op, DeskField field)
{
  const DeskChange *change = op != NULL ? desk_changes_find (op->changes, field) : NULL;

  return change != NULL ? change->to : NULL;
}

static void
fill_priority (DeskNewTicketForm *self, const char *word)
{
  int priority;

  self->priority_chosen = desk_enum_parse (DESK_TYPE_PRIORITY, word, &priority);
  if (self->priority_chosen)
    adw_combo_row_set_selected (self->priority_row, (guint) priority);
  else
    follow_topic (self);
}

static void
person_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DeskNewTicketForm) self = user_data;
  g_autoptr (DeskPerson) person = desk_store_person_finish (DESK_STORE (source), result, NULL);

  if (person == NULL || self->person_row == NULL)
    return;
  if (g_strcmp0 (desk_chooser_row_get_chosen (self->person_row), person->uid) == 0)
    desk_chooser_row_set_chosen (self->person_row, person->uid, desk_wording_person (person));
}

/* @uid NULL: for oneself. */
static void
fill_person (DeskNewTicketForm *self, const char *uid)
{
  const DeskPerson *me = desk_store_get_me (self->store);

  if (uid == NULL || !is_offered (GTK_WIDGET (self->person_row)))
    {
      desk_chooser_row_set_chosen (self->person_row, me->uid, desk_wording_person (me));
      return;
    }
  desk_chooser_row_set_chosen (self->person_row, uid, "…");
  desk_store_person_async (self->store, uid, NULL, person_found_cb, g_object_ref (self));
}

void
desk_new_ticket_form_fill (DeskNewTicketForm *self, const DeskOp *op)
{
  const char *summary = get_wanted (op, DESK_FIELD_SUMMARY);
  const char *details = op != NULL ? op->text : NULL;

  g_return_if_fail (DESK_IS_NEW_TICKET_FORM (self));

  self->filling = TRUE;
  fill_person (self, get_wanted (op, DESK_FIELD_REQUESTER));
  choose_topic (self, get_wanted (op, DESK_FIELD_TOPIC));
  fill_priority (self, get_wanted (op, DESK_FIELD_PRIORITY));
  gtk_editable_set_text (GTK_EDITABLE (self->summary_row), summary != NULL ? summary : "");
  gtk_editable_set_position (GTK_EDITABLE (self->summary_row), -1);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->details),
                            details != NULL ? details : "", -1);
  desk_attachments_set (self->attachments, op != NULL ? op->attachments : NULL);
  count_summary (self);
  set_details_message (self, NULL);
  self->filling = FALSE;
}

/* --- the widget --- */

static GListModel *
list_priorities (void)
{
  GtkStringList *words = gtk_string_list_new (NULL);

  for (int priority = 0; priority < DESK_N_PRIORITIES; priority++)
    gtk_string_list_append (words, desk_wording_priority (priority));
  return G_LIST_MODEL (words);
}

DeskAttachments *
desk_new_ticket_form_get_attachments (DeskNewTicketForm *self)
{
  g_return_val_if_fail (DESK_IS_NEW_TICKET_FORM (self), NULL);

  return self->attachments;
}

void
desk_new_ticket_form_watch (DeskNewTicketForm *self, GtkWidget *target)
{
  g_return_if_fail (DESK_IS_NEW_TICKET_FORM (self));

  desk_attachments_watch (self->attachments, target);
  desk_attachments_watch (self->attachments, GTK_WIDGET (self->summary_row));
  desk_attachments_watch (self->attachments, GTK_WIDGET (self->details));
}

void
desk_new_ticket_form_set_store (DeskNewTicketForm *self, DeskStore *store)
{
  g_return_if_fail (DESK_IS_NEW_TICKET_FORM (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  desk_attachments_set_store (self->attachments, store);
  desk_similar_tickets_set_store (self->similar, store);
  g_signal_connect_object (store, "catalogue-changed", G_CALLBACK (show_catalogue), self,
                           G_CONNECT_SWAPPED);
  show_catalogue (self);
}

static gboolean
desk_new_ticket_form_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (DESK_NEW_TICKET_FORM (widget)->summary_row));
}

static void
desk_new_ticket_form_dispose (GObject *object)
{
  DeskNewTicketForm *self = DESK_NEW_TICKET_FORM (object);

  g_cancellable_cancel (self->people_search);
  g_clear_object (&self->people_search);
  g_clear_object (&self->store);
  /* Fields that are taken apart have nothing to tell. */
  self->filling = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_NEW_TICKET_FORM);
  G_OBJECT_CLASS (desk_new_ticket_form_parent_class)->dispose (object);
}

static void
desk_new_ticket_form_class_init (DeskNewTicketFormClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = desk_new_ticket_form_dispose;
  widget_class->grab_focus = desk_new_ticket_form_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", DESK_TYPE_NEW_TICKET_FORM, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (DESK_TYPE_CHOOSER_ROW);
  g_type_ensure (DESK_TYPE_SIMILAR_TICKETS);
  g_type_ensure (DESK_TYPE_ATTACHMENTS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-new-ticket-form.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, content);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, person_row);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, topic_row);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, priority_row);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, summary_row);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, summary_message_row);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, summary_message);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, similar);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, details_card);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, details);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, details_message);
  gtk_widget_class_bind_template_child (widget_class, DeskNewTicketForm, attachments);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, topic_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, priority_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_people_cb);
  gtk_widget_class_bind_template_callback (widget_class, summary_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, summary_activated_cb);
}

static void
desk_new_ticket_form_init (DeskNewTicketForm *self)
{
  g_autoptr (GListModel) priorities = list_priorities ();

  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_combo_row_set_model (self->priority_row, priorities);
  desk_attachments_show_place (self->attachments);
  g_signal_connect_object (gtk_text_view_get_buffer (self->details), "changed",
                           G_CALLBACK (details_changed_cb), self, G_CONNECT_SWAPPED);
  self->filling = FALSE;
}
