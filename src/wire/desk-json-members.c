/* SPDX-License-Identifier: GPL-3.0-or-later
 * The two loops that write and read a table of members. */
#include "desk-json-members.h"

#include <string.h>

#include "desk-error.h"
#include "desk-uid.h"

/* --- writing --- */

/* What JSON takes: text that core has not cleaned yet need not be UTF-8. */
JsonNode *
desk_json_write_text (const char *text)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  if (g_utf8_validate (text, -1, NULL))
    json_node_set_string (node, text);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      json_node_set_string (node, valid);
    }
  return node;
}

JsonNode *
desk_json_write_number (gint64 number)
{
  return json_node_init_int (json_node_alloc (), number);
}

JsonNode *
desk_json_write_bool (gboolean yes)
{
  return json_node_init_boolean (json_node_alloc (), yes);
}

static JsonNode *
take_array (JsonArray *array)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, array);
  return node;
}

JsonNode *
desk_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static JsonNode *
write_texts (char **texts)
{
  JsonArray *array = json_array_new ();

  for (; *texts != NULL; texts++)
    json_array_add_element (array, desk_json_write_text (*texts));
  return take_array (array);
}

/* A value of a change; what does not fit its field is written as text and will be refused. */
static JsonNode *
write_value (DeskField field, const char *value)
{
  gint64 number;

  if (value == NULL)
    return json_node_new (JSON_NODE_NULL);
  if (desk_field_get_field_type (field) == DESK_FIELD_TYPE_INT &&
      g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return desk_json_write_number (number);
  return desk_json_write_text (value);
}

static JsonNode *
write_change (const DeskChange *change)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "field", desk_field_get_name (change->field));
  json_object_set_member (object, "from", write_value (change->field, change->from));
  json_object_set_member (object, "to", write_value (change->field, change->to));
  return desk_json_take_object (object);
}

static JsonNode *
write_changes (GPtrArray *changes)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < changes->len; i++)
    json_array_add_element (array, write_change (g_ptr_array_index (changes, i)));
  return take_array (array);
}

static JsonNode *
write_attachments (GPtrArray *attachments)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < attachments->len; i++)
    json_array_add_element (array, desk_attachment_to_json (g_ptr_array_index (attachments, i)));
  return take_array (array);
}

static JsonNode *
write_bytes (GBytes *bytes)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *text = size > 0 ? g_base64_encode (data, size) : g_strdup ("");

  json_node_set_string (node, text);
  return node;
}

static JsonNode *
write_list (const DeskMember *member, GPtrArray *list)
{
  JsonArray *array;

  if (list == NULL || (list->len == 0 && !member->needed))
    return NULL;
  array = json_array_new ();
  for (guint i = 0; i < list->len; i++)
    json_array_add_element (array, member->form->write (g_ptr_array_index (list, i)));
  return take_array (array);
}

/* NULL for what is left out. */
static JsonNode *
write_member (const DeskMember *member, gconstpointer value)
{
  switch (member->type)
    {
    case DESK_MEMBER_TEXT:
    case DESK_MEMBER_UID:
      {
        const char *text = G_STRUCT_MEMBER (const char *, value, member->offset);

        return text != NULL ? desk_json_write_text (text) : NULL;
      }
    case DESK_MEMBER_NUMBER:
      {
        gint64 number = G_STRUCT_MEMBER (gint64, value, member->offset);

        return number != 0 || member->needed ? desk_json_write_number (number) : NULL;
      }
    case DESK_MEMBER_BOOL:
      {
        gboolean yes = G_STRUCT_MEMBER (gboolean, value, member->offset);

        return yes || member->needed ? desk_json_write_bool (yes) : NULL;
      }
    case DESK_MEMBER_NICK:
      {
        int number = G_STRUCT_MEMBER (int, value, member->offset);
        const char *nick = desk_enum_get_nick (member->get_set (), number);

        return nick != NULL ? desk_json_write_text (nick) : NULL;
      }
    case DESK_MEMBER_TEXTS:
      {
        char **texts = G_STRUCT_MEMBER (char **, value, member->offset);

        return texts != NULL ? write_texts (texts) : NULL;
      }
    case DESK_MEMBER_CHANGES:
      return write_changes (G_STRUCT_MEMBER (GPtrArray *, value, member->offset));
    case DESK_MEMBER_ATTACHMENTS:
      return write_attachments (G_STRUCT_MEMBER (GPtrArray *, value, member->offset));
    case DESK_MEMBER_BYTES:
      return write_bytes (G_STRUCT_MEMBER (GBytes *, value, member->offset));
    case DESK_MEMBER_OBJECT:
      {
        gconstpointer object = G_STRUCT_MEMBER (gconstpointer, value, member->offset);

        return object != NULL ? member->form->write (object) : NULL;
      }
    case DESK_MEMBER_LIST:
      return write_list (member, G_STRUCT_MEMBER (GPtrArray *, value, member->offset));
    }
  g_return_val_if_reached (NULL);
}

