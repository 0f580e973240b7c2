/* SPDX-License-Identifier: GPL-3.0-or-later
 * The composer; see desk-composer.h. */
#include "desk-composer.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "desk-attachments.h"
#include "desk-composer-news.h"
#include "desk-phrase.h"
#include "desk-spoken.h"
#include "desk-text-area.h"
#include "desk-unsent.h"
#include "desk-wording.h"

/* How long after the last key a draft is kept. */
#define SAVE_AFTER_MS 500

typedef enum
{
  MODE_REPLY, /* messages too */
  MODE_NOTE,
} Mode;
#define N_MODES 2

/* What a mode has of its own. */
typedef struct
{
  GtkWidget *page; /* text and files; NULL until the mode is used */
  DeskTextArea *text;
  DeskAttachments *files;
  DeskOp *op; /* the draft: what is sent takes its place, so that it cannot get in twice; or NULL */
  gint64 begun_no; /* how much of the ticket there was then; its base while it is a draft */
} Page;

struct _DeskComposer
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  DeskTicket *ticket;
  char *requester;
  DeskComposerRole role;
  Mode mode;
  Page modes_pages[N_MODES];
  guint save_source;
  gboolean restoring; /* what changes now was not typed */
  gboolean sending;

  GtkWidget *card;
  GtkWidget *head;
  GtkWidget *modes;
  GtkWidget *reply_mode;
  GtkWidget *note_mode;
  GtkWidget *recipients;
  GtkWidget *hint;
  GtkWidget *pages;
  DeskComposerNews *news;
  GtkWidget *failure;
  GtkWidget *failure_label;
  GtkWidget *cancel;
  GtkWidget *send_with_menu;
  GtkWidget *send;
};

enum
{
  CHANGED,
  TYPED,
  CANCELLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskComposer, desk_composer, GTK_TYPE_WIDGET)

/* --- modes --- */

static DeskKind
get_kind (DeskComposer *self, Mode mode)
{
  if (mode == MODE_NOTE)
    return DESK_KIND_NOTE;
  return self->role == DESK_COMPOSER_AGENT ? DESK_KIND_REPLY : DESK_KIND_MESSAGE;
}

char *
desk_composer_draft_key (const char *ticket, DeskKind kind)
{
  return g_strconcat (ticket, kind == DESK_KIND_NOTE ? "/note" : "/reply", NULL);
}

static char *
get_key (DeskComposer *self, Mode mode)
{
  return desk_composer_draft_key (self->ticket->uid, get_kind (self, mode));
}

static Page *
get_page (DeskComposer *self)
{
  return &self->modes_pages[self->mode];
}

static void
set_draft (Page *page, const DeskOp *op)
{
  DeskOp *before = page->op;

  page->op = op != NULL ? desk_op_ref ((DeskOp *) op) : NULL;
  g_clear_pointer (&before, desk_op_unref);
}

static DeskOp *
make_op (DeskComposer *self, Mode mode)
{
  Page *page = &self->modes_pages[mode];
  DeskOp *op = desk_store_new_op (self->store, self->ticket, get_kind (self, mode));
  g_autofree char *text = desk_text_area_dup_text (page->text);
  g_autoptr (GPtrArray) files = desk_attachments_get (page->files);

  if (page->op != NULL)
    desk_op_replace (op, page->op);
  desk_op_set_text (op, text);
  for (guint i = 0; i < files->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (files, i);

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
  set_draft (page, op);
  return op;
}

/* --- drafts --- */

static gboolean
is_empty (Page *page)
{
  g_autoptr (GPtrArray) files = desk_attachments_get (page->files);

  return files->len == 0 && desk_text_area_is_blank (page->text);
}

static void
save_mode (DeskComposer *self, Mode mode)
{
  g_autofree char *key = get_key (self, mode);
  g_autoptr (DeskOp) op = NULL;

  if (self->modes_pages[mode].page == NULL)
    return;
  if (!is_empty (&self->modes_pages[mode]))
    {
      op = make_op (self, mode);
      op->base = self->modes_pages[mode].begun_no;
    }
  desk_drafts_set (desk_store_get_drafts (self->store), key, op);
}

void
desk_composer_save (DeskComposer *self)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (self->save_source == 0)
    return;
  g_clear_handle_id (&self->save_source, g_source_remove);
  for (Mode mode = MODE_REPLY; self->ticket != NULL && mode < N_MODES; mode++)
    save_mode (self, mode);
}

static gboolean
save_cb (gpointer user_data)
{
  desk_composer_save (user_data);
  return G_SOURCE_REMOVE;
}

