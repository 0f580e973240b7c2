/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signing out: what is to become of the copy of the desk, and doing it. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-place.h"

G_BEGIN_DECLS

/* The response that signs out. */
#define DESK_SIGN_OUT "sign-out"

/* An AdwMessageDialog. @n_unsent: what has not been sent, or came back. */
GtkWidget *desk_sign_out_dialog_new (GtkWindow *parent, const DeskPlace *place, gint64 n_unsent);
/* Whether the copy is to be deleted. */
gboolean desk_sign_out_dialog_deletes (AdwMessageDialog *dialog);

/* Nobody has the copy open any more. A server that does not answer is not waited for. Fails when
 * the copy could not be deleted; @place comes back in any case. (transfer full) */
void desk_sign_out_async (const DeskPlace *place,
                          gboolean deletes,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
DeskPlace *desk_sign_out_finish (GAsyncResult *result, GError **error);

G_END_DECLS
