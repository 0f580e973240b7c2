/* SPDX-License-Identifier: GPL-3.0-or-later
 * What there is to say about a copy of a served desk: nothing, as long as all is well.
 *
 * A syncer's status can change many times a second; what is said changes only when it has been so
 * for long enough to be worth reading. Each widget that says it has one of its own. Main thread. */
#pragma once

#include "desk-syncer.h"

G_BEGIN_DECLS

typedef enum
{
  DESK_NOTICE_NONE,
  DESK_NOTICE_FILLING,
  DESK_NOTICE_PAUSED,
  DESK_NOTICE_OFFLINE,
  DESK_NOTICE_BUSY,
  DESK_NOTICE_SIGNED_OUT,
  DESK_NOTICE_CERTIFICATE,
  DESK_NOTICE_TOO_OLD,
  DESK_NOTICE_FAILED,
} DeskNotice;
#define DESK_N_NOTICES (DESK_NOTICE_FAILED + 1)

/* How long a state lasts before it is said. */
#define DESK_NOTICE_OFFLINE_MS 2000

#define DESK_TYPE_SYNC_NOTICE (desk_sync_notice_get_type ())
G_DECLARE_FINAL_TYPE (DeskSyncNotice, desk_sync_notice, DESK, SYNC_NOTICE, GObject)

/* Signal "changed": what the others say is another thing now. */
DeskSyncNotice *desk_sync_notice_new (DeskSyncer *syncer);
DeskSyncer *desk_sync_notice_get_syncer (DeskSyncNotice *self);
DeskNotice desk_sync_notice_get_kind (DeskSyncNotice *self);
const char *desk_sync_notice_get_icon (DeskSyncNotice *self);

/* --- words --- */

/* For a bar; NULL for DESK_NOTICE_NONE. (transfer full) */
char *desk_sync_notice_say (DeskNotice notice, const DeskSyncerStatus *status);
/* What can be done about it; NULL: nothing. Static. */
const char *desk_sync_notice_say_way_on (DeskNotice notice);
/* The same in two or three words. (transfer full) */
char *desk_sync_notice_say_short (DeskNotice notice, const DeskSyncerStatus *status);
/* "2 changes came back"; NULL: none. (transfer full) */
char *desk_sync_notice_say_refused (const DeskSyncerStatus *status);

G_END_DECLS
