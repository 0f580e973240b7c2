/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ticket as clients of osTicket's API send it: setup/doc/api/tickets.md of osTicket 1.18.
 *
 * Texts and files may be data URLs (RFC 2397); markup becomes the words in it; numbers may be
 * written as texts and the other way round; members that are not known are passed over, as there.
 */
#include "desk-api.h"

#include <string.h>

#include "desk-json-members.h"

void
desk_os_ticket_free (DeskOsTicket *self)
{
  if (self == NULL)
    return;
  g_free (self->email);
  g_free (self->name);
  g_free (self->subject);
  g_free (self->message);
  g_free (self->phone);
  g_free (self->topic);
  g_ptr_array_unref (self->files);
  g_free (self);
}

static void
free_file (gpointer data)
{
  DeskOsTicketFile *file = data;

  g_free (file->name);
  g_free (file->type);
  g_bytes_unref (file->bytes);
  g_free (file);
}

/* --- data URLs --- */

/* "data:TYPE;charset=X;base64,CONTENT". FALSE: it is none, or does not decode. */
static gboolean
parse_data_url (const char *url, char **type, char **charset, GBytes **bytes)
{
  g_auto (GStrv) words = NULL;
  const char *comma = strchr (url, ',');
  gboolean is_base64 = FALSE;
  g_autofree char *head = NULL;

  if (!g_str_has_prefix (url, "data:") || comma == NULL)
    return FALSE;
  head = g_strndup (url + strlen ("data:"), comma - url - strlen ("data:"));
  words = g_strsplit (head, ";", 16);
  for (guint i = 1; words[0] != NULL && words[i] != NULL; i++)
    if (g_str_equal (g_strstrip (words[i]), "base64"))
      is_base64 = TRUE;
    else if (g_ascii_strncasecmp (words[i], "charset=", 8) == 0)
      *charset = g_strdup (words[i] + 8);
  *type = g_strdup (words[0] != NULL && *words[0] != '\0' ? words[0] : "text/plain");
  if (is_base64)
    {
      gsize size;
      guchar *data = g_base64_decode (comma + 1, &size);

      *bytes = g_bytes_new_take (data, size);
    }
  else
    {
      char *text = g_uri_unescape_string (comma + 1, NULL);

      /* People write per cent signs as they are. */
      if (text == NULL)
        text = g_strdup (comma + 1);
      *bytes = g_bytes_new_take (text, strlen (text));
    }
  return TRUE;
}

/* --- markup --- */

static const struct
{
  const char *name;
  const char *text;
} entities[] = {
  { "&lt;", "<" },  { "&gt;", ">" },   { "&quot;", "\"" },
  { "&#39;", "'" }, { "&nbsp;", " " }, { "&amp;", "&" },
};

static const char *
append_entity (GString *out, const char *at)
{
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_has_prefix (at, entities[i].name))
      {
        g_string_append (out, entities[i].text);
        return at + strlen (entities[i].name);
      }
  g_string_append_c (out, '&');
  return at + 1;
}

