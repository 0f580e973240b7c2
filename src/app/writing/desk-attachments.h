/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files being added to a text: chips with previews, by button, paste and drop.
 *
 * A widget of the main thread. Each file is taken into the desk at once, in the background, with
 * progress and a way to cancel; what is refused says why in its chip. The strip shows nothing while
 * it is empty. */
#pragma once

#include <adwaita.h>

#include "desk-store.h"
#include "desk-syncer.h"

G_BEGIN_DECLS

#define DESK_TYPE_ATTACHMENTS (desk_attachments_get_type ())
G_DECLARE_FINAL_TYPE (DeskAttachments, desk_attachments, DESK, ATTACHMENTS, GtkWidget)

/* Signal "changed": a file came, went or finished. Property "busy" (boolean): some are still being
 * copied. */
GtkWidget *desk_attachments_new (void);
void desk_attachments_set_store (DeskAttachments *self, DeskStore *store);
void desk_attachments_add_file (DeskAttachments *self, GFile *file);
void desk_attachments_add_texture (DeskAttachments *self, GdkTexture *texture);
/* Opens the file chooser. */
void desk_attachments_choose (DeskAttachments *self);
/* Makes @target take dropped files and pictures and pasted files and pictures (ctrl+v; text still
 * goes into @target). */
void desk_attachments_watch (DeskAttachments *self, GtkWidget *target);
/* Those that are in the desk. (transfer full) (element-type DeskAttachment) */
GPtrArray *desk_attachments_get (DeskAttachments *self);
/* Shows what a draft had, in place of what is there; @list nullable. */
void desk_attachments_set (DeskAttachments *self, GPtrArray *list);
/* How many files could not be attached and still say why. */
guint desk_attachments_count_refused (DeskAttachments *self);
/* Shows a dashed place "Drop or paste files" with the button "Attach files" behind the chips, also
 * while there are none. */
void desk_attachments_show_place (DeskAttachments *self);

/* A chip of a file that is in the desk (52 px: thumbnail or icon, name, size); activates to open,
 * its menu saves. @ticket: uid that the file is read through. */
GtkWidget *
desk_attachment_chip_new (DeskStore *store, const char *ticket, const DeskAttachment *attachment);
/* The content of such a chip is on the server only: it is fetched when somebody wants it, a picture
 * of modest size when somebody sees it. */
void desk_attachment_chip_set_absent (GtkWidget *chip, DeskSyncer *syncer);

G_END_DECLS
