/* SPDX-License-Identifier: GPL-3.0-or-later
 * One request on its way: what was asked, who asks, and the answer.
 *
 * Belongs to the thread of its connection. A handler either answers, or waits: then the connection
 * sleeps, somebody else owns the request until desk_request_wake(), and the step that was named is
 * next, on the connection's thread again. Whoever is asleep cannot go away, so the pointer is good
 * until then. Answering twice is a mistake of ours. */
#pragma once

#include <gio/gio.h>

#include "desk-target.h"

G_BEGIN_DECLS

typedef struct _DeskRequest DeskRequest;
typedef struct _DeskHttp DeskHttp;

typedef void (*DeskStep) (DeskRequest *request);
/* What a stream says next: appends to @out, or nothing and the stream sleeps until it is woken.
 * FALSE: the stream is over. */
typedef gboolean (*DeskStreamFunc) (DeskRequest *request, GString *out);

struct _DeskRequest
{
  /* Of the connection; for desk-http.c and desk-request.c. */
  DeskHttp *http;
  gpointer connection; /* struct MHD_Connection */
  gpointer socket;     /* what the reaper knows of it */
  gpointer response;   /* struct MHD_Response */
  gboolean has_begun;
  gboolean is_asleep;
  GString *unsent; /* of a stream */
  gsize sent;
  DeskStreamFunc stream;
  gboolean is_over;

  /* What was asked. */
  char id[17]; /* for logs and problems */
  const char *method;
  DeskTarget *target; /* NULL: not one of ours */
  char *address;      /* of who asks, behind proxies that are trusted */
  gint64 started_us;
  GByteArray *body;
  gsize max_body_bytes;

  /* The answer, for the log. */
  guint status;
  gint64 answer_bytes;

  /* For whoever handles it. */
  gpointer owner;   /* the server */
  gpointer context; /* what was found out about it */
  DeskStep step;    /* what comes after waiting */
};

/* A header of the request; lent, or NULL. */
const char *desk_request_get_header (DeskRequest *self, const char *name);
const char *desk_request_get_parameter (DeskRequest *self, const char *name);

/* Takes @text (g_malloc). Headers of the answer are added afterwards. */
void
desk_request_answer (DeskRequest *self, guint status, const char *type, char *text, gsize length);
/* The same from memory that stays. */
void desk_request_answer_static (
    DeskRequest *self, guint status, const char *type, const char *text, gsize length);
/* @length bytes of @fd (taken) from @offset on. */
void desk_request_answer_file (
    DeskRequest *self, guint status, const char *type, int fd, gint64 offset, gint64 length);
/* Server-sent events. */
void desk_request_answer_stream (DeskRequest *self, DeskStreamFunc func);
void desk_request_add_header (DeskRequest *self, const char *name, const char *value);
gboolean desk_request_is_answered (DeskRequest *self);

/* Puts the connection to sleep; @step is what comes next. Who shall wake it is told afterwards. */
void desk_request_sleep (DeskRequest *self, DeskStep step);
/* Any thread, once for each sleep. */
void desk_request_wake (DeskRequest *self);

/* Whoever sleeps is not read from: whether the other side has hung up has to be asked. Any thread,
 * while asleep or on its own. */
int desk_request_get_fd (DeskRequest *self);
gboolean desk_request_has_hung_up (DeskRequest *self);

G_END_DECLS
