/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is written in each mode of the composer: kept as a draft, handed out as an op.
 *
 * What is sent takes the place of its draft, so that it cannot get in twice. */
#include "desk-composer-private.h"

#include "desk-wording.h"

/* How long after the last key a draft is kept. */
#define SAVE_AFTER_MS 500

/* --- modes --- */

static DeskKind
get_kind (DeskComposer *self, DeskComposerMode mode)
{
  if (mode == DESK_COMPOSER_MODE_NOTE)
    return DESK_KIND_NOTE;
  return self->role == DESK_COMPOSER_AGENT ? DESK_KIND_REPLY : DESK_KIND_MESSAGE;
}

char *
desk_composer_draft_key (const char *ticket, DeskKind kind)
{
  return g_strconcat (ticket, kind == DESK_KIND_NOTE ? "/note" : "/reply", NULL);
}

static char *
get_key (DeskComposer *self, DeskComposerMode mode)
{
  return desk_composer_draft_key (self->ticket->uid, get_kind (self, mode));
}

DeskComposerPage *
desk_composer_get_page (DeskComposer *self)
{
  return &self->modes_pages[self->mode];
}

static void
set_draft (DeskComposerPage *page, const DeskOp *op)
{
  DeskOp *before = page->op;

  page->op = op != NULL ? desk_op_ref ((DeskOp *) op) : NULL;
  g_clear_pointer (&before, desk_op_unref);
}

static DeskOp *
make_op (DeskComposer *self, DeskComposerMode mode)
{
  DeskComposerPage *page = &self->modes_pages[mode];
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
is_empty (DeskComposerPage *page)
{
  g_autoptr (GPtrArray) files = desk_attachments_get (page->files);

  return files->len == 0 && desk_text_area_is_blank (page->text);
}

static void
save_mode (DeskComposer *self, DeskComposerMode mode)
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
  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY;
       self->ticket != NULL && mode < DESK_COMPOSER_N_MODES; mode++)
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
note_begun (DeskComposer *self, DeskComposerPage *page)
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
    note_begun (self, desk_composer_get_page (self));
  g_signal_emit_by_name (self, "typed");
  if (self->ticket != NULL)
    save_soon (self);
  desk_composer_show_reason (self, NULL);
  desk_composer_set_hint (self, NULL);
  g_signal_emit_by_name (self, "changed");
}

static void
busy_cb (DeskComposer *self)
{
  g_signal_emit_by_name (self, "changed");
}

/* --- pages --- */

static void
add_page (DeskComposer *self, DeskComposerMode mode)
{
  DeskComposerPage *page = &self->modes_pages[mode];
  GtkWidget *files = desk_attachments_new ();
  GtkWidget *text = desk_text_area_new ();

  page->page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  page->text = DESK_TEXT_AREA (text);
  page->files = DESK_ATTACHMENTS (files);
  desk_attachments_set_store (page->files, self->store);
  desk_attachments_watch (page->files, GTK_WIDGET (desk_text_area_get_view (page->text)));
  gtk_widget_add_css_class (files, "desk-composer-line");
  gtk_box_append (GTK_BOX (page->page), text);
  gtk_box_append (GTK_BOX (page->page), files);
  gtk_box_append (GTK_BOX (self->pages), page->page);
  g_signal_connect_object (text, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "changed", G_CALLBACK (typed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (files, "notify::busy", G_CALLBACK (busy_cb), self, G_CONNECT_SWAPPED);
}

static void
restore_page (DeskComposer *self, DeskComposerMode mode)
{
  DeskComposerPage *page = &self->modes_pages[mode];
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
void
desk_composer_ensure_page (DeskComposer *self)
{
  if (desk_composer_get_page (self)->page != NULL || self->ticket == NULL)
    return;
  add_page (self, self->mode);
  restore_page (self, self->mode);
}

void
desk_composer_restore_pages (DeskComposer *self)
{
  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY; mode < DESK_COMPOSER_N_MODES; mode++)
    if (self->modes_pages[mode].page != NULL)
      restore_page (self, mode);
}

void
desk_composer_forget_pages (DeskComposer *self)
{
  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY; mode < DESK_COMPOSER_N_MODES; mode++)
    {
      set_draft (&self->modes_pages[mode], NULL);
      self->modes_pages[mode] = (DeskComposerPage){ NULL };
    }
}

/* --- news --- */

void
desk_composer_show_news (DeskComposer *self, const DeskCase *in)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  desk_composer_news_update (self->news, self->ticket != NULL ? in : NULL,
                             desk_composer_get_page (self)->begun_no,
                             desk_store_get_me (self->store)->uid);
}

