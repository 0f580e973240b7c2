/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the conversation says in passing, and Undo with it. */
#include "desk-conversation-private.h"

#include <glib/gi18n.h>

#include "desk-wording.h"

static AdwToast *
make_toast (const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

/* Takes @toast. */
static void
show (DeskConversation *self, AdwToast *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (toast);
}

void
desk_conversation_say (DeskConversation *self, const char *text)
{
  show (self, make_toast (text));
}

void
desk_conversation_say_error (DeskConversation *self, const GError *error)
{
  g_autofree char *reason = desk_wording_error (error);

  desk_conversation_say (self, reason);
}

/* --- undo --- */

typedef struct
{
  GWeakRef conversation;
  DeskUndoFunc undo;
  gpointer data;
  GDestroyNotify free_data;
} Offer;

static void
free_offer (gpointer data, GClosure *closure)
{
  Offer *offer = data;

  g_weak_ref_clear (&offer->conversation);
  offer->free_data (offer->data);
  g_free (offer);
}

static void
undo_cb (AdwToast *toast, gpointer user_data)
{
  Offer *offer = user_data;
  g_autoptr (DeskConversation) self = g_weak_ref_get (&offer->conversation);

  offer->undo (self, offer->data);
}

void
desk_conversation_say_undoable (DeskConversation *self,
                                const char *text,
                                DeskUndoFunc undo,
                                gpointer data,
                                GDestroyNotify free_data)
{
  AdwToast *toast = make_toast (text);
  Offer *offer = g_new0 (Offer, 1);

  g_weak_ref_init (&offer->conversation, self);
  offer->undo = undo;
  offer->data = data;
  offer->free_data = free_data;
  adw_toast_set_button_label (toast, _ ("Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), offer, free_offer, 0);
  show (self, toast);
}