static void
save_soon (DeskComposer *self)
{
  if (self->save_source != 0)
    g_source_remove (self->save_source);
  self->save_source = g_timeout_add (SAVE_AFTER_MS, save_cb, self);
}

static void
show_reason (DeskComposer *self, const char *reason)
{
  gtk_label_set_text (GTK_LABEL (self->failure_label), reason != NULL ? reason : "");
  gtk_widget_set_visible (self->failure, reason != NULL);
}

static void
note_begun (DeskComposer *self, Page *page)
{
  if (is_empty (page))
    page->begun_no = 0;
  else if (page->begun_no == 0)
    page->begun_no = self->ticket->no;
}

static void
typed_cb (DeskComposer *self)
{
  if (self->restoring)
    return;
  if (self->ticket != NULL)
    note_begun (self, get_page (self));
  g_signal_emit (self, signals[TYPED], 0);
  if (self->ticket != NULL)
    save_soon (self);
  show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
busy_cb (DeskComposer *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- pages --- */

static void
add_page (DeskComposer *self, Mode mode)
{
  Page *page = &self->modes_pages[mode];
  GtkWidget *files = desk_attachments_new ();
  GtkWidget *text = desk_text_area_new ();

  page->page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  page->text = DESK_TEXT_AREA (text);
  page->files = DESK_ATTACHMENTS (files);
  desk_attachments_set_store (page->files, self->store);
  desk_attachments_watch (page->files, GTK_WIDGET (desk_text_area_get_view (page->text)));
  gtk_box_append (GTK_BOX (page->page), text);
  gtk_box_append (GTK_BOX (page->page), files);
  gtk_box_append (GTK_BOX (self->pages), page->page);
  g_signal_connect_object (text, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "notify::busy", G_CALLBACK (busy_cb), self, G_CONNECT_SWAPPED);
}

static void
restore_page (DeskComposer *self, Mode mode)
{
  Page *page = &self->modes_pages[mode];
  g_autofree char *key = get_key (self, mode);
  const DeskOp *draft = desk_drafts_get (desk_store_get_drafts (self->store), key);

  set_draft (page, draft);
  page->begun_no = draft != NULL ? draft->base : 0;
  self->restoring = TRUE;
  desk_text_area_set_text (page->text, draft != NULL ? draft->text : NULL);
  desk_attachments_set (page->files, draft != NULL ? draft->attachments : NULL);
  self->restoring = FALSE;
}

/* Modes that are not looked at are made when they are. */
static void
ensure_page (DeskComposer *self)
{
  if (get_page (self)->page != NULL || self->ticket == NULL)
    return;
  add_page (self, self->mode);
  restore_page (self, self->mode);
}

static void
restore_pages (DeskComposer *self)
{
  for (Mode mode = MODE_REPLY; mode < N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      restore_page (self, mode);
}

/* --- words --- */

/* The requester's name is bold inside of a sentence whose order is the translator's. */
static void
show_recipient (DeskComposer *self)
{
  g_autofree char *name = desk_wording_isolate (self->requester);
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  g_autofree char *bold = g_strdup_printf ("<b>%s</b>", escaped);
  /* Translators: who gets the reply, "To Karen". %s is the name in bold. */
  g_autofree char *markup = g_strdup_printf (_ ("To %s"), bold);

  gtk_label_set_markup (GTK_LABEL (self->recipients), markup);
}

static const char *
get_notice (DeskComposer *self)
{
  switch (self->role)
    {
    case DESK_COMPOSER_AGENT:
      return self->mode == MODE_NOTE ? _ ("Only agents will see this") : NULL;
    case DESK_COMPOSER_REQUESTER:
      return NULL;
    case DESK_COMPOSER_NOT_YET:
      return _ ("The ticket is opened again. You may add what is still wrong.");
    case DESK_COMPOSER_CLOSED:
      return _ ("This ticket is closed. Writing opens it again.");
    }
  g_return_val_if_reached (NULL);
}

static void
show_head (DeskComposer *self)
{
  const char *notice = get_notice (self);
  gboolean agent = self->role == DESK_COMPOSER_AGENT;

  gtk_widget_set_visible (self->modes, agent);
  gtk_widget_set_visible (self->head, agent || notice != NULL);
  if (notice != NULL)
    gtk_label_set_text (GTK_LABEL (self->recipients), notice);
  else if (agent)
    show_recipient (self);
}

/* What the text is called for assistive technology, and what its empty field says. */
static void
show_field (DeskComposer *self)
{
  DeskTextArea *text = get_page (self)->text;
  g_autofree char *placeholder = NULL;

  if (self->mode == MODE_NOTE)
    {
      desk_text_area_set_label (text, _ ("Write a note"));
      desk_text_area_set_placeholder (text, _ ("Write a note for agents…"));
      return;
    }
  if (self->role != DESK_COMPOSER_AGENT)
    {
      desk_text_area_set_label (text, _ ("Write a message"));
      desk_text_area_set_placeholder (text, self->role == DESK_COMPOSER_NOT_YET
                                                ? _ ("What is still wrong?")
                                                : _ ("Write a message…"));
      return;
    }
  placeholder = desk_phrase (_ ("Write a reply to %s…"), self->requester);
  desk_text_area_set_label (text, _ ("Write a reply"));
  desk_text_area_set_placeholder (text, placeholder);
}

/* What is sent now is kept until the desk answers again. */
static gboolean
is_offline (DeskComposer *self)
{
  return self->syncer != NULL && desk_unsent_is_offline (self->syncer);
}

/* In Note the whole card is another one, and its button is not the suggested action. */
static void
show_buttons (DeskComposer *self)
{
  gboolean agent = self->role == DESK_COMPOSER_AGENT;
  gboolean note = self->mode == MODE_NOTE;
  const char *send = is_offline (self) ? _ ("Send later") : _ ("Send");
  const char *verb = note ? _ ("Add note") : send;

  gtk_widget_set_visible (self->send_with_menu, agent && !note);
  gtk_widget_set_visible (self->send, !agent || note);
  gtk_widget_set_visible (self->cancel, self->role == DESK_COMPOSER_NOT_YET);
  gtk_button_set_label (GTK_BUTTON (self->send), verb);
  adw_split_button_set_label (ADW_SPLIT_BUTTON (self->send_with_menu), send);
  if (note)
    gtk_widget_remove_css_class (self->send, "suggested-action");
  else
    gtk_widget_add_css_class (self->send, "suggested-action");
  if (note)
    gtk_widget_add_css_class (self->card, "desk-note");
  else
    gtk_widget_remove_css_class (self->card, "desk-note");
}

static void
show_mode (DeskComposer *self)
{
  if (self->ticket == NULL)
    return;
  ensure_page (self);
  for (Mode mode = MODE_REPLY; mode < N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      gtk_widget_set_visible (self->modes_pages[mode].page, mode == self->mode);
  show_head (self);
  show_field (self);
  show_buttons (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_mode (DeskComposer *self, Mode mode)
{
  if (self->mode == mode)
    return;
  self->mode = mode;
  show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  show_mode (self);
}

/* --- signals of the template --- */

static void
mode_cb (GtkToggleButton *button, DeskComposer *self)
{
  set_mode (self, gtk_toggle_button_get_active (button) ? MODE_NOTE : MODE_REPLY);
}

static void
attach_cb (GtkButton *button, DeskComposer *self)
{
  if (get_page (self)->files != NULL)
    desk_attachments_choose (get_page (self)->files);
}

static void
cancel_cb (GtkButton *button, DeskComposer *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

/* --- the class --- */

static gboolean
desk_composer_grab_focus (GtkWidget *widget)
{
  desk_composer_focus_text (DESK_COMPOSER (widget));
  return TRUE;
}

static void
desk_composer_dispose (GObject *object)
{
  DeskComposer *self = DESK_COMPOSER (object);

  desk_composer_save (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_COMPOSER);
  for (Mode mode = MODE_REPLY; mode < N_MODES; mode++)
    {
      set_draft (&self->modes_pages[mode], NULL);
      self->modes_pages[mode] = (Page){ NULL };
    }
  g_clear_pointer (&self->ticket, desk_ticket_unref);
  g_clear_object (&self->syncer);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (desk_composer_parent_class)->dispose (object);
}

static void
desk_composer_finalize (GObject *object)
{
  g_free (DESK_COMPOSER (object)->requester);
  G_OBJECT_CLASS (desk_composer_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-composer.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, card);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, head);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, modes);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, reply_mode);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, note_mode);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, recipients);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, hint);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, pages);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, news);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, failure);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, failure_label);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, cancel);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, send_with_menu);
  gtk_widget_class_bind_template_child (widget_class, DeskComposer, send);
  gtk_widget_class_bind_template_callback (widget_class, mode_cb);
  gtk_widget_class_bind_template_callback (widget_class, attach_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
desk_composer_class_init (DeskComposerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = desk_composer_dispose;
  object_class->finalize = desk_composer_finalize;
  widget_class->grab_focus = desk_composer_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[TYPED] = g_signal_new ("typed", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[CANCELLED] = g_signal_new ("cancelled", DESK_TYPE_COMPOSER, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (ADW_TYPE_SPLIT_BUTTON);
  g_type_ensure (DESK_TYPE_COMPOSER_NEWS);
  bind_template (widget_class);
}

/* Before the text sees the key, which would add a line. */
static void
add_send_key (DeskComposer *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutTrigger *trigger = gtk_alternative_trigger_new (
      gtk_keyval_trigger_new (GDK_KEY_Return, GDK_CONTROL_MASK),
      gtk_keyval_trigger_new (GDK_KEY_KP_Enter, GDK_CONTROL_MASK));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (trigger, gtk_named_action_new ("ticket.send")));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
desk_composer_init (DeskComposer *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  desk_spoken_dropdown (ADW_SPLIT_BUTTON (self->send_with_menu), _ ("More ways to send"));
  add_send_key (self);
}

GtkWidget *
desk_composer_new (void)
{
  return g_object_new (DESK_TYPE_COMPOSER, NULL);
}

void
desk_composer_set_store (DeskComposer *self, DeskStore *store, DeskSyncer *syncer)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));
  g_return_if_fail (self->store == NULL);

  self->store = g_object_ref (store);
  g_set_object (&self->syncer, syncer);
  if (syncer != NULL)
    g_signal_connect_object (syncer, "changed", G_CALLBACK (show_buttons), self,
                             G_CONNECT_SWAPPED);
}

