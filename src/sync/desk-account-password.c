/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another password for somebody on a desk elsewhere. */
#include "desk-account.h"
#include "desk-api.h"

#define TIMEOUT_SECS 30

static gboolean
send_change (const DeskAccount *account,
             const DeskPasswordChange *change,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (DeskRemote) remote = desk_account_connect (account, TIMEOUT_SECS);
  g_autoptr (JsonNode) body = desk_password_change_to_json (change);
  const DeskAsk ask = { .method = "POST", .path = "/v1/password", .json = body };
  g_autoptr (GBytes) nothing = desk_remote_ask (remote, &ask, cancellable, error);

  return nothing != NULL;
}

gboolean
desk_account_change_password (const DeskAccount *self,
                              const char *old,
                              const char *new,
                              gboolean keep_sessions,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (DeskPasswordChange) change = desk_password_change_new (old, new, keep_sessions);

  return send_change (self, change, cancellable, error);
}

/* --- for a window --- */

typedef struct
{
  DeskAccount account; /* address and person only */
  DeskPasswordChange *change;
} Errand;

static void
free_errand (gpointer data)
{
  Errand *self = data;

  g_free (self->account.address);
  g_free (self->account.person);
  desk_password_change_free (self->change);
  g_free (self);
}

static void
change_thread (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  const Errand *self = data;
  GError *error = NULL;

  if (send_change (&self->account, self->change, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
desk_account_change_password_async (const DeskAccount *self,
                                    const char *old,
                                    const char *new,
                                    gboolean keep_sessions,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Errand *errand = g_new0 (Errand, 1);

  errand->account.address = g_strdup (self->address);
  errand->account.person = g_strdup (self->person);
  errand->change = desk_password_change_new (old, new, keep_sessions);
  g_task_set_source_tag (task, desk_account_change_password_async);
  g_task_set_task_data (task, errand, free_errand);
  g_task_run_in_thread (task, change_thread);
}

gboolean
desk_account_change_password_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
