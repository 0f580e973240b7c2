/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture for the demo desk: a phone that shows an error, drawn here so that no file is needed.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A PNG of some kilobytes; @variant changes its colours. (transfer full) */
GBytes *desk_demo_picture_new (guint variant);

G_END_DECLS
