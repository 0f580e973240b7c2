/* SPDX-License-Identifier: GPL-3.0-or-later
 * How a server is set up: one table of keys, read from a key file and the command line.
 *
 * An unknown group or key, and a value that does not fit, are refused with the line's name, so that
 * a misspelt setting is not silently the default. data/deskbelld.conf explains each key; a test
 * holds it and this table together. A value, changed by its maker only; fails with G_KEY_FILE_ERROR
 * or as files do. One thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *desk;
  char **listen;
  char *base_path;
  char *url; /* "" */
  char **trusted_proxies;
  char *certificate; /* paths, "" for none */
  char *key;
  gint64 threads; /* 0: as many as there are processors */
  gint64 max_connections;
  gint64 max_connections_per_address;
  gint64 request_secs;
  gint64 idle_secs;
  gint64 requests_per_minute;
  gint64 session_days;
  gint64 attempts_per_minute;
  gint64 address_attempts_per_minute;
  gint64 password_memory_mib;
  gint64 password_passes;
  gint64 password_threads;
  char *uploads; /* folder, "" for one beside the desk */
  gint64 uploads_mib_per_person;
  char *log;
} DeskConfig;

/* Everything as when nothing is set. */
DeskConfig *desk_config_new (void);
void desk_config_free (DeskConfig *self);

gboolean desk_config_load (DeskConfig *self, const char *path, GError **error);
/* @value as it would stand in the file. */
gboolean desk_config_set (
    DeskConfig *self, const char *group, const char *key, const char *value, GError **error);
/* What only the whole can tell: a key without a certificate, an address that is none. */
gboolean desk_config_check (const DeskConfig *self, GError **error);
/* Whether it says which desk to serve. */
gboolean desk_config_check_desk (const DeskConfig *self, GError **error);
/* As a key file, every key with the value that counts. (transfer full) */
char *desk_config_to_string (const DeskConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DeskConfig, desk_config_free)

G_END_DECLS
