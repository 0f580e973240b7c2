/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table of members as text at once: what json-glib would print, without making its nodes. */
#include "desk-json-members.h"

#include <string.h>

/* Room for @n more bytes, which are written there: calls of g_string_append() for each few of them
 * were most of the time. */
static char *
extend (GString *text, gsize n)
{
  gsize before = text->len;

  g_string_set_size (text, before + n);
  return text->str + before;
}

static gboolean
is_plain (guchar byte)
{
  return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

static void
append_special (GString *text, guchar byte)
{
  static const char letters[] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
  };

  if (byte == '"' || byte == '\\')
    g_string_append_c (g_string_append_c (text, '\\'), (char) byte);
  else if (byte < sizeof letters && letters[byte] != '\0')
    g_string_append_c (g_string_append_c (text, '\\'), letters[byte]);
  else
    g_string_append_printf (text, "\\u%04x", byte);
}

static void
append_valid (GString *text, const char *value)
{
  g_string_append_c (text, '"');
  while (*value != '\0')
    {
      gsize n = 0;

      while (value[n] != '\0' && is_plain ((guchar) value[n]))
        n++;
      g_string_append_len (text, value, (gssize) n);
      value += n;
      if (*value != '\0')
        append_special (text, (guchar) *value++);
    }
  g_string_append_c (text, '"');
}

/* How long @value is, when nothing of it needs a second look, else 0. */
static gsize
measure_plain_ascii (const char *value)
{
  gsize n = 0;

  while (is_plain ((guchar) value[n]) && (guchar) value[n] < 0x80)
    n++;
  return value[n] == '\0' ? n : 0;
}

void
desk_json_append_text (GString *text, const char *value)
{
  g_autofree char *valid = NULL;
  gsize n = measure_plain_ascii (value);

  if (n > 0)
    {
      char *at = extend (text, n + 2);

      at[0] = at[n + 1] = '"';
      memcpy (at + 1, value, n);
      return;
    }
  if (!g_utf8_validate (value, -1, NULL))
    value = valid = g_utf8_make_valid (value, -1);
  append_valid (text, value);
}

void
desk_json_append_number (GString *text, gint64 number)
{
  char digits[24];
  char *at = digits + sizeof digits;
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;

  do
    *--at = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0)
    *--at = '-';
  g_string_append_len (text, at, digits + sizeof digits - at);
}

/* What is rare, or has a form that only its nodes know. Takes @node. */
static void
append_node (GString *text, JsonNode *node)
{
  g_autofree char *printed = desk_json_to_string (node, FALSE);

  g_string_append (text, printed);
  json_node_unref (node);
}

static void
append_value (GString *text, const DeskForm *form, gconstpointer value)
{
  if (form->append != NULL)
    form->append (text, value);
  else
    append_node (text, form->write (value));
}

static void
append_list (GString *text, const DeskForm *form, GPtrArray *list)
{
  g_string_append_c (text, '[');
  for (guint i = 0; i < list->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      append_value (text, form, g_ptr_array_index (list, i));
    }
  g_string_append_c (text, ']');
}

static void
append_texts (GString *text, char **texts)
{
  g_string_append_c (text, '[');
  for (guint i = 0; texts[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      desk_json_append_text (text, texts[i]);
    }
  g_string_append_c (text, ']');
}

static void
append_name (GString *text, gboolean *first, const char *name)
{
  gsize n = strlen (name);
  char *at = extend (text, n + (*first ? 3 : 4));

  if (!*first)
    *at++ = ',';
  *at++ = '"';
  memcpy (at, name, n);
  memcpy (at + n, "\":", 2);
  *first = FALSE;
}

/* As the value of a change is written: a number where it is one. */
static void
append_change_value (GString *text, DeskField field, const char *value)
{
  gint64 number;

  if (value == NULL)
    g_string_append (text, "null");
  else if (desk_field_get_field_type (field) == DESK_FIELD_TYPE_INT &&
           g_ascii_string_to_signed (value, 10, G_MININT64, G_MAXINT64, &number, NULL))
    desk_json_append_number (text, number);
  else
    desk_json_append_text (text, value);
}

static void
append_change (GString *text, gconstpointer value)
{
  const DeskChange *change = value;

  g_string_append (text, "{\"field\":\"");
  g_string_append (text, desk_field_get_name (change->field));
  g_string_append (text, "\",\"from\":");
  append_change_value (text, change->field, change->from);
  g_string_append (text, ",\"to\":");
  append_change_value (text, change->field, change->to);
  g_string_append_c (text, '}');
}

static JsonNode *
write_attachment (gconstpointer attachment)
{
  return desk_attachment_to_json (attachment);
}

static const DeskForm change_form = { .append = append_change };
static const DeskForm attachment_form = { .write = write_attachment };

/* What only its nodes know how to write. */
static void
append_by_node (GString *text, const DeskMember *member, gconstpointer value)
{
  g_autoptr (JsonObject) object = desk_json_write_members (member, 1, value);

  append_node (text, json_object_dup_member (object, member->name));
}

static void
append_member (GString *text, gboolean *first, const DeskMember *member, gconstpointer value)
{
  gconstpointer place = G_STRUCT_MEMBER_P (value, member->offset);
  const char *word;
  GPtrArray *list;

  switch (member->type)
    {
    case DESK_MEMBER_TEXT:
    case DESK_MEMBER_UID:
      word = *(const char *const *) place;
      if (word == NULL)
        return;
      append_name (text, first, member->name);
      desk_json_append_text (text, word);
      return;
    case DESK_MEMBER_NUMBER:
      if (*(const gint64 *) place == 0 && !member->needed)
        return;
      append_name (text, first, member->name);
      desk_json_append_number (text, *(const gint64 *) place);
      return;
    case DESK_MEMBER_BOOL:
      if (!*(const gboolean *) place && !member->needed)
        return;
      append_name (text, first, member->name);
      g_string_append (text, *(const gboolean *) place ? "true" : "false");
      return;
    case DESK_MEMBER_NICK:
      word = desk_enum_get_nick (member->get_set (), *(const int *) place);
      if (word == NULL)
        return;
      append_name (text, first, member->name);
      desk_json_append_text (text, word);
      return;
    case DESK_MEMBER_OBJECT:
      if (*(const gconstpointer *) place == NULL)
        return;
      append_name (text, first, member->name);
      append_value (text, member->form, *(const gconstpointer *) place);
      return;
    case DESK_MEMBER_LIST:
      list = *(GPtrArray *const *) place;
      if (list == NULL || (list->len == 0 && !member->needed))
        return;
      append_name (text, first, member->name);
      append_list (text, member->form, list);
      return;
    case DESK_MEMBER_CHANGES:
      append_name (text, first, member->name);
      append_list (text, &change_form, *(GPtrArray *const *) place);
      return;
    case DESK_MEMBER_ATTACHMENTS:
      append_name (text, first, member->name);
      append_list (text, &attachment_form, *(GPtrArray *const *) place);
      return;
    case DESK_MEMBER_TEXTS:
      if (*(char **const *) place == NULL)
        return;
      append_name (text, first, member->name);
      append_texts (text, *(char **const *) place);
      return;
    case DESK_MEMBER_BYTES:
      append_name (text, first, member->name);
      append_by_node (text, member, value);
      return;
    }
  g_return_if_reached ();
}

void
desk_json_append_members (GString *text,
                          const DeskMember *members,
                          guint n_members,
                          gconstpointer value)
{
  gboolean first = TRUE;

  g_string_append_c (text, '{');
  for (guint i = 0; i < n_members; i++)
    append_member (text, &first, &members[i], value);
  g_string_append_c (text, '}');
}
