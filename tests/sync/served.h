/* SPDX-License-Identifier: GPL-3.0-or-later
 * A server without a network: requests and answers as texts, over a connection to a desk.
 *
 * What the real server does between HTTP and the store, and no more: seals nothing (a cursor is
 * its bytes as hex digits), knows no passwords. So tests can lose, delay and repeat what goes
 * between. */
#pragma once

#include "desk-db.h"

G_BEGIN_DECLS

/* The answer to @request of the person @reader_uid: {"status": 200, "body": …}. NULL with @error
 * when the desk itself failed, and nothing was committed. (transfer full) */
char *
served_answer (DeskDb *db, const char *reader_uid, const char *request, gint64 now, GError **error);

/* How small pages are; 0: as they really are. */
void served_set_page (guint puts, guint events);

G_END_DECLS
