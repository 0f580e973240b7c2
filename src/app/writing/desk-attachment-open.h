/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening an attachment in the program that the desktop has for its kind.
 *
 * What opens is a read-only copy in a folder of this person's cache that nobody else can enter;
 * copies go after a day. Programs, scripts and launchers are never opened:
 * G_IO_ERROR_NOT_SUPPORTED. */
#pragma once

#include <gtk/gtk.h>

#include "desk-store.h"

G_BEGIN_DECLS

/* FALSE for kinds that could do something by themselves. A name or type may lie: opening looks
 * again at the content. */
gboolean desk_attachment_can_open (const DeskAttachment *attachment);

/* @ticket: uid that it is read through; @parent nullable. */
void desk_attachment_open_async (DeskStore *store,
                                 const char *ticket,
                                 const DeskAttachment *attachment,
                                 GtkWindow *parent,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean desk_attachment_open_finish (GAsyncResult *result, GError **error);

G_END_DECLS
