/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which computer an op comes from: two ops of one person on one computer never conflict.
 *
 * A random id of the person on this computer, kept under $XDG_STATE_HOME/deskbell/ and shared by
 * all programs; it tells nothing else. Any thread; reads the disk, never fails. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Made at the first call of all; where it cannot be kept, another one every time. (transfer full)
 */
char *desk_device_dup (void);

G_END_DECLS
