/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands for a list that has nothing to show: each queue in its own words. Main thread. */
#pragma once

#include <adwaita.h>

#include "desk-view.h"

G_BEGIN_DECLS

/* Fills @page with what belongs into @view. */
void desk_list_status_show_empty (AdwStatusPage *page, const DeskView *view);
/* Nothing was found by @words. */
void desk_list_status_show_not_found (AdwStatusPage *page, const char *words);
void desk_list_status_show_error (AdwStatusPage *page, const GError *error);

G_END_DECLS
