/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of listing share. */
#pragma once

#include "desk-reader.h"
#include "desk-rows.h"

G_BEGIN_DECLS

/* Columns of the statements that list; those that tell changes have two more. */
enum
{
  KEY_TX,
  KEY_PUBLIC_TX,
  KEY_DUE,
  KEY_PRIORITY,
  KEY_ID,
  KEY_DEPARTMENT,
  KEY_ASSIGNEE,
  KEY_TEAM,
  CHANGED_REQUESTER,
  CHANGED_STATUS,
};

G_END_DECLS