JsonObject *
desk_json_write_members (const DeskMember *members, guint n_members, gconstpointer value)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < n_members; i++)
    {
      JsonNode *node = write_member (&members[i], value);

      if (node != NULL)
        json_object_set_member (object, members[i].name, node);
    }
  return object;
}

/* --- reading --- */

/* @name is the member's, @what tells what it should be. */
gboolean
desk_json_refuse (GError **error, const char *name, const char *what)
{
  return desk_refuse (error, DESK_ERROR_INVALID, "“%s” is not %s", name, what);
}

static gboolean
holds (JsonNode *node, GType type)
{
  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == type;
}

gboolean
desk_json_read_text (JsonNode *node, const char *name, char **text, GError **error)
{
  if (!holds (node, G_TYPE_STRING))
    return desk_json_refuse (error, name, "a text");
  g_free (*text);
  *text = json_node_dup_string (node);
  return TRUE;
}

static gboolean
read_uid (JsonNode *node, const char *name, char **uid, GError **error)
{
  if (!desk_json_read_text (node, name, uid, error))
    return FALSE;
  return desk_uid_is_valid (*uid) || desk_json_refuse (error, name, "a UUID in small letters");
}

gboolean
desk_json_read_number (JsonNode *node, const char *name, gint64 *number, GError **error)
{
  if (!holds (node, G_TYPE_INT64) || json_node_get_int (node) < 0)
    return desk_json_refuse (error, name, "a whole number from 0");
  *number = json_node_get_int (node);
  return TRUE;
}

gboolean
desk_json_read_bool (JsonNode *node, const char *name, gboolean *yes, GError **error)
{
  if (!holds (node, G_TYPE_BOOLEAN))
    return desk_json_refuse (error, name, "true or false");
  *yes = json_node_get_boolean (node);
  return TRUE;
}

static gboolean
read_nick (JsonNode *node, const char *name, GType set, int *value, GError **error)
{
  if (holds (node, G_TYPE_STRING) && desk_enum_parse (set, json_node_get_string (node), value))
    return TRUE;
  return desk_json_refuse (error, name, "one of its words");
}

static gboolean
read_texts (JsonNode *node, const char *name, char ***texts, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, name, "an array of texts");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (!holds (element, G_TYPE_STRING))
        return desk_json_refuse (error, name, "an array of texts");
      g_strv_builder_add (builder, json_node_get_string (element));
    }
  g_strfreev (*texts);
  *texts = g_strv_builder_end (builder);
  return TRUE;
}

/* A value of a change: in the canonical form, in which a number 0 is none. */
static gboolean
read_value (JsonNode *node, const char *name, DeskField field, char **value, GError **error)
{
  gint64 number = 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (desk_field_get_field_type (field) != DESK_FIELD_TYPE_INT)
    return desk_json_read_text (node, name, value, error);
  if (!desk_json_read_number (node, name, &number, error))
    return FALSE;
  if (number != 0)
    *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  return TRUE;
}

static DeskChange *
read_change (JsonNode *node, GError **error)
{
  g_autoptr (DeskChange) change = desk_change_new (DESK_FIELD_NUMBER, NULL, NULL);
  JsonObject *object;
  JsonNode *field;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      desk_json_refuse (error, "changes", "an array of objects");
      return NULL;
    }
  object = json_node_get_object (node);
  field = json_object_get_member (object, "field");
  if (field == NULL || !holds (field, G_TYPE_STRING) ||
      !desk_field_parse (json_node_get_string (field), &change->field))
    {
      desk_json_refuse (error, "field", "the name of a field");
      return NULL;
    }
  if (!json_object_has_member (object, "to"))
    {
      desk_json_refuse (error, "to", "there: a change says what to");
      return NULL;
    }
  if (!read_value (json_object_get_member (object, "from"), "from", change->field, &change->from,
                   error) ||
      !read_value (json_object_get_member (object, "to"), "to", change->field, &change->to, error))
    return NULL;
  return g_steal_pointer (&change);
}

