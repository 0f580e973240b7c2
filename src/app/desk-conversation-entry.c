/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a conversation; see desk-conversation-entry.h. */
#include "desk-conversation-entry.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "desk-attachments.h"
#include "desk-avatar.h"
#include "desk-body.h"
#include "desk-phrase.h"
#include "desk-refused.h"
#include "desk-resolution-card.h"
#include "desk-row-layout.h"
#include "desk-signs.h"
#include "desk-spoken.h"
#include "desk-wording.h"
#include "desk-wrap-layout.h"

#define AVATAR_SIZE         32
#define AVATAR_SIZE_COMPACT 28

struct _DeskConversationEntry
{
  GtkWidget parent_instance;

  DeskConversationKind kind;
  gint64 no; /* 0: not on the desk */
  gint64 at;
  GtkWidget *avatar; /* or the icon of a line */
  GtkWidget *aside;  /* what narrow rows leave out, or NULL */
  GtkWidget *time;
  char *op;           /* uid, of what waits to be sent; or NULL */
  GtkWidget *pending; /* the label that says how far it got, or NULL */
  char *pending_words;
};

G_DEFINE_FINAL_TYPE (DeskConversationEntry, desk_conversation_entry, GTK_TYPE_WIDGET)

/* What makes a kind what it is. @name gets the author's name. */
static const struct
{
  const char *css_class;
  const char *name;
} kinds[] = {
  [DESK_CONVERSATION_MESSAGE] = { "desk-message", N_ ("Message from %s") },
  [DESK_CONVERSATION_REPLY] = { "desk-reply", N_ ("Reply from %s") },
  [DESK_CONVERSATION_NOTE] = { "desk-note", N_ ("Internal note from %s") },
  [DESK_CONVERSATION_RESOLUTION] = { "desk-resolution", N_ ("Resolution by %s") },
  [DESK_CONVERSATION_LINE] = { "desk-line", NULL },
  [DESK_CONVERSATION_REASON] = { "desk-reason", N_ ("Reason given by %s") },
  [DESK_CONVERSATION_ASKED] = { "desk-asked", N_ ("Change by %s") },
};

/* What rows are made from. */
typedef struct
{
  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  const DeskCase *in;
  const DeskEvent *event;
  guint position;
  const char *author;            /* name */
  const DeskOutboxItem *refused; /* what became of it, or NULL */
} Source;

/* --- parts --- */

static GtkWidget *
make_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, css_class);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  return label;
}

/* What an entry is stands there in full, also where a name is cut. */
static GtkWidget *
make_title (const char *text, const char *css_class)
{
  GtkWidget *label = make_label (text, css_class);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_NONE);
  return label;
}

static GtkWidget *
make_caption (const char *text)
{
  GtkWidget *label = make_label (text, "caption");

  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static gint64
get_time (const DeskEvent *event)
{
  return event->at != 0 ? event->at : event->accepted_at;
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* What may have arrived, and was not answered, is not called unsent. */
static const char *
say_pending (const Source *source)
{
  const char *op = source->event->cause;

  if (source->refused != NULL)
    return _ ("Refused");
  if (op != NULL && source->in->tried != NULL && g_hash_table_contains (source->in->tried, op))
    return _ ("Sent, no answer yet");
  return _ ("Not sent yet");
}

static GtkWidget *
make_pending_mark (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);

  gtk_widget_set_hexpand (mark, TRUE);
  gtk_widget_set_halign (mark, GTK_ALIGN_END);
  gtk_widget_add_css_class (mark, source->refused != NULL ? "desk-bad-text" : "desk-secondary");
  gtk_box_append (GTK_BOX (mark), source->refused != NULL
                                      ? gtk_image_new_from_icon_name ("dialog-warning-symbolic")
                                      : desk_sign_new_sync ());
  self->op = g_strdup (source->event->cause);
  self->pending_words = g_strdup (say_pending (source));
  self->pending = make_title (self->pending_words, "caption");
  gtk_widget_add_css_class (self->pending, "numeric");
  gtk_box_append (GTK_BOX (mark), self->pending);
  return mark;
}

static GtkWidget *
make_time (DeskConversationEntry *self, const Source *source)
{
  g_autofree char *exact = NULL;

  if (source->event->no == 0)
    return make_pending_mark (self, source);
  self->at = get_time (source->event);
  self->time = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->time, "caption");
  gtk_widget_add_css_class (self->time, "numeric");
  gtk_widget_add_css_class (self->time, "desk-secondary");
  gtk_widget_set_hexpand (self->time, TRUE);
  gtk_widget_set_halign (self->time, GTK_ALIGN_END);
  exact = desk_wording_exact_time (self->at);
  gtk_widget_set_tooltip_text (self->time, exact);
  desk_conversation_entry_set_now (self, get_now ());
  return self->time;
}

