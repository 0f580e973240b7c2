/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words for errors, states, people and sizes; times are in desk-wording-time.c and changes in
 * desk-wording-changes.c. */
#include "desk-wording.h"

#include <glib/gi18n.h>

#include "desk-error.h"
#include "desk-remote-error.h"
#include "desk-store-error.h"

#define FIRST_STRONG_ISOLATE    "\xe2\x81\xa8"
#define POP_DIRECTIONAL_ISOLATE "\xe2\x81\xa9"

/* What one error code is called. Without @sentence the error speaks for itself: it names the value,
 * the person or the limit. */
typedef struct
{
  int code;
  const char *title;
  const char *sentence;
} ErrorWords;

static const ErrorWords rule_words[] = {
  { DESK_ERROR_NOT_ALLOWED, N_ ("Not allowed"), NULL },
  { DESK_ERROR_WRONG_STATUS, N_ ("Not possible any more"), NULL },
  { DESK_ERROR_CONFLICT, N_ ("Changed meanwhile"), NULL },
  { DESK_ERROR_CLOSED, N_ ("Closed for good"),
    N_ ("This ticket was closed too long ago to be reopened. File a new one about it.") },
  { DESK_ERROR_MISSING, N_ ("Something is missing"), NULL },
  { DESK_ERROR_TOO_LONG, N_ ("Too long"), NULL },
  { DESK_ERROR_NOT_TEXT, N_ ("Not text"), NULL },
  { DESK_ERROR_INVALID, N_ ("Not possible"), NULL },
  { DESK_ERROR_NO_SUCH, N_ ("Not found"), NULL },
  { DESK_ERROR_EXISTS, N_ ("Already taken"), NULL },
  { DESK_ERROR_UID_REUSED, N_ ("Already sent"),
    N_ ("This was sent before with another text. Look at the ticket, then write it again.") },
  { DESK_ERROR_TOO_BIG, N_ ("Too big"), NULL },
};

static const ErrorWords store_words[] = {
  { DESK_STORE_ERROR_MISSING, N_ ("There is no desk here"),
    N_ ("The desk file is not where it is expected. It may have been moved or renamed: open it at "
        "its new place, or create a new desk.") },
  { DESK_STORE_ERROR_EXISTS, N_ ("The file is there already"),
    N_ ("There is a file of this name already. Choose another name.") },
  { DESK_STORE_ERROR_NOT_A_DESK, N_ ("Not a desk"),
    N_ ("This file is something else than a desk. Nothing in it was changed. Open another file.") },
  { DESK_STORE_ERROR_TOO_NEW, N_ ("The desk is newer than this app"),
    N_ ("A newer version of Deskbell wrote this desk. Start the app again, and if that does not "
        "help, update it.") },
  { DESK_STORE_ERROR_READ_ONLY, N_ ("The desk is read-only"),
    N_ ("The desk file or its folder cannot be written. Ask whoever looks after it for the right "
        "to write to both.") },
  { DESK_STORE_ERROR_NO_ACCESS, N_ ("The desk cannot be read"),
    N_ ("You do not have the right to read this desk file. Ask whoever looks after it.") },
  { DESK_STORE_ERROR_DAMAGED, N_ ("The desk is damaged"),
    N_ ("Parts of the desk file are not as they were written. Nothing was changed. Restore the "
        "newest backup.") },
  { DESK_STORE_ERROR_FULL, N_ ("The disk is full"),
    N_ ("There is no room left to save this. Nothing is lost: free some space and try again.") },
  { DESK_STORE_ERROR_BUSY, N_ ("The desk is busy"),
    N_ ("Another program has kept the desk busy for too long. Try again in a moment.") },
  { DESK_STORE_ERROR_NETWORK, N_ ("The desk is on a network folder"),
    N_ ("A desk that several programs share has to be on a disk of this computer. Move the file "
        "there and open it again.") },
  { DESK_STORE_ERROR_REPLACED, N_ ("The desk was restored"),
    N_ ("The desk was restored from a backup meanwhile. Open it again to go on.") },
  { DESK_STORE_ERROR_SERVED, N_ ("The desk is on a server"),
    N_ ("A server has this desk file now. Whoever looks after it knows the address to connect "
        "to.") },
  { DESK_STORE_ERROR_IO, N_ ("The disk does not answer"), NULL },
};