static gboolean
read_changes (JsonNode *node, const char *name, GPtrArray *changes, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, name, "an array of objects");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      DeskChange *change = read_change (json_array_get_element (array, i), error);

      if (change == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", name, i);
          return FALSE;
        }
      g_ptr_array_add (changes, change);
    }
  return TRUE;
}

static gboolean
read_attachments (JsonNode *node, const char *name, GPtrArray *attachments, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, name, "an array of objects");
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      DeskAttachment *attachment =
          desk_attachment_from_json (json_array_get_element (array, i), error);

      if (attachment == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", name, i);
          return FALSE;
        }
      g_ptr_array_add (attachments, attachment);
    }
  return TRUE;
}

/* The decoder passes over whatever is not base64. */
static gboolean
is_base64 (const char *text)
{
  static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gsize length = strspn (text, signs);
  gsize padding = strspn (text + length, "=");

  return text[length + padding] == '\0' && padding <= 2 && (length + padding) % 4 == 0;
}

static gboolean
read_bytes (JsonNode *node, const char *name, GBytes **bytes, GError **error)
{
  const char *text = holds (node, G_TYPE_STRING) ? json_node_get_string (node) : NULL;
  guint8 *data;
  gsize size;

  if (text == NULL || !is_base64 (text))
    return desk_json_refuse (error, name, "base64");
  data = g_base64_decode (text, &size);
  g_clear_pointer (bytes, g_bytes_unref);
  *bytes = g_bytes_new_take (data, size);
  return TRUE;
}

static gboolean
read_object (const DeskMember *member, JsonNode *node, gpointer *place, GError **error)
{
  gpointer value = member->form->read (node, error);

  if (value == NULL)
    {
      g_prefix_error (error, "%s: ", member->name);
      return FALSE;
    }
  if (*place != NULL)
    member->form->free (*place);
  *place = value;
  return TRUE;
}

static gboolean
read_list (const DeskMember *member, JsonNode *node, GPtrArray **list, GError **error)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return desk_json_refuse (error, member->name, "an array");
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func (member->form->free);
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      gpointer value = member->form->read (json_array_get_element (array, i), error);

      if (value == NULL)
        {
          g_prefix_error (error, "%s[%u]: ", member->name, i);
          return FALSE;
        }
      g_ptr_array_add (*list, value);
    }
  return TRUE;
}

gboolean
desk_json_read_member (const DeskMember *member, JsonNode *node, gpointer value, GError **error)
{
  gpointer place = G_STRUCT_MEMBER_P (value, member->offset);

  switch (member->type)
    {
    case DESK_MEMBER_TEXT:
      return desk_json_read_text (node, member->name, place, error);
    case DESK_MEMBER_UID:
      return read_uid (node, member->name, place, error);
    case DESK_MEMBER_NUMBER:
      return desk_json_read_number (node, member->name, place, error);
    case DESK_MEMBER_BOOL:
      return desk_json_read_bool (node, member->name, place, error);
    case DESK_MEMBER_NICK:
      return read_nick (node, member->name, member->get_set (), place, error);
    case DESK_MEMBER_TEXTS:
      return read_texts (node, member->name, place, error);
    case DESK_MEMBER_CHANGES:
      return read_changes (node, member->name, *(GPtrArray **)place, error);
    case DESK_MEMBER_ATTACHMENTS:
      return read_attachments (node, member->name, *(GPtrArray **)place, error);
    case DESK_MEMBER_BYTES:
      return read_bytes (node, member->name, place, error);
    case DESK_MEMBER_OBJECT:
      return read_object (member, node, place, error);
    case DESK_MEMBER_LIST:
      return read_list (member, node, place, error);
    }
  g_return_val_if_reached (FALSE);
}

/* @what is the kind of value, for messages. A null is as good as a member that is not there. */
gboolean
desk_json_read_members (const DeskMember *members,
                        guint n_members,
                        JsonNode *node,
                        const char *what,
                        gpointer value,
                        GError **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return desk_json_refuse (error, what, "an object");
  object = json_node_get_object (node);
  for (guint i = 0; i < n_members; i++)
    {
      JsonNode *member = json_object_get_member (object, members[i].name);

      if (member == NULL || JSON_NODE_HOLDS_NULL (member))
        {
          if (members[i].needed)
            return desk_json_refuse (error, members[i].name, "there");
          continue;
        }
      if (!desk_json_read_member (&members[i], member, value, error))
        return FALSE;
    }
  return TRUE;
}
