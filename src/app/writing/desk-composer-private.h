/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the composer share.
 *
 * desk-composer.c is the widget, desk-composer-drafts.c keeps and hands out what is written,
 * desk-composer-words.c says whom it is for. Nobody else includes this. */
#pragma once

#include "desk-attachments.h"
#include "desk-composer-news.h"
#include "desk-composer.h"
#include "desk-text-area.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_COMPOSER_MODE_REPLY, /* messages too */
  DESK_COMPOSER_MODE_NOTE,
} DeskComposerMode;

#define DESK_COMPOSER_N_MODES 2

/* What a mode has of its own. */
typedef struct
{
  GtkWidget *page; /* text and files; NULL until the mode is used */
  DeskTextArea *text;
  DeskAttachments *files;
  DeskOp *op; /* the draft: what is sent takes its place, so that it cannot get in twice; or NULL */
  gint64 begun_no; /* how much of the ticket there was then; its base while it is a draft */
} DeskComposerPage;

struct _DeskComposer
{
  GtkWidget parent_instance;

  DeskStore *store;
  DeskSyncer *syncer; /* NULL: a desk file */
  DeskTicket *ticket;
  char *requester;
  DeskComposerRole role;
  DeskComposerMode mode;
  DeskComposerPage modes_pages[DESK_COMPOSER_N_MODES];
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

/* --- desk-composer-drafts.c --- */

/* The page of the present mode. */
DeskComposerPage *desk_composer_get_page (DeskComposer *self);
/* Modes that are not looked at are made when they are. */
void desk_composer_ensure_page (DeskComposer *self);
/* Shows the drafts of another ticket. */
void desk_composer_restore_pages (DeskComposer *self);
/* Once their widgets are gone. */
void desk_composer_forget_pages (DeskComposer *self);

/* --- desk-composer-words.c --- */

/* All that depends on mode and role. */
void desk_composer_show_words (DeskComposer *self);
void desk_composer_show_buttons (DeskComposer *self);
/* Why something was not sent; NULL: nothing. */
void desk_composer_show_reason (DeskComposer *self, const char *reason);

G_END_DECLS