static void
take_ticket (DeskComposer *self, const DeskTicket *ticket)
{
  DeskTicket *before = self->ticket;

  self->ticket = ticket != NULL ? desk_ticket_ref ((DeskTicket *) ticket) : NULL;
  g_clear_pointer (&before, desk_ticket_unref);
}

/* Without a ticket nothing can be typed that would be lost when the next one comes. */
static void
change_ticket (DeskComposer *self, const DeskTicket *ticket, DeskComposerRole role)
{
  desk_composer_save (self);
  take_ticket (self, ticket);
  self->role = role;
  self->sending = FALSE;
  show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  for (Mode mode = MODE_REPLY; mode < N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      desk_text_area_set_editable (self->modes_pages[mode].text, ticket != NULL);
  if (ticket == NULL)
    return;
  gtk_widget_set_sensitive (self->modes, TRUE);
  restore_pages (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reply_mode), TRUE);
}

void
desk_composer_show (DeskComposer *self,
                    const DeskTicket *ticket,
                    const char *requester,
                    DeskComposerRole role)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));
  g_return_if_fail (self->store != NULL);

  g_free (self->requester);
  self->requester = g_strdup (requester != NULL ? requester : "");
  if (self->ticket == NULL || ticket == NULL || g_strcmp0 (self->ticket->uid, ticket->uid) != 0)
    change_ticket (self, ticket, role);
  else
    take_ticket (self, ticket);
  if (role != DESK_COMPOSER_AGENT)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->reply_mode), TRUE);
  self->role = role;
  show_mode (self);
}

