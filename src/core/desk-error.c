/* SPDX-License-Identifier: GPL-3.0-or-later
 * The words of refusals. */
#include "desk-error.h"

G_DEFINE_QUARK (desk - error - quark, desk_error)

G_DEFINE_ENUM_TYPE (DeskError,
                    desk_error,
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NOT_ALLOWED, "not-allowed"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_WRONG_STATUS, "wrong-status"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_CONFLICT, "conflict"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_TOO_LONG, "too-long"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NOT_TEXT, "not-text"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_INVALID, "invalid"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_NO_SUCH, "no-such"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_EXISTS, "exists"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_UID_REUSED, "uid-reused"),
                    G_DEFINE_ENUM_VALUE (DESK_ERROR_TOO_BIG, "too-big"))
