/* SPDX-License-Identifier: GPL-3.0-or-later
 * Signs somebody in to a desk on a server. */
#include "desk-open-desk-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "desk-error.h"
#include "desk-file-chooser.h"
#include "desk-wording.h"

/* The most of the form that is shown at once. */
#define MOST_HEIGHT 640
/* As long, a fold moves. */
#define FOLD_US (400 * 1000)
/* From here on a wait is said in minutes. */
#define LONG_WAIT_SECS 100

typedef enum
{
  GROUP_ADDRESS,
  GROUP_PERSON,
  GROUP_CODE,
} Group;
#define N_GROUPS (GROUP_CODE + 1)

struct _DeskOpenDeskDialog
{
  AdwWindow parent_instance;

  GtkScrolledWindow *scroller;
  GtkWidget *form;
  GtkWidget *submit;
  GtkEditable *address;
  GtkWidget *address_hint;
  GtkLabel *address_fault;
  GtkEditable *login;
  GtkEditable *password;
  GtkLabel *person_fault;
  AdwExpanderRow *invited;
  GtkEditable *code;
  GtkEditable *new_password;
  GtkEditable *again;
  GtkLabel *code_fault;
  GtkRevealer *progress;
  GtkSpinner *spinner;

  GCancellable *cancellable; /* while it signs in */
  gint64 fits_until;         /* monotonic; while the form may change its height */
};

enum
{
  SIGNAL_SIGNED_IN,
  SIGNAL_CHOOSE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DeskOpenDeskDialog, desk_open_desk_dialog, ADW_TYPE_WINDOW)

static gboolean
is_invited (DeskOpenDeskDialog *self)
{
  return adw_expander_row_get_expanded (self->invited);
}

static gboolean
is_filled (GtkEditable *field)
{
  return *gtk_editable_get_text (field) != '\0';
}

/* --- the window around the form --- */

/* A scrolled window does not ask how high its child is at this width. */
static gboolean
fit_cb (GtkWidget *form, GdkFrameClock *clock, gpointer data)
{
  DeskOpenDeskDialog *self = data;
  /* With its padding, which its own width is without. */
  int width = gtk_widget_get_width (gtk_widget_get_parent (form));
  int height;

  if (width == 0)
    return G_SOURCE_CONTINUE;
  gtk_widget_measure (form, GTK_ORIENTATION_VERTICAL, width, NULL, &height, NULL, NULL);
  gtk_scrolled_window_set_min_content_height (self->scroller, MIN (height, MOST_HEIGHT));
  if (g_get_monotonic_time () < self->fits_until)
    return G_SOURCE_CONTINUE;
  self->fits_until = 0;
  return G_SOURCE_REMOVE;
}

static void
fit (DeskOpenDeskDialog *self)
{
  if (self->fits_until == 0)
    gtk_widget_add_tick_callback (self->form, fit_cb, self, NULL);
  self->fits_until = g_get_monotonic_time () + FOLD_US;
}

/* --- what is wrong --- */

static void
show_fault (DeskOpenDeskDialog *self, Group group, const char *text)
{
  struct
  {
    GtkLabel *label;
    GtkWidget *field;
  } groups[N_GROUPS] = {
    [GROUP_ADDRESS] = { self->address_fault, GTK_WIDGET (self->address) },
    [GROUP_PERSON] = { self->person_fault, GTK_WIDGET (self->password) },
    [GROUP_CODE] = { self->code_fault, GTK_WIDGET (self->code) },
  };

  fit (self);
  gtk_label_set_text (groups[group].label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (groups[group].label), text != NULL);
  if (group == GROUP_ADDRESS)
    gtk_widget_set_visible (self->address_hint, text == NULL);
  if (text == NULL)
    {
      gtk_widget_remove_css_class (groups[group].field, "error");
      return;
    }
  gtk_widget_add_css_class (groups[group].field, "error");
  gtk_widget_grab_focus (groups[group].field);
}

static void
hide_faults (DeskOpenDeskDialog *self)
{
  for (Group group = GROUP_ADDRESS; group < N_GROUPS; group++)
    show_fault (self, group, NULL);
}

/* What the server says of an address is the address's fault, and all else somebody's. */
static Group
find_group (DeskOpenDeskDialog *self, const GError *error)
{
  if (error->domain == DESK_REMOTE_ERROR && error->code != DESK_REMOTE_ERROR_BUSY)
    return GROUP_ADDRESS;
  return is_invited (self) ? GROUP_CODE : GROUP_PERSON;
}

static char *
say_wait (guint secs)
{
  guint minutes = (secs + 59) / 60;

  if (secs < LONG_WAIT_SECS)
    return g_strdup_printf (ngettext ("The desk asks you to wait. Try again in %u second.",
                                      "The desk asks you to wait. Try again in %u seconds.", secs),
                            secs);
  return g_strdup_printf (ngettext ("The desk asks you to wait. Try again in %u minute.",
                                    "The desk asks you to wait. Try again in %u minutes.", minutes),
                          minutes);
}

/* Without @advice, the error says what to do by itself. */
static const struct
{
  DeskRemoteError code;
  const char *advice;
} advices[] = {
  { DESK_REMOTE_ERROR_OFFLINE, N_ ("Check the address, and whether this computer is online.") },
  { DESK_REMOTE_ERROR_NONSENSE, N_ ("Check the address.") },
};