gint64
desk_composer_take_news (DeskComposer *self)
{
  gint64 no;

  g_return_val_if_fail (DESK_IS_COMPOSER (self), 0);

  no = desk_composer_news_get_first (self->news);
  if (no == 0)
    return 0;
  desk_composer_get_page (self)->begun_no = self->ticket->no;
  save_soon (self);
  g_signal_emit_by_name (self, "changed");
  return no;
}

/* --- sending --- */

gboolean
desk_composer_has_text (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  return desk_composer_get_page (self)->text != NULL &&
         !desk_text_area_is_blank (desk_composer_get_page (self)->text);
}

static gboolean
is_attaching (DeskComposer *self)
{
  gboolean busy = FALSE;

  g_object_get (desk_composer_get_page (self)->files, "busy", &busy, NULL);
  return busy;
}

gboolean
desk_composer_can_send (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), FALSE);

  if (self->ticket == NULL || self->sending || desk_composer_get_page (self)->page == NULL ||
      is_attaching (self))
    return FALSE;
  return self->role == DESK_COMPOSER_NOT_YET || !is_empty (desk_composer_get_page (self));
}

DeskOp *
desk_composer_make_op (DeskComposer *self)
{
  g_return_val_if_fail (DESK_IS_COMPOSER (self), NULL);
  g_return_val_if_fail (self->ticket != NULL, NULL);

  desk_composer_ensure_page (self);
  return make_op (self, self->mode);
}

/* The page that @op was written on, or NULL when another ticket is shown by now. */
static DeskComposerPage *
find_page (DeskComposer *self, const DeskOp *op)
{
  DeskComposerMode mode = op->kind == DESK_KIND_NOTE ? DESK_COMPOSER_MODE_NOTE
                                                     : DESK_COMPOSER_MODE_REPLY;

  if (self->ticket == NULL || g_strcmp0 (self->ticket->uid, op->ticket) != 0)
    return NULL;
  return self->modes_pages[mode].page != NULL ? &self->modes_pages[mode] : NULL;
}

static void
set_sending (DeskComposer *self, DeskComposerPage *page, gboolean sending)
{
  self->sending = sending;
  desk_text_area_set_editable (page->text, !sending);
  gtk_widget_set_sensitive (self->modes, !sending);
  g_signal_emit_by_name (self, "changed");
}

void
desk_composer_begin (DeskComposer *self)
{
  g_return_if_fail (DESK_IS_COMPOSER (self));

  desk_composer_save (self);
  desk_composer_show_reason (self, NULL);
  if (desk_composer_get_page (self)->page != NULL)
    set_sending (self, desk_composer_get_page (self), TRUE);
}

void
desk_composer_succeed (DeskComposer *self, const DeskOp *op)
{
  DeskComposerPage *page;

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
  g_signal_emit_by_name (self, "typed");
}

void
desk_composer_fail (DeskComposer *self, const DeskOp *op, const GError *error)
{
  g_autofree char *reason = desk_wording_error (error);
  DeskComposerPage *page;

  g_return_if_fail (DESK_IS_COMPOSER (self));

  page = find_page (self, op);
  if (page == NULL)
    return;
  /* A refusal is an answer to that op for ever. */
  if (error->domain == DESK_ERROR)
    set_draft (page, NULL);
  desk_composer_show_reason (self, reason);
  set_sending (self, page, FALSE);
}

/* --- what comes back --- */

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
  desk_composer_ensure_page (self);
  joined = desk_store_new_op (self->store, self->ticket, op->kind);
  desk_op_replace (joined, op);
  desk_op_set_text (joined, op->text);
  add_files (joined, op->attachments);
  if (!is_empty (desk_composer_get_page (self)))
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

  for (DeskComposerMode mode = DESK_COMPOSER_MODE_REPLY;
       self->ticket != NULL && mode < DESK_COMPOSER_N_MODES; mode++)
    {
      DeskComposerPage *page = &self->modes_pages[mode];
      g_autofree char *own = get_key (self, mode);

      if (page->page == NULL || g_strcmp0 (own, key) != 0)
        continue;
      restore_page (self, mode);
      set_sending (self, page, FALSE);
    }
}
