/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the address of a desk is written. */
#include <libsoup/soup.h>
#include <string.h>

#include "desk-remote.h"

static gboolean
is_this_computer (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);
  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static gboolean
check_uri (GUri *uri, const char *address, GError **error)
{
  gboolean secure = g_str_equal (g_uri_get_scheme (uri), "https");

  if ((!secure && !g_str_equal (g_uri_get_scheme (uri), "http")) || g_uri_get_host (uri) == NULL ||
      *g_uri_get_host (uri) == '\0' || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    {
      desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS,
                        "%s is no address of a desk; one is like https://help.example.org",
                        address);
      return FALSE;
    }
  if (secure || is_this_computer (g_uri_get_host (uri)))
    return TRUE;
  desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS,
                    "%s would send the password readable through the network; use https://",
                    address);
  return FALSE;
}

char *
desk_remote_normalize (const char *address, GError **error)
{
  g_autofree char *plain = g_strstrip (g_strdup (address));
  g_autofree char *full = strstr (plain, "://") != NULL ? g_strdup (plain)
                                                        : g_strconcat ("https://", plain, NULL);
  g_autoptr (GUri) uri = g_uri_parse (full, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *path = NULL, *host = NULL;
  g_autoptr (GUri) clean = NULL;

  if (uri == NULL)
    {
      desk_remote_fail (error, DESK_REMOTE_ERROR_ADDRESS,
                        "%s is no address of a desk; one is like https://help.example.org",
                        address);
      return NULL;
    }
  if (!check_uri (uri, address, error))
    return NULL;
  path = g_strdup (g_uri_get_path (uri));
  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  clean = g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (uri), NULL, host,
                       g_uri_get_port (uri), path, NULL, NULL);
  g_clear_pointer (&full, g_free);
  full = g_uri_to_string (clean);
  /* The path that every URI has. */
  if (g_str_has_suffix (full, "/"))
    full[strlen (full) - 1] = '\0';
  return g_steal_pointer (&full);
}
