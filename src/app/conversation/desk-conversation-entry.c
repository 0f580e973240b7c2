/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows of a conversation: which there are for an event, and what they are called. */
#include "desk-conversation-entry-private.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "desk-avatar.h"
#include "desk-phrase.h"
#include "desk-refused.h"
#include "desk-row-layout.h"
#include "desk-spoken.h"
#include "desk-wording.h"

#define AVATAR_SIZE         32
#define AVATAR_SIZE_COMPACT 28

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

/* --- rows --- */

static void
name_entry (DeskConversationEntry *self, const DeskEntrySource *source, const char *line)
{
  g_autofree char *name = NULL;

  if (kinds[self->kind].name == NULL)
    name = desk_spoken_text (line);
  else
    name = desk_phrase_spoken (_ (kinds[self->kind].name), source->author);
  if (self->no == 0)
    {
      g_autofree char *plain = g_steal_pointer (&name);

      /* Translators: what an entry is, and how far it got, read out: "Reply from Jane, not sent
       * yet" */
      name = g_strdup_printf (C_ ("entry", "%1$s, %2$s"), plain,
                              desk_conversation_entry_say_pending (source));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* Avatars stand beside the first line; a line's icon in the middle of it. */
static GtkWidget *
make_gutter (DeskConversationEntry *self, const DeskEntrySource *source)
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

static void
add_row (GPtrArray *rows,
         const DeskEntrySource *source,
         DeskConversationKind kind,
         const char *line)
{
  DeskConversationEntry *self = g_object_new (DESK_TYPE_CONVERSATION_ENTRY, NULL);
  GtkWidget *content;

  self->kind = kind;
  self->no = source->event->no;
  gtk_widget_add_css_class (GTK_WIDGET (self), kinds[kind].css_class);
  if (self->no == 0)
    gtk_widget_add_css_class (GTK_WIDGET (self),
                              source->refused != NULL ? "desk-refused" : "desk-pending");
  content = desk_conversation_entry_make_content (self, source, line);
  gtk_widget_set_parent (make_gutter (self, source), GTK_WIDGET (self));
  gtk_widget_set_parent (content, GTK_WIDGET (self));
  name_entry (self, source, line);
  g_ptr_array_add (rows, self);
}

static void
add_text (GPtrArray *rows, const DeskEntrySource *source)
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
add_line (GPtrArray *rows, const DeskEntrySource *source)
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
  const DeskEntrySource source = {
    .store = store,
    .syncer = syncer,
    .in = in,
    .event = event,
    .position = position,
    .author = desk_wording_person (author),
  };

  add_text (rows, &source);
  if (resolves (event))
    add_row (rows, &source, DESK_CONVERSATION_RESOLUTION, NULL);
  add_line (rows, &source);
  if (event->kind == DESK_KIND_CHANGE &&
      (desk_conversation_entry_has_text (event) || event->redacted))
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
  const DeskEntrySource source = {
    .store = store,
    .in = in,
    .event = event,
    .author = desk_wording_person (desk_store_get_me (store)),
    .refused = item,
  };

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
