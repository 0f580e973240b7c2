/* SPDX-License-Identifier: GPL-3.0-or-later
 * The error domain of a desk file. */
#include "desk-store-error.h"

G_DEFINE_QUARK (desk - store - error - quark, desk_store_error)
