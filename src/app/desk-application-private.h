/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an application is made of, and its part about desks (desk-application-desks.c). */
#pragma once

#include "desk-application.h"
#include "desk-places.h"
#include "desk-session.h"

G_BEGIN_DECLS

#define DESK_EXIT_USAGE 2

struct _DeskApplication
{
  AdwApplication parent_instance;

  GPtrArray *sessions; /* of DeskSession, the one used last at the end */
  DeskPlaces *places;
  GtkWindow *dialog; /* that signs in, while it is open; not owned */
};

/* @desk: a file or an address, or NULL: the one that was open last, or one's own. @login,
 * @command_line, which hears of what makes no sense, and @what: nullable. */
void desk_application_show_asked (DeskApplication *self,
                                  const char *desk,
                                  const char *login,
                                  GApplicationCommandLine *command_line,
                                  DeskShow show,
                                  const char *what);
/* The desk of the window in use, of the last one used, or the one that would be opened first. */
void desk_application_show_in_use (DeskApplication *self, DeskShow show, const char *what);
/* Where several desks are known, windows say which is theirs. */
void desk_application_name_desks (DeskApplication *self);
/* Lets somebody sign in. @parent, @address and @login: nullable. */
void desk_application_open_desk (DeskApplication *self,
                                 GtkWindow *parent,
                                 const char *address,
                                 const char *login);

G_END_DECLS