/* What the author is in this conversation. */
static const char *
find_role (const Source *source)
{
  const DeskPerson *me = desk_store_get_me (source->store);
  gboolean is_requester = g_strcmp0 (source->event->author, source->in->ticket->requester) == 0;

  if (g_strcmp0 (source->event->author, me->uid) == 0 && is_requester)
    return _ ("You");
  return is_requester ? _ ("Requester") : _ ("Agent");
}

/* Lock, label and what it means: a note never rests on its colour. */
static void
append_note_mark (DeskConversationEntry *self, GtkWidget *head)
{
  GtkWidget *mark = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *lock = gtk_image_new_from_icon_name ("changes-prevent-symbolic");

  gtk_widget_add_css_class (mark, "desk-note-mark");
  gtk_box_append (GTK_BOX (mark), lock);
  gtk_box_append (GTK_BOX (mark), make_title (_ ("Internal note"), "caption-heading"));
  gtk_box_append (GTK_BOX (head), mark);
  self->aside = make_caption (_ ("only agents see this"));
  gtk_box_append (GTK_BOX (head), self->aside);
}

static GtkWidget *
make_person_head (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);

  gtk_box_append (GTK_BOX (head), make_label (source->author, "heading"));
  if (self->kind == DESK_CONVERSATION_NOTE)
    append_note_mark (self, head);
  else
    gtk_box_append (GTK_BOX (head), make_caption (find_role (source)));
  gtk_box_append (GTK_BOX (head), make_time (self, source));
  return head;
}

static GtkWidget *
make_resolution_head (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *tick = gtk_image_new_from_icon_name ("object-select-symbolic");
  /* Translators: beside the title of a resolution, "by Jane". */
  g_autofree char *by = desk_phrase (_ ("by %s"), source->author);
  GtkWidget *title = make_title (_ ("Resolution"), "heading");

  gtk_widget_add_css_class (tick, "desk-good-text");
  gtk_widget_add_css_class (title, "desk-good-text");
  gtk_box_append (GTK_BOX (head), tick);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), make_caption (by));
  gtk_box_append (GTK_BOX (head), make_time (self, source));
  return head;
}

static GtkWidget *
make_removed (void)
{
  GtkWidget *label = gtk_label_new (_ ("This text was removed"));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "desk-removed");
  gtk_widget_add_css_class (label, "desk-secondary");
  return label;
}

static gboolean
is_absent (const Source *source, const DeskAttachment *attachment)
{
  return source->syncer != NULL && source->in->absent != NULL && attachment->sha256 != NULL &&
         g_hash_table_contains (source->in->absent, attachment->sha256);
}

static GtkWidget *
make_chips (const Source *source)
{
  GtkWidget *chips = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (chips, desk_wrap_layout_new (8));
  for (guint i = 0; i < source->event->attachments->len; i++)
    {
      const DeskAttachment *attachment = g_ptr_array_index (source->event->attachments, i);

      GtkWidget *chip = desk_attachment_chip_new (source->store, source->in->ticket->uid,
                                                  attachment);

      if (is_absent (source, attachment))
        desk_attachment_chip_set_absent (chip, source->syncer);
      gtk_box_append (GTK_BOX (chips), chip);
    }
  gtk_widget_add_css_class (chips, "desk-chips");
  return chips;
}

static GtkWidget *
make_action (const char *label, const char *action, const char *op)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", op);
  return button;
}

/* What has never left this computer can be taken back. */
static gboolean
can_take_back (const Source *source)
{
  const char *op = source->event->cause;

  return source->event->no == 0 && source->refused == NULL && op != NULL &&
         (source->in->tried == NULL || !g_hash_table_contains (source->in->tried, op));
}

/* A ticket comes back as a whole: not to be edited when more was said on it. */
static gboolean
can_edit (const Source *source)
{
  return source->event->kind != DESK_KIND_CHANGE &&
         (source->event->kind != DESK_KIND_CREATED || source->in->pending == 1);
}

static GtkWidget *
make_take_back (const Source *source)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  const char *op = source->event->cause;

  gtk_widget_set_layout_manager (buttons, desk_wrap_layout_new (6));
  gtk_widget_add_css_class (buttons, "desk-entry-buttons");
  if (can_edit (source))
    gtk_box_append (GTK_BOX (buttons), make_action (_ ("Edit"), "waiting.edit", op));
  gtk_box_append (GTK_BOX (buttons), make_action (_ ("Discard"), "waiting.discard", op));
  return buttons;
}

