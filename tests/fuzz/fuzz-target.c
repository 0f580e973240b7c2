/* SPDX-License-Identifier: GPL-3.0-or-later
 * Request lines: what is taken for a target finds a route or none, and has only what a target may.
 */
#include <string.h>

#include "desk-router.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (; *text != '\0'; text++)
    g_assert_true ((guchar) *text >= 0x20 && *text != 0x7f);
}

static void
check_segment (const char *segment)
{
  check_text (segment);
  g_assert_true (*segment != '\0' && strcmp (segment, ".") != 0 && strcmp (segment, "..") != 0);
}

static void
check_route (const DeskTarget *target, const char *method)
{
  const char *parameters[DESK_ROUTE_MAX_PARAMETERS] = { NULL };
  g_autofree char *allowed = NULL;

  if (desk_router_find (method, target, parameters, &allowed) != NULL)
    g_assert_null (allowed);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (DeskTarget) target = desk_target_parse (text);

  if (target == NULL)
    return 0;
  g_ptr_array_foreach (target->segments, (GFunc) check_segment, NULL);
  g_ptr_array_foreach (target->names, (GFunc) check_text, NULL);
  g_ptr_array_foreach (target->values, (GFunc) check_text, NULL);
  check_route (target, "GET");
  check_route (target, "PATCH");
  return 0;
}
