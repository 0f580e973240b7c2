/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which computer an op comes from. */
#include "desk-device.h"

#include <string.h>

#include "desk-uid.h"

#define ID_DIGITS 16

static gboolean
is_id (const char *text)
{
  return strspn (text, "0123456789abcdef") == ID_DIGITS && text[ID_DIGITS] == '\0';
}

char *
desk_device_dup (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "deskbell", NULL);
  g_autofree char *path = g_build_filename (folder, "device", NULL);
  g_autofree char *uid = NULL;
  char *device = NULL;

  if (g_file_get_contents (path, &device, NULL, NULL) && is_id (device))
    return device;
  g_free (device);
  uid = desk_uid_new ();
  device = g_strdup_printf ("%.4s%.12s", uid + 19, uid + 24);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, device, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
  return device;
}