static gboolean
has_text (const DeskEvent *event)
{
  return event->text != NULL && *event->text != '\0';
}

static GtkWidget *
make_card (GtkWidget *head)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_widget_add_css_class (card, "desk-card");
  gtk_widget_set_hexpand (card, TRUE);
  gtk_box_append (GTK_BOX (card), head);
  return card;
}

static GtkWidget *
make_text_card (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *card = make_card (make_person_head (self, source));

  if (source->event->redacted)
    gtk_box_append (GTK_BOX (card), make_removed ());
  else if (has_text (source->event))
    gtk_box_append (GTK_BOX (card), desk_body_new (source->event->text));
  if (source->event->attachments->len > 0)
    gtk_box_append (GTK_BOX (card), make_chips (source));
  if (can_take_back (source))
    gtk_box_append (GTK_BOX (card), make_take_back (source));
  if (source->refused != NULL)
    gtk_box_append (GTK_BOX (card),
                    desk_refused_details_new (source->store, source->in, source->refused));
  return card;
}

/* What @field was when the event had happened: an event says only what it changed. */
static const char *
find_value (const Source *source, DeskField field)
{
  for (guint i = source->position + 1; i > 0; i--)
    {
      const DeskEvent *event = g_ptr_array_index (source->in->events, i - 1);
      const DeskChange *change = desk_changes_find (event->changes, field);

      if (change != NULL)
        return change->to;
    }
  return NULL;
}

static GtkWidget *
make_resolution (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *card = make_card (make_resolution_head (self, source));

  if (source->event->redacted)
    gtk_box_append (GTK_BOX (card), make_removed ());
  else
    gtk_box_append (GTK_BOX (card),
                    desk_resolution_card_new (find_value (source, DESK_FIELD_RESOLUTION),
                                              find_value (source, DESK_FIELD_STEPS),
                                              find_value (source, DESK_FIELD_RECOMMENDATIONS)));
  if (can_take_back (source) && source->event->kind == DESK_KIND_CHANGE)
    gtk_box_append (GTK_BOX (card), make_take_back (source));
  return card;
}

static GtkWidget *
make_reason (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *card = make_card (head);
  GtkWidget *title = make_label (_ ("Reason"), "caption-heading");

  gtk_widget_add_css_class (title, "desk-secondary");
  gtk_box_append (GTK_BOX (head), title);
  if (source->event->audience == DESK_AUDIENCE_INTERNAL)
    append_note_mark (self, head);
  gtk_box_append (GTK_BOX (card),
                  source->event->redacted ? make_removed () : desk_body_new (source->event->text));
  return card;
}

/* The wording isolates the author's name; there it is made bold. */
static void
embolden (GtkLabel *label, const char *text, const char *name)
{
  g_autofree char *isolated = desk_wording_isolate (name);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  const char *at = strstr (text, isolated);

  if (at == NULL || *name == '\0')
    return;
  for (; at != NULL; at = strstr (at + strlen (isolated), isolated))
    {
      PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      bold->start_index = at - text;
      bold->end_index = bold->start_index + strlen (isolated);
      pango_attr_list_insert (attributes, bold);
    }
  gtk_label_set_attributes (label, attributes);
}

static GtkWidget *
make_line (DeskConversationEntry *self, const Source *source, const char *text)
{
  GtkWidget *line = desk_row_new (12);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *time;

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "desk-secondary");
  embolden (GTK_LABEL (label), text, source->author);
  gtk_widget_set_hexpand (line, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  gtk_widget_set_hexpand (label, TRUE);
  time = make_time (self, source);
  gtk_box_append (GTK_BOX (line), time);
  gtk_widget_set_hexpand (time, FALSE);
  return line;
}

/* --- rows --- */