static char *
say_fault (DeskOpenDeskDialog *self, const GError *error, guint wait_secs)
{
  g_autofree char *reason = desk_wording_error (error);

  if (wait_secs > 0 && g_error_matches (error, DESK_REMOTE_ERROR, DESK_REMOTE_ERROR_BUSY))
    return say_wait (wait_secs);
  if (!is_invited (self) && g_error_matches (error, DESK_ERROR, DESK_ERROR_INVALID))
    return g_strdup (_ ("The login or the password is wrong. Check both and try again."));
  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_error_matches (error, DESK_REMOTE_ERROR, (int) advices[i].code))
      return g_strdup_printf ("%s. %s", reason, _ (advices[i].advice));
  return g_strdup_printf (g_ascii_isalnum (reason[MAX (strlen (reason), 1) - 1]) ? "%s." : "%s",
                          reason);
}

/* --- signing in --- */

static void
update (DeskOpenDeskDialog *self)
{
  gboolean is_complete = is_filled (self->address) && is_filled (self->login) &&
                         (is_invited (self)
                              ? is_filled (self->code) && is_filled (self->new_password) &&
                                    is_filled (self->again)
                              : is_filled (self->password));
  gboolean is_busy = self->cancellable != NULL;

  gtk_widget_set_sensitive (self->submit, is_complete && !is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->password), !is_invited (self));
  gtk_revealer_set_reveal_child (self->progress, is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
}

static void
changed_cb (DeskOpenDeskDialog *self)
{
  update (self);
}

static void
invited_cb (DeskOpenDeskDialog *self)
{
  hide_faults (self);
  update (self);
  if (is_invited (self))
    gtk_widget_grab_focus (GTK_WIDGET (self->code));
}

/* A field that has the focus complains when it goes. */
static void
hide (DeskOpenDeskDialog *self)
{
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

static void
signed_in_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (DeskOpenDeskDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean in_file = FALSE;
  DeskAccount *account = desk_account_sign_in_finish (result, &in_file, &error);
  g_autoptr (DeskPlace) place = account != NULL ? desk_place_new_account (account) : NULL;
  g_autofree char *fault = NULL;

  g_clear_object (&self->cancellable);
  /* Closed meanwhile: whoever signed in after all finds the desk in the menu. */
  if (self->submit == NULL)
    return;
  update (self);
  if (place != NULL)
    {
      hide (self);
      g_signal_emit (self, signals[SIGNAL_SIGNED_IN], 0, place, in_file);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  fault = say_fault (self, error, desk_account_sign_in_get_wait (result));
  show_fault (self, find_group (self, error), fault);
}

static void
submit_cb (DeskOpenDeskDialog *self)
{
  const DeskEntrance entrance = {
    .address = gtk_editable_get_text (self->address),
    .login = gtk_editable_get_text (self->login),
    .password = gtk_editable_get_text (is_invited (self) ? self->new_password : self->password),
    .code = is_invited (self) ? gtk_editable_get_text (self->code) : NULL,
    .via = DESK_VIA_APP,
  };

  hide_faults (self);
  if (is_invited (self) && !g_str_equal (entrance.password, gtk_editable_get_text (self->again)))
    {
      show_fault (self, GROUP_CODE, _ ("The two passwords are not the same. Type them again."));
      gtk_widget_grab_focus (GTK_WIDGET (self->new_password));
      return;
    }
  self->cancellable = g_cancellable_new ();
  update (self);
  desk_account_sign_in_async (&entrance, self->cancellable, signed_in_cb, g_object_ref (self));
}

/* --- a file instead --- */

static void
chosen_cb (GtkWindow *window, GFile *file)
{
  hide (DESK_OPEN_DESK_DIALOG (window));
  g_signal_emit (window, signals[SIGNAL_CHOOSE], 0, file);
  gtk_window_destroy (window);
}

static void
choose_cb (DeskOpenDeskDialog *self)
{
  desk_file_chooser_open (GTK_WINDOW (self), chosen_cb);
}

/* --- the class --- */

static void
desk_open_desk_dialog_dispose (GObject *object)
{
  DeskOpenDeskDialog *self = DESK_OPEN_DESK_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), DESK_TYPE_OPEN_DESK_DIALOG);
  G_OBJECT_CLASS (desk_open_desk_dialog_parent_class)->dispose (object);
}

static void
install_signals (void)
{
  signals[SIGNAL_SIGNED_IN] = g_signal_new ("signed-in", DESK_TYPE_OPEN_DESK_DIALOG,
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                            G_TYPE_POINTER, G_TYPE_BOOLEAN);
  signals[SIGNAL_CHOOSE] = g_signal_new ("choose", DESK_TYPE_OPEN_DESK_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);
}

static void
desk_open_desk_dialog_class_init (DeskOpenDeskDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = desk_open_desk_dialog_dispose;
  install_signals ();
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/deskbell/Deskbell/desk-open-desk-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, scroller);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, form);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, submit);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, address);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, address_hint);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, address_fault);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, login);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, password);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, person_fault);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, invited);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, code);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, new_password);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, again);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, code_fault);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, DeskOpenDeskDialog, spinner);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, invited_cb);
  gtk_widget_class_bind_template_callback (widget_class, submit_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
desk_open_desk_dialog_init (DeskOpenDeskDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
desk_open_desk_dialog_new (const char *address, const char *login)
{
  DeskOpenDeskDialog *self = g_object_new (DESK_TYPE_OPEN_DESK_DIALOG, NULL);

  fit (self);
  gtk_editable_set_text (self->address, address != NULL ? address : "");
  gtk_editable_set_text (self->login, login != NULL ? login : "");
  gtk_window_set_focus (GTK_WINDOW (self),
                        GTK_WIDGET (!is_filled (self->address) ? self->address
                                    : !is_filled (self->login) ? self->login
                                                               : self->password));
  return GTK_WIDGET (self);
}
