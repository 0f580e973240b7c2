/* SPDX-License-Identifier: GPL-3.0-or-later
 * Links of texts from outside: which are offered, and which pretend to lead elsewhere. */
#include "desk-markdown-private.h"

#include <string.h>

#define MAX_URI_BYTES 2000

gboolean
desk_markdown_is_invisible (gunichar c)
{
  /* Zero-width and direction marks, overrides and isolates, and what no address holds. */
  return g_unichar_iscntrl (c) || g_unichar_isspace (c) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x61c;
}

static gboolean
has_invisible (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (desk_markdown_is_invisible (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

gboolean
desk_markdown_allows_uri (const char *uri)
{
  static const char *const starts[] = { "http://", "https://", "mailto:" };

  if (strlen (uri) > MAX_URI_BYTES || has_invisible (uri))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gsize length = strlen (starts[i]);

      if (g_ascii_strncasecmp (uri, starts[i], length) == 0)
        return uri[length] != '\0';
    }
  return FALSE;
}

static const char *
skip_scheme (const char *uri)
{
  const char *rest = strstr (uri, "://");

  if (rest != NULL)
    return rest + 3;
  return g_ascii_strncasecmp (uri, "mailto:", 7) == 0 ? uri + 7 : uri;
}

static char *
dup_without_slash (const char *text)
{
  gsize length = strlen (text);

  return g_strndup (text, length > 0 && text[length - 1] == '/' ? length - 1 : length);
}

char *
desk_markdown_dup_host (const char *uri)
{
  const char *rest = skip_scheme (uri);
  gsize length = strcspn (rest, "/?#\\");
  g_autofree char *authority = g_strndup (rest, length);
  const char *at = g_ascii_strncasecmp (uri, "mailto:", 7) == 0 ? NULL : strrchr (authority, '@');

  return g_strdup (at != NULL ? at + 1 : authority);
}

gboolean
desk_markdown_pretends_other_target (const char *words, const char *uri)
{
  g_autofree char *shown = NULL;
  g_autofree char *target = NULL;

  if (strpbrk (words, " \t\n") != NULL)
    return strstr (words, "://") != NULL;
  if (strpbrk (words, ".@") == NULL && strstr (words, "://") == NULL)
    return FALSE;
  shown = dup_without_slash (skip_scheme (words));
  target = dup_without_slash (skip_scheme (uri));
  return strcmp (shown, target) != 0;
}
