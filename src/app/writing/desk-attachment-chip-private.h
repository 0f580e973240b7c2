/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the attachment chip share: the widget, and how it looks.
 *
 * desk-attachment-chip.c is the widget and what a new file needs; what can be done with a kept one
 * is in desk-attachment-chip-kept.c. Nobody else includes this. */
#pragma once

#include "desk-attachment-chip.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

struct _DeskAttachmentChip
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkWidget *overlay;
  GtkWidget *frame;
  GtkWidget *content;
  GtkStack *picture_stack;
  GtkImage *icon;
  GtkPicture *preview;
  GtkLabel *name_label;
  GtkLabel *about_label;
  GtkWidget *end_button;
  GtkProgressBar *progress;
  GMenuModel *menu;

  /* Owned references */
  char *name;
  GCancellable *cancellable;
  GtkWidget *popover; /* made when it is first asked for */

  /* Of a kept file only */
  DeskStore *store;
  char *ticket;
  DeskAttachment *attachment;
  GtkFileChooserNative *chooser;
  gboolean previewed;

  /* Of one whose content is on the server only */
  DeskSyncer *syncer;     /* NULL: it is here */
  GCancellable *fetching; /* NULL: it is not on its way */
  GFile *save_to;         /* what to do with it then: save, or … */
  gboolean open_then;
  gboolean unasked; /* nobody waits for it */
};

/* --- desk-attachment-chip.c --- */

/* The words under the name. */
void desk_attachment_chip_set_about (DeskAttachmentChip *self, const char *words);
void desk_attachment_chip_show_size (DeskAttachmentChip *self, const DeskAttachment *attachment);
void desk_attachment_chip_set_problem (DeskAttachmentChip *self, const char *reason);
void desk_attachment_chip_clear_problem (DeskAttachmentChip *self);
void desk_attachment_chip_set_end_button (DeskAttachmentChip *self,
                                          const char *icon_name,
                                          const char *name);

/* --- desk-attachment-chip-kept.c --- */

void desk_attachment_chip_install_actions (GtkWidgetClass *widget_class);
/* What the button at the end does now. */
void desk_attachment_chip_show_end_button (DeskAttachmentChip *self);
/* From the server. @unasked: nobody waits for it. */
void desk_attachment_chip_fetch (DeskAttachmentChip *self, gboolean unasked);
/* Once somebody looks. */
void desk_attachment_chip_load_preview (DeskAttachmentChip *self);

G_END_DECLS