static void
name_entry (DeskConversationEntry *self, const Source *source, const char *line)
{
  g_autofree char *name = NULL;

  if (kinds[self->kind].name == NULL)
    name = desk_spoken_text (line);
  else
    name = desk_phrase_spoken (_ (kinds[self->kind].name), source->author);
  if (self->no == 0)
    {
      g_autofree char *plain = g_steal_pointer (&name);

      /* Translators: what an entry is, and how far it got, read out: "Reply from Jane, not sent yet" */
      name = g_strdup_printf (C_ ("entry", "%1$s, %2$s"), plain, say_pending (source));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Avatars stand beside the first line; a line's icon in the middle of it. */
static GtkWidget *
make_gutter (DeskConversationEntry *self, const Source *source)
{
  GtkWidget *gutter = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (gutter, "desk-gutter");
  gtk_widget_set_valign (gutter, GTK_ALIGN_START);
  if (self->kind == DESK_CONVERSATION_REASON)
    return gutter;
  if (self->kind == DESK_CONVERSATION_LINE)
    self->avatar = gtk_image_new_from_icon_name (desk_wording_changes_icon (source->event));
  else
    self->avatar = desk_avatar_new (source->author, AVATAR_SIZE);
  gtk_widget_set_halign (self->avatar, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (self->avatar, TRUE);
  /* Or the wish to expand goes on to the gutter itself. */
  gtk_widget_set_hexpand (gutter, FALSE);
  gtk_box_append (GTK_BOX (gutter), self->avatar);
  return gutter;
}

static GtkWidget *
make_content (DeskConversationEntry *self, const Source *source, const char *line)
{
  switch (self->kind)
    {
    case DESK_CONVERSATION_MESSAGE:
    case DESK_CONVERSATION_REPLY:
    case DESK_CONVERSATION_NOTE:
      return make_text_card (self, source);
    case DESK_CONVERSATION_RESOLUTION:
      return make_resolution (self, source);
    case DESK_CONVERSATION_LINE:
      return make_line (self, source, line);
    case DESK_CONVERSATION_REASON:
      return make_reason (self, source);
    case DESK_CONVERSATION_ASKED:
      return make_text_card (self, source);
    }
  g_return_val_if_reached (NULL);
}

static void
add_row (GPtrArray *rows, const Source *source, DeskConversationKind kind, const char *line)
{
  DeskConversationEntry *self = g_object_new (DESK_TYPE_CONVERSATION_ENTRY, NULL);
  GtkWidget *content;

  self->kind = kind;
  self->no = source->event->no;
  gtk_widget_add_css_class (GTK_WIDGET (self), kinds[kind].css_class);
  if (self->no == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self),
                              source->refused != NULL ? "desk-refused" : "desk-pending");
  content = make_content (self, source, line);
  gtk_widget_set_parent (make_gutter (self, source), GTK_WIDGET (self));
  gtk_widget_set_parent (content, GTK_WIDGET (self));
  name_entry (self, source, line);
  g_ptr_array_add (rows, self);
}

static void
add_text (GPtrArray *rows, const Source *source)
{
  const DeskEvent *event = source->event;

  switch (event->kind)
    {
    case DESK_KIND_CREATED:
      add_row (rows, source, DESK_CONVERSATION_MESSAGE, NULL);
      break;
    case DESK_KIND_MESSAGE:
    case DESK_KIND_REPLY:
    case DESK_KIND_NOTE:
      /* A row says what it is by who can see it, whatever the event is called. */
      if (event->audience == DESK_AUDIENCE_INTERNAL)
        add_row (rows, source, DESK_CONVERSATION_NOTE, NULL);
      else if (event->kind == DESK_KIND_MESSAGE)
        add_row (rows, source, DESK_CONVERSATION_MESSAGE, NULL);
      else
        add_row (rows, source, DESK_CONVERSATION_REPLY, NULL);
      break;
    case DESK_KIND_CHANGE:
    case DESK_KIND_REDACT:
      break;
    }
}

static gboolean
resolves (const DeskEvent *event)
{
  const DeskChange *change = desk_changes_find (event->changes, DESK_FIELD_STATUS);

  return change != NULL &&
         g_strcmp0 (change->to, desk_enum_get_nick (DESK_TYPE_STATUS, DESK_STATUS_RESOLVED)) == 0;
}

/* The card of a resolution says already who resolved the ticket. */
static gboolean
needs_line (const DeskEvent *event, const char *line)
{
  return line != NULL && (!resolves (event) || strchr (line, '\n') != NULL);
}

static void
add_line (GPtrArray *rows, const Source *source)
{
  g_autofree char *line = desk_wording_changes (source->event, source->in,
                                                desk_store_get_catalogue (source->store));

  if (needs_line (source->event, line))
    add_row (rows, source, DESK_CONVERSATION_LINE, line);
}

void
desk_conversation_entry_add (
    GPtrArray *rows, DeskStore *store, DeskSyncer *syncer, const DeskCase *in, guint position)
{
  const DeskEvent *event = g_ptr_array_index (in->events, position);
  const DeskPerson *author = desk_case_find_person (in, event->author);
  const Source source = {
    store, syncer, in, event, position, desk_wording_person (author), NULL
  };

  add_text (rows, &source);
  if (resolves (event))
    add_row (rows, &source, DESK_CONVERSATION_RESOLUTION, NULL);
  add_line (rows, &source);
  if (event->kind == DESK_KIND_CHANGE && (has_text (event) || event->redacted))
    add_row (rows, &source, DESK_CONVERSATION_REASON, NULL);
}

static DeskConversationKind
find_kind_of_op (const DeskOp *op)
{
  switch (op->kind)
    {
    case DESK_KIND_CREATED:
    case DESK_KIND_MESSAGE:
      return DESK_CONVERSATION_MESSAGE;
    case DESK_KIND_REPLY:
      return DESK_CONVERSATION_REPLY;
    case DESK_KIND_NOTE:
      return DESK_CONVERSATION_NOTE;
    case DESK_KIND_CHANGE:
    case DESK_KIND_REDACT:
      return DESK_CONVERSATION_ASKED;
    }
  g_return_val_if_reached (DESK_CONVERSATION_ASKED);
}

DeskConversationEntry *
desk_conversation_entry_new_refused (DeskStore *store,
                                     const DeskCase *in,
                                     const DeskOutboxItem *item)
{
  g_autoptr (DeskEvent) event = desk_refused_make_event (item->op, in);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  const Source source = { store, NULL, in, event, 0,
                          desk_wording_person (desk_store_get_me (store)), item };

  add_row (rows, &source, find_kind_of_op (item->op), NULL);
  return g_ptr_array_index (rows, 0);
}

DeskConversationKind
desk_conversation_entry_get_kind (DeskConversationEntry *self)
{
  g_return_val_if_fail (DESK_IS_CONVERSATION_ENTRY (self), DESK_CONVERSATION_LINE);

  return self->kind;
}

gint64
desk_conversation_entry_get_no (DeskConversationEntry *self)
{
  g_return_val_if_fail (DESK_IS_CONVERSATION_ENTRY (self), 0);

  return self->no;
}

void
desk_conversation_entry_set_compact (DeskConversationEntry *self, gboolean compact)
{
  g_return_if_fail (DESK_IS_CONVERSATION_ENTRY (self));

  if (ADW_IS_AVATAR (self->avatar))
    adw_avatar_set_size (ADW_AVATAR (self->avatar), compact ? AVATAR_SIZE_COMPACT : AVATAR_SIZE);
  if (self->aside != NULL)
    gtk_widget_set_visible (self->aside, !compact);
  if (compact)
    gtk_widget_add_css_class (GTK_WIDGET (self), "desk-compact");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "desk-compact");
}

void
desk_conversation_entry_set_now (DeskConversationEntry *self, gint64 now)
{
  g_autofree char *words = NULL;

  g_return_if_fail (DESK_IS_CONVERSATION_ENTRY (self));

  if (self->time == NULL)
    return;
  words = desk_wording_time (self->at, now);
  gtk_label_set_text (GTK_LABEL (self->time), words);
}

void
desk_conversation_entry_set_upload (DeskConversationEntry *self, const char *op, double share)
{
  g_autofree char *words = NULL;

  g_return_if_fail (DESK_IS_CONVERSATION_ENTRY (self));

  if (self->pending == NULL)
    return;
  if (op != NULL && g_strcmp0 (op, self->op) == 0)
    /* Translators: how much of a file has gone to the desk, in percent. */
    words = g_strdup_printf (_ ("Sending files, %d %%"), (int) (CLAMP (share, 0, 1) * 100));
  gtk_label_set_text (GTK_LABEL (self->pending), words != NULL ? words : self->pending_words);
}

static void
desk_conversation_entry_finalize (GObject *object)
{
  DeskConversationEntry *self = DESK_CONVERSATION_ENTRY (object);

  g_free (self->op);
  g_free (self->pending_words);
  G_OBJECT_CLASS (desk_conversation_entry_parent_class)->finalize (object);
}

static void
desk_conversation_entry_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (desk_conversation_entry_parent_class)->dispose (object);
}

static void
desk_conversation_entry_class_init (DeskConversationEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_conversation_entry_dispose;
  G_OBJECT_CLASS (klass)->finalize = desk_conversation_entry_finalize;
  gtk_widget_class_set_css_name (widget_class, "desk-entry");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
desk_conversation_entry_init (DeskConversationEntry *self)
{
  gtk_widget_set_layout_manager (GTK_WIDGET (self), desk_row_layout_new (12));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}