void
desk_composer_set_note (DeskComposer *self, gboolean note)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (note && self->role != DESK_COMPOSER_AGENT)
    return;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (note ? self->note_mode : self->reply_mode),
                                TRUE);
}

gboolean
desk_composer_is_note (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  return self->mode == MODE_NOTE;
}

void
desk_composer_focus_text (DeskComposer *self)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (get_page (self)->text != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (get_page (self)->text));
}

void
desk_composer_set_hint (DeskComposer *self, const char *hint)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  gtk_label_set_text (GTK_LABEL (self->hint), hint != NULL ? hint : "");
  gtk_widget_set_visible (self->hint, hint != NULL);
}

void
desk_composer_show_news (DeskComposer *self, const DeskCase *in)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  desk_composer_news_update (self->news, self->ticket != NULL ? in : NULL,
                             get_page (self)->begun_no, desk_store_get_me (self->store)->uid);
}

gint64
desk_composer_take_news (DeskComposer *self)
{
  gint64 no;

  g_return_val_if_fail (DESK_IS_COMPOSER (self), 0);

  no = desk_composer_news_get_first (self->news);
  if (no == 0)
    return 0;
  get_page (self)->begun_no = self->ticket->no;
  save_soon (self);
  g_signal_emit (self, signals[CHANGED], 0);
  return no;
}

gboolean
desk_composer_has_text (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  return get_page (self)->text != NULL && !desk_text_area_is_blank (get_page (self)->text);
}

static gboolean
is_attaching (DeskComposer *self)
{
  gboolean busy = FALSE;

  g_object_get (get_page (self)->files, "busy", &busy, NULL);
  return busy;
}

