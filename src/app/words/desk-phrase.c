/* SPDX-License-Identifier: GPL-3.0-or-later
 * Filling in a sentence that comes from a table; printf() could not check such a format. */
#include "desk-phrase.h"

#include <string.h>

#include "desk-wording.h"

char *
desk_phrase_spoken (const char *sentence, const char *value)
{
  const char *gap = strstr (sentence, "%s");

  if (gap == NULL)
    return g_strdup (sentence);
  return g_strdup_printf ("%.*s%s%s", (int) (gap - sentence), sentence, value, gap + 2);
}

char *
desk_phrase (const char *sentence, const char *value)
{
  g_autofree char *isolated = desk_wording_isolate (value);

  return desk_phrase_spoken (sentence, isolated);
}
