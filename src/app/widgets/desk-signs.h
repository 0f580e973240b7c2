/* SPDX-License-Identifier: GPL-3.0-or-later
 * The little drawn signs: status ring, bars, tick and folder; priority bars; SLA ring.
 *
 * Shape carries the meaning, colour only helps, so each is drawn in one given colour. Functions
 * draw into a square of @size at (@x, @y) of a widget; DeskSign is the same as a widget, in the
 * colour and at the text size of its place. Main thread. */
#pragma once

#include <gtk/gtk.h>

#include "desk-sla.h"

G_BEGIN_DECLS

void desk_sign_snapshot_status (GtkWidget *widget,
                                GtkSnapshot *snapshot,
                                DeskStatus status,
                                float x,
                                float y,
                                float size,
                                const GdkRGBA *color);
void desk_sign_snapshot_priority (GtkWidget *widget,
                                  GtkSnapshot *snapshot,
                                  DeskPriority priority,
                                  float x,
                                  float y,
                                  float size,
                                  const GdkRGBA *color);
/* @used: the share of the target, 0 to 1. DESK_DUE_NONE draws nothing. */
void desk_sign_snapshot_due (GtkWidget *widget,
                             GtkSnapshot *snapshot,
                             DeskDue due,
                             double used,
                             float x,
                             float y,
                             float size,
                             const GdkRGBA *color);
/* A paper clip: there are files. */
void desk_sign_snapshot_clip (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color);
/* A dashed ring: the place of a person, and nobody is there. */
void desk_sign_snapshot_nobody (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color);
/* Two arrows in a ring: something waits to be sent. */
void desk_sign_snapshot_sync (
    GtkWidget *widget, GtkSnapshot *snapshot, float x, float y, float size, const GdkRGBA *color);

#define DESK_TYPE_SIGN (desk_sign_get_type ())
G_DECLARE_FINAL_TYPE (DeskSign, desk_sign, DESK, SIGN, GtkWidget)

GtkWidget *desk_sign_new_status (DeskStatus status);
GtkWidget *desk_sign_new_priority (DeskPriority priority);
GtkWidget *desk_sign_new_due (DeskDue due, double used);
GtkWidget *desk_sign_new_sync (void);
/* Each may be called on any sign. */
void desk_sign_set_status (DeskSign *self, DeskStatus status);
void desk_sign_set_priority (DeskSign *self, DeskPriority priority);
void desk_sign_set_due (DeskSign *self, DeskDue due, double used);

/* The text size of @widget's place in pixels; everything that is drawn scales by it. */
double desk_sign_get_em (GtkWidget *widget);
/* How much larger text is than usual: widths that hold text grow with it. Never less than 1. */
double desk_sign_get_text_scale (GtkWidget *widget);
/* A colour by its name in style.css, "desk_bad_fg"; the text colour when there is none. */
GdkRGBA desk_sign_get_color (GtkWidget *widget, const char *name);

G_END_DECLS