static const ErrorWords io_words[] = {
  { G_IO_ERROR_NOT_FOUND, N_ ("Not found"), N_ ("The file is not there any more.") },
  { G_IO_ERROR_IS_DIRECTORY, N_ ("A folder"),
    N_ ("Folders cannot be attached. Attach its files, or pack it into an archive first.") },
  { G_IO_ERROR_NOT_REGULAR_FILE, N_ ("Not a file"),
    N_ ("This is not an ordinary file, so it cannot be attached.") },
  { G_IO_ERROR_NO_SPACE, N_ ("The disk is full"),
    N_ ("There is no room left to save this. Free some space and try again.") },
  { G_IO_ERROR_PERMISSION_DENIED, N_ ("No permission"),
    N_ ("You do not have the right to read or write this file.") },
  { G_IO_ERROR_READ_ONLY, N_ ("Read-only"),
    N_ ("This place cannot be written. Choose another folder.") },
  { G_IO_ERROR_EXISTS, N_ ("The file is there already"),
    N_ ("There is a file of this name already. Choose another name.") },
  { G_IO_ERROR_NOT_MOUNTED, N_ ("Not connected"),
    N_ ("The place where this file is kept is not connected.") },
  { G_IO_ERROR_TIMED_OUT, N_ ("No answer"), N_ ("There was no answer in time. Try again.") },
  { G_IO_ERROR_CANCELLED, N_ ("Cancelled"), N_ ("Cancelled.") },
  { G_IO_ERROR_CLOSED, N_ ("The desk is closed"),
    N_ ("The desk was closed. Open it again to go on.") },
};

/* The first member of @words when @domain knows @code. */
static const ErrorWords *
find_words (const ErrorWords *words, gsize n_words, int code)
{
  for (gsize i = 0; i < n_words; i++)
    if (words[i].code == code)
      return &words[i];
  return NULL;
}

static const ErrorWords *
find_error_words (const GError *error)
{
  if (error->domain == DESK_ERROR)
    return find_words (rule_words, G_N_ELEMENTS (rule_words), error->code);
  if (error->domain == DESK_STORE_ERROR)
    return find_words (store_words, G_N_ELEMENTS (store_words), error->code);
  if (error->domain == G_IO_ERROR)
    return find_words (io_words, G_N_ELEMENTS (io_words), error->code);
  return NULL;
}

static const char *
translate (const char *english)
{
  return _ (english);
}

char *
desk_wording_error (const GError *error)
{
  const ErrorWords *words;

  g_return_val_if_fail (error != NULL, NULL);

  words = find_error_words (error);
  if (words != NULL && words->sentence != NULL)
    return g_strdup (_ (words->sentence));
  return desk_remote_error_say (error, translate);
}

const char *
desk_wording_error_title (const GError *error)
{
  const ErrorWords *words;

  g_return_val_if_fail (error != NULL, NULL);

  words = find_error_words (error);
  return words != NULL ? _ (words->title) : _ ("Something went wrong");
}

const char *
desk_wording_status (DeskStatus status)
{
  switch (status)
    {
    case DESK_STATUS_OPEN:
      return C_ ("status", "Open");
    case DESK_STATUS_WAITING:
      return C_ ("status", "Waiting");
    case DESK_STATUS_RESOLVED:
      return C_ ("status", "Resolved");
    case DESK_STATUS_CLOSED:
      return C_ ("status", "Closed");
    }
  g_return_val_if_reached ("");
}

const char *
desk_wording_priority (DeskPriority priority)
{
  switch (priority)
    {
    case DESK_PRIORITY_LOW:
      return C_ ("priority", "Low");
    case DESK_PRIORITY_NORMAL:
      return C_ ("priority", "Normal");
    case DESK_PRIORITY_HIGH:
      return C_ ("priority", "High");
    case DESK_PRIORITY_URGENT:
      return C_ ("priority", "Urgent");
    }
  g_return_val_if_reached ("");
}