gboolean
desk_composer_can_send (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  if (self->ticket == NULL || self->sending || get_page (self)->page == NULL || is_attaching (self))
    return FALSE;
  return self->role == DESK_COMPOSER_NOT_YET || !is_empty (get_page (self));
}

DeskOp *
desk_composer_make_op (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), NULL);
  g_return_val_if_fail (self->ticket != NULL, NULL);

  ensure_page (self);
  return make_op (self, self->mode);
}

/* The page that @op was written on, or NULL when another ticket is shown by now. */
static Page *
find_page (DeskComposer *self, const DeskOp *op)
{
  Mode mode = op->kind == DESK_KIND_NOTE ? MODE_NOTE : MODE_REPLY;

  if (self->ticket == NULL || g_strcmp0 (self->ticket->uid, op->ticket) != 0)
    return NULL;
  return self->modes_pages[mode].page != NULL ? &self->modes_pages[mode] : NULL;
}

static void
set_sending (DeskComposer *self, Page *page, gboolean sending)
{
  self->sending = sending;
  desk_text_area_set_editable (page->text, !sending);
  gtk_widget_set_sensitive (self->modes, !sending);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
desk_composer_begin (DeskComposer *self)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  desk_composer_save (self);
  show_reason (self, NULL);
  if (get_page (self)->page != NULL)
    set_sending (self, get_page (self), TRUE);
}

void
desk_composer_succeed (DeskComposer *self, const DeskOp *op)
{
  Page *page;

  g_return_if_fail (DESK_IS_COMPOSER (self));

  page = find_page (self, op);
  if (page == NULL)
    return;
  set_draft (page, NULL);
  page->begun_no = 0;
  self->restoring = TRUE;
  desk_text_area_set_text (page->text, NULL);
  desk_attachments_set (page->files, NULL);
  self->restoring = FALSE;
  desk_composer_set_hint (self, NULL);
  set_sending (self, page, FALSE);
  g_signal_emit (self, signals[TYPED], 0);
}

void
desk_composer_fail (DeskComposer *self, const DeskOp *op, const GError *error)
{
  g_autofree char *reason = desk_wording_error (error);
  Page *page;

  g_return_if_fail (DESK_IS_COMPOSER (self));

  page = find_page (self, op);
  if (page == NULL)
    return;
  /* A refusal is an answer to that op for ever. */
  if (error->domain == DESK_ERROR)
    set_draft (page, NULL);
  show_reason (self, reason);
  set_sending (self, page, FALSE);
}

static void
add_files (DeskOp *op, GPtrArray *files)
{
  for (guint i = 0; i < files->len; i++)
    {
      const DeskAttachment *file = g_ptr_array_index (files, i);

      desk_op_take_attachment (
          op, desk_attachment_new (file->name, file->type, file->size_bytes, file->sha256));
    }
}

DeskOp *
desk_composer_join (DeskComposer *self, const DeskOp *op)
{
  g_autoptr (DeskOp) typed = NULL;
  DeskOp *joined;

  g_return_val_if_fail (DESK_IS_COMPOSER (self), NULL);
  g_return_val_if_fail (self->ticket != NULL, NULL);

  desk_composer_set_note (self, op->kind == DESK_KIND_NOTE);
  ensure_page (self);
  joined = desk_store_new_op (self->store, self->ticket, op->kind);
  desk_op_replace (joined, op);
  desk_op_set_text (joined, op->text);
  add_files (joined, op->attachments);
  if (!is_empty (get_page (self)))
    {
      typed = make_op (self, self->mode);
      add_files (joined, typed->attachments);
    }
  if (typed != NULL && typed->text != NULL)
    {
      g_autofree char *both = g_strjoin (op->text != NULL ? "\n\n" : "",
                                         op->text != NULL ? op->text : "", typed->text, NULL);

      desk_op_set_text (joined, both);
    }
  desk_composer_begin (self);
  return joined;
}

void
desk_composer_restore (DeskComposer *self, const char *key)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  for (Mode mode = MODE_REPLY; self->ticket != NULL && mode < N_MODES; mode++)
    {
      Page *page = &self->modes_pages[mode];
      g_autofree char *own = get_key (self, mode);

      if (page->page == NULL || g_strcmp0 (own, key) != 0)
        continue;
      restore_page (self, mode);
      set_sending (self, page, FALSE);
    }
}

void
desk_composer_set_compact (DeskComposer *self, gboolean compact)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  if (compact)
    gtk_widget_add_css_class (self->card, "desk-compact");
  else
    gtk_widget_remove_css_class (self->card, "desk-compact");
}
