/* SPDX-License-Identifier: GPL-3.0-or-later
 * The desk as a window sees it: asynchronous calls over a writer thread and reader threads.
 *
 * Made once per desk and passed to whoever needs it. The writer groups the commits of waiting ops;
 * readers never wait for it. All calls and callbacks are on the thread that made the store (the
 * main loop's). Callers cancel through @cancellable; a submit is cancellable only until it starts.
 * Errors are DESK_ERROR, DESK_STORE_ERROR, G_IO_ERROR. Values that come back are shared and const.
 *
 * Signals: "changed" after a commit of this or another process (at most every 50 ms);
 * "catalogue-changed" when the catalogue or the person moved; "seen" when marks of mine are kept,
 * which are no change of a ticket; "outbox-changed" when other ops of a replica wait or have come
 * back; "lost" (GError *) when the desk cannot be used any more. */
#pragma once

#include "desk-rows.h"
#include "desk-submit.h"
#include "desk-tickets.h"
#include "desk-drafts.h"

G_BEGIN_DECLS

#define DESK_TYPE_STORE (desk_store_get_type ())
G_DECLARE_FINAL_TYPE (DeskStore, desk_store, DESK, STORE, GObject)

/* Opens the desk at @path (created with an administrator @login when @create and it is missing), as
 * @login. @name (nullable) is what to call somebody new. */
void desk_store_open_async (const char *path,
                            gboolean create,
                            const char *login,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
DeskStore *desk_store_open_finish (GAsyncResult *result, GError **error);
/* Waits for what is under way; afterwards every call fails with G_IO_ERROR_CLOSED. */
void desk_store_close (DeskStore *self);

const char *desk_store_get_path (DeskStore *self);
/* Of the server whose desk this is a copy of; NULL: it is the desk itself. */
const char *desk_store_get_address (DeskStore *self);
/* Ops of a replica that wait to be sent, and that came back to their author. */
void desk_store_get_outbox (DeskStore *self, gint64 *waiting, gint64 *refused);
const char *desk_store_get_uid (DeskStore *self);
DeskCatalogue *desk_store_get_catalogue (DeskStore *self); /* lent until "catalogue-changed" */
const DeskPerson *desk_store_get_me (DeskStore *self);     /* lent until "catalogue-changed" */
/* Whether somebody can see what changes; from TRUE at first. Without it, what other processes write
 * is noticed by the watch on the desk alone, as soon as the file system tells of it. */
void desk_store_set_attended (DeskStore *self, gboolean attended);
DeskDrafts *desk_store_get_drafts (DeskStore *self);
const char *desk_store_get_device (DeskStore *self);

/* A new op of mine, with uid, device, via and time filled in; @ticket NULL: files a new ticket.
 * (transfer full) */
DeskOp *desk_store_new_op (DeskStore *self, const DeskTicket *ticket, DeskKind kind);
void desk_store_submit_async (DeskStore *self,
                              DeskOp *op,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
DeskReceipt *desk_store_submit_finish (DeskStore *self, GAsyncResult *result, GError **error);

/* The same in place of a refused op, which goes then; see desk_outbox_add_instead(). Ends with
 * desk_store_submit_finish(). */
void desk_store_submit_instead_async (DeskStore *self,
                                      DeskOp *op,
                                      const char *refused_uid,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
/* Takes an op of a copy back that has not been sent; see desk_outbox_withdraw(). (transfer full)
 * (element-type DeskOp) */
void desk_store_withdraw_async (DeskStore *self,
                                const char *op_uid,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
GPtrArray *desk_store_withdraw_finish (DeskStore *self, GAsyncResult *result, GError **error);

/* See desk-rows.h. The answer to keys carries the transaction that it shows. */
void desk_store_keys_async (DeskStore *self,
                            const DeskView *view,
                            DeskSort sort,
                            guint limit,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GArray *desk_store_keys_finish (DeskStore *self, GAsyncResult *result, gint64 *tx, GError **error);
void desk_store_rows_async (DeskStore *self,
                            const gint64 *ids,
                            guint n_ids,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *desk_store_rows_finish (DeskStore *self, GAsyncResult *result, GError **error);
void desk_store_changed_async (DeskStore *self,
                               const DeskView *view,
                               DeskSort sort,
                               gint64 tx,
                               guint max,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
/* NULL without @error: too many, read the keys anew. */
GArray *
desk_store_changed_finish (DeskStore *self, GAsyncResult *result, gint64 *tx, GError **error);
void desk_store_count_async (DeskStore *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
DeskCounts *desk_store_count_finish (DeskStore *self, GAsyncResult *result, GError **error);
void desk_store_search_async (DeskStore *self,
                              const char *words,
                              guint limit,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *desk_store_search_finish (DeskStore *self, GAsyncResult *result, GError **error);

void desk_store_load_async (DeskStore *self,
                            const char *ref,
                            gint64 after_no,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
DeskCase *desk_store_load_finish (DeskStore *self, GAsyncResult *result, GError **error);
/* Fire and forget; several in a row are written as one. */
void desk_store_mark_seen (DeskStore *self, const char *ticket_uid, gint64 no);

/* Takes a file or picture in; @progress is called on the caller's thread. */
void desk_store_attach_file_async (DeskStore *self,
                                   GFile *file,
                                   GFileProgressCallback progress,
                                   gpointer progress_data,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
void desk_store_attach_bytes_async (DeskStore *self,
                                    GBytes *bytes,
                                    const char *name,
                                    const char *type,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
DeskAttachment *desk_store_attach_finish (DeskStore *self, GAsyncResult *result, GError **error);

/* Writes an attachment into @file (replaced whole or not at all). */
void desk_store_save_attachment_async (DeskStore *self,
                                       const char *ticket_uid,
                                       const DeskAttachment *attachment,
                                       GFile *file,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean desk_store_save_attachment_finish (DeskStore *self, GAsyncResult *result, GError **error);
/* The whole content, for previews; G_IO_ERROR_NO_SPACE when it is larger than @max_bytes. */
void desk_store_read_attachment_async (DeskStore *self,
                                       const char *ticket_uid,
                                       const DeskAttachment *attachment,
                                       gsize max_bytes,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
GBytes *desk_store_read_attachment_finish (DeskStore *self, GAsyncResult *result, GError **error);

/* People whose name, login or email starts with @words, for "file for somebody else". */
void desk_store_people_async (DeskStore *self,
                              const char *words,
                              guint limit,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *desk_store_people_finish (DeskStore *self, GAsyncResult *result, GError **error);
/* One person, for the name of a draft's requester; DESK_ERROR_NO_SUCH. (transfer full) */
void desk_store_person_async (DeskStore *self,
                              const char *uid,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
DeskPerson *desk_store_person_finish (DeskStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