const char *
desk_wording_view (DeskViewKind kind)
{
  switch (kind)
    {
    case DESK_VIEW_MINE:
    case DESK_VIEW_FILED:
      return C_ ("queue", "My tickets");
    case DESK_VIEW_UNASSIGNED:
      return C_ ("queue", "Unassigned");
    case DESK_VIEW_OPEN:
      return C_ ("queue", "Open");
    case DESK_VIEW_OVERDUE:
      return C_ ("queue", "Overdue");
    case DESK_VIEW_WAITING:
      return C_ ("queue", "Waiting");
    case DESK_VIEW_RESOLVED:
      return C_ ("queue", "Resolved");
    case DESK_VIEW_CLOSED:
      return C_ ("queue", "Closed");
    case DESK_VIEW_ALL:
      return C_ ("queue", "All");
    case DESK_VIEW_DEPARTMENT:
      return C_ ("queue", "Department");
    }
  g_return_val_if_reached ("");
}

const char *
desk_wording_standing (DeskStatus status)
{
  switch (status)
    {
    case DESK_STATUS_OPEN:
      return C_ ("where a ticket stands", "Open");
    case DESK_STATUS_WAITING:
      return C_ ("where a ticket stands", "Waiting for your answer");
    case DESK_STATUS_RESOLVED:
      return C_ ("where a ticket stands", "Resolved, did it work?");
    case DESK_STATUS_CLOSED:
      return C_ ("where a ticket stands", "Closed");
    }
  g_return_val_if_reached ("");
}

char *
desk_wording_size (gint64 bytes)
{
  return g_format_size ((guint64) MAX (bytes, 0));
}

const char *
desk_wording_person (const DeskPerson *person)
{
  if (person == NULL)
    return "";
  return person->name != NULL ? person->name : _ ("Erased person");
}

/* The first letter or digit of the word at @word, or 0. */
static gunichar
first_letter (const char *word)
{
  for (const char *at = word; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar letter = g_utf8_get_char (at);

      if (g_unichar_isspace (letter))
        return 0;
      if (g_unichar_isalnum (letter))
        return letter;
    }
  return 0;
}

/* The letter after the first one in a name of one word, or 0. */
static gunichar
second_letter (const char *name)
{
  gunichar first = first_letter (name);

  for (const char *at = name; first != 0 && *at != '\0'; at = g_utf8_next_char (at))
    if (g_utf8_get_char (at) == first)
      return first_letter (g_utf8_next_char (at));
  return 0;
}

char *
desk_wording_initials (const char *name)
{
  g_autofree char *composed = g_utf8_normalize (name != NULL ? name : "", -1, G_NORMALIZE_NFC);
  g_auto (GStrv) words = g_strsplit_set (composed != NULL ? composed : "", " \t\n", -1);
  g_autoptr (GString) letters = g_string_new (NULL);
  const char *only = NULL;
  gunichar first = 0;
  gunichar last = 0;

  for (gsize i = 0; words[i] != NULL; i++)
    {
      gunichar letter = first_letter (words[i]);

      if (letter == 0)
        continue;
      only = only == NULL ? words[i] : only;
      if (first == 0)
        first = letter;
      else
        last = letter;
    }
  if (first == 0)
    return g_strdup ("?");
  if (last == 0)
    last = second_letter (only);
  g_string_append_unichar (letters, g_unichar_toupper (first));
  if (last != 0)
    g_string_append_unichar (letters, g_unichar_toupper (last));
  return g_string_free (g_steal_pointer (&letters), FALSE);
}

char *
desk_wording_isolate (const char *text)
{
  return g_strconcat (FIRST_STRONG_ISOLATE, text, POP_DIRECTIONAL_ISOLATE, NULL);
}

char *
desk_wording_number (const char *number)
{
  if (number == NULL)
    return g_strdup (_ ("Waiting to be sent"));
  /* Formats of letters and digits speak for themselves: BK-0042. */
  return g_ascii_isdigit (*number) ? g_strconcat ("#", number, NULL) : g_strdup (number);
}