static gboolean
breaks_line (const char *tag)
{
  static const char *const names[] = { "<br", "<p", "</p", "<div", "</div", "<li", "<tr", "<h" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strncasecmp (tag, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

/* The words of @html. (transfer full) */
static char *
take_words (const char *html)
{
  GString *out = g_string_new (NULL);

  while (*html != '\0')
    {
      const char *end = *html == '<' ? strchr (html, '>') : NULL;

      if (end != NULL)
        {
          if (breaks_line (html) && out->len > 0)
            g_string_append_c (out, '\n');
          html = end + 1;
        }
      else if (*html == '&')
        html = append_entity (out, html);
      else
        g_string_append_c (out, *html++);
    }
  return g_strstrip (g_string_free (out, FALSE));
}

/* (transfer full) */
static char *
decode_text (const char *text)
{
  g_autofree char *type = NULL;
  g_autofree char *charset = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *plain = NULL;
  const char *data;
  gsize size;

  if (!parse_data_url (text, &type, &charset, &bytes))
    return g_strdup (text);
  data = g_bytes_get_data (bytes, &size);
  plain = charset != NULL ? g_convert (data, size, "UTF-8", charset, NULL, NULL, NULL) : NULL;
  if (plain == NULL)
    plain = g_utf8_make_valid (data, size);
  return g_ascii_strcasecmp (type, "text/html") == 0 ? take_words (plain)
                                                     : g_steal_pointer (&plain);
}

/* --- members --- */

/* A text, or a number as one; NULL for anything else. (transfer full) (nullable) */
static char *
dup_scalar (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

/* Whether the members that are texts or numbers are that, or not there. */
static gboolean
check_scalars (JsonObject *object, GError **error)
{
  static const char *const names[] = { "email",   "name",     "subject",   "phone",
                                       "topicId", "priority", "priorityId" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonNode *node = json_object_get_member (object, names[i]);
      g_autofree char *text = dup_scalar (object, names[i]);

      if (node != NULL && !JSON_NODE_HOLDS_NULL (node) && text == NULL)
        return desk_json_refuse (error, names[i], "a text");
    }
  return TRUE;
}

static gboolean
read_needed (JsonObject *object, const char *name, char **text, GError **error)
{
  *text = dup_scalar (object, name);
  if (*text != NULL && *g_strstrip (*text) != '\0')
    return TRUE;
  return desk_refuse (error, DESK_ERROR_MISSING, "“%s” is missing", name);
}

/* By osTicket's numbers and words, and ours. */
static int
read_priority (JsonObject *object)
{
  static const char *const words[] = { "low", "normal", "high", "emergency" };
  g_autofree char *word = dup_scalar (object, "priority");
  int priority = -1;

  if (word == NULL)
    word = dup_scalar (object, "priorityId");
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (word, words[i]) == 0 || (word[0] == '1' + (char) i && word[1] == '\0'))
      priority = i;
  if (word != NULL && priority < 0)
    desk_enum_parse (DESK_TYPE_PRIORITY, word, &priority);
  return priority;
}

static gboolean
add_file (DeskOsTicket *self, const char *name, JsonNode *node, GError **error)
{
  g_autofree char *charset = NULL;
  DeskOsTicketFile *file;
  const char *url = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  file = g_new0 (DeskOsTicketFile, 1);
  if (url == NULL || !parse_data_url (url, &file->type, &charset, &file->bytes))
    {
      g_free (file);
      return desk_json_refuse (error, name, "a data URL");
    }
  file->name = g_strdup (name);
  g_ptr_array_add (self->files, file);
  return TRUE;
}

static gboolean
add_files (DeskOsTicket *self, JsonNode *node, GError **error)
{
  g_autoptr (GList) names = NULL;
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return desk_json_refuse (error, "attachments", "an array of objects");
  object = json_node_get_object (node);
  names = json_object_get_members (object);
  for (GList *name = names; name != NULL; name = name->next)
    if (!add_file (self, name->data, json_object_get_member (object, name->data), error))
      return FALSE;
  return TRUE;
}

static gboolean
read_attachments (DeskOsTicket *self, JsonObject *object, GError **error)
{
  JsonNode *node = json_object_get_member (object, "attachments");
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, "attachments", "an array of objects");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!add_files (self, json_array_get_element (array, i), error))
      return FALSE;
  return TRUE;
}

DeskOsTicket *
desk_os_ticket_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskOsTicket) self = g_new0 (DeskOsTicket, 1);
  g_autofree char *message = NULL;
  JsonObject *object;

  self->files = g_ptr_array_new_with_free_func (free_file);
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      desk_json_refuse (error, "request", "an object");
      return NULL;
    }
  object = json_node_get_object (node);
  if (!check_scalars (object, error) || !read_needed (object, "email", &self->email, error) ||
      !read_needed (object, "name", &self->name, error) ||
      !read_needed (object, "subject", &self->subject, error) ||
      !read_needed (object, "message", &message, error) || !read_attachments (self, object, error))
    return NULL;
  self->message = decode_text (message);
  self->phone = dup_scalar (object, "phone");
  self->topic = dup_scalar (object, "topicId");
  self->priority = read_priority (object);
  return g_steal_pointer (&self);
}
