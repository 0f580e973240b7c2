/* SPDX-License-Identifier: GPL-3.0-or-later
 * One file as a chip: preview or icon, name, size; 52 px high.
 *
 * Two kinds. A new file is on its way into the desk (copying, then done or refused) and its end
 * button takes it away: signal "remove". A kept file (desk_attachment_chip_new() in
 * desk-attachments.h) opens when activated, and its end button saves it; actions "attachment.open",
 * "attachment.save". A widget of the main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"

G_BEGIN_DECLS

#define DESK_TYPE_ATTACHMENT_CHIP (desk_attachment_chip_get_type ())
G_DECLARE_FINAL_TYPE (DeskAttachmentChip, desk_attachment_chip, DESK, ATTACHMENT_CHIP, GtkWidget)

/* Of a new file that is being copied. */
DeskAttachmentChip *desk_attachment_chip_new_copying (const char *name);

const char *desk_attachment_chip_get_name (DeskAttachmentChip *self);
/* 0 to 1, negative for unknown. */
void desk_attachment_chip_set_progress (DeskAttachmentChip *self, double share);
/* The file is in the desk. */
void desk_attachment_chip_set_done (DeskAttachmentChip *self, const DeskAttachment *attachment);
/* It will not come into the desk, and why, in words. */
void desk_attachment_chip_set_refused (DeskAttachmentChip *self, const char *reason);
/* Shows the picture that a new file is, when it is one. */
void desk_attachment_chip_preview_file (DeskAttachmentChip *self, GFile *file);
void desk_attachment_chip_preview_bytes (DeskAttachmentChip *self, GBytes *bytes);

G_END_DECLS
