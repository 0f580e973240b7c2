/* SPDX-License-Identifier: GPL-3.0-or-later
 * A line in the composer: what others have written since the draft was begun.
 *
 * It counts what the requester sees, too: messages and replies of others. "Show" activates
 * ticket.show-news. Hidden while there is nothing. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-tickets.h"

G_BEGIN_DECLS

#define DESK_TYPE_COMPOSER_NEWS (desk_composer_news_get_type ())
G_DECLARE_FINAL_TYPE (DeskComposerNews, desk_composer_news, DESK, COMPOSER_NEWS, GtkWidget)

/* @begun_no: how much of the ticket there was when the draft was begun, 0: there is no draft. @in
 * NULL: nothing. @me: uid. */
void desk_composer_news_update (DeskComposerNews *self,
                                const DeskCase *in,
                                gint64 begun_no,
                                const char *me);
/* The number of the first of them, 0 when there is none. */
gint64 desk_composer_news_get_first (DeskComposerNews *self);

G_END_DECLS
