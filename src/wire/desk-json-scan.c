/* SPDX-License-Identifier: GPL-3.0-or-later
 * A table of members out of text at once: what reading the nodes of json-glib gives, without making
 * them. A text has passed desk_json_check(), which knows where texts and words begin and end and
 * that brackets are even; the rest of the grammar is here. */
#include "desk-json-members.h"

#include <string.h>

#include "desk-error.h"
#include "desk-uid.h"

static gboolean
fail_grammar (GError **error)
{
  return desk_refuse (error, DESK_ERROR_INVALID,
                      "This is not JSON: a comma, colon or bracket is out of place");
}

/* --- signs --- */

static char
peek (DeskScan *scan)
{
  while (scan->p < scan->end &&
         (*scan->p == ' ' || *scan->p == '\n' || *scan->p == '\t' || *scan->p == '\r'))
    scan->p++;
  return scan->p < scan->end ? *scan->p : '\0';
}

static gboolean
take (DeskScan *scan, char sign)
{
  if (peek (scan) != sign)
    return FALSE;
  scan->p++;
  return TRUE;
}

static gboolean
is_word_sign (char sign)
{
  return g_ascii_isalnum (sign) || sign == '-' || sign == '+' || sign == '.';
}

/* --- texts --- */

/* Behind the quote that ends the text at @scan; @escaped tells whether there is anything to do. */
static const char *
find_end_of_text (const DeskScan *scan, gboolean *escaped)
{
  const char *p = scan->p + 1;

  *escaped = FALSE;
  while (*p != '"')
    {
      *escaped |= *p == '\\';
      p += *p == '\\' ? 2 : 1;
    }
  return p + 1;
}

static gunichar
read_unit (const char *p)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit << 4 | (gunichar) g_ascii_xdigit_value (p[i]);
  return unit;
}

/* @p: behind "\u". */
static const char *
append_unicode (GString *text, const char *p)
{
  gunichar unit = read_unit (p);

  p += 4;
  if (unit >= 0xd800 && unit <= 0xdfff)
    {
      unit = 0x10000 + ((unit - 0xd800) << 10) + (read_unit (p + 2) - 0xdc00);
      p += 6;
    }
  g_string_append_unichar (text, unit);
  return p;
}

static char *
unescape (const char *p, const char *end)
{
  static const char signs[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  GString *text = g_string_sized_new ((gsize) (end - p));

  while (p < end)
    {
      const char *backslash = memchr (p, '\\', (gsize) (end - p));

      if (backslash == NULL)
        backslash = end;
      g_string_append_len (text, p, backslash - p);
      p = backslash;
      if (p == end)
        break;
      if (p[1] == 'u')
        p = append_unicode (text, p + 2);
      else
        {
          g_string_append_c (text, meanings[strchr (signs, p[1]) - signs]);
          p += 2;
        }
    }
  return g_string_free (text, FALSE);
}

/* FALSE, and nothing happens, when there is no text. */
static gboolean
take_text (DeskScan *scan, char **text)
{
  const char *start, *end;
  gboolean escaped;

  if (peek (scan) != '"')
    return FALSE;
  start = scan->p + 1;
  end = find_end_of_text (scan, &escaped);
  scan->p = end;
  *text = escaped ? unescape (start, end - 1) : g_strndup (start, (gsize) (end - 1 - start));
  return TRUE;
}

/* --- passing over --- */

static gboolean skip_value (DeskScan *scan, GError **error);

static gboolean
skip_name (DeskScan *scan)
{
  gboolean escaped;

  if (peek (scan) != '"')
    return FALSE;
  scan->p = find_end_of_text (scan, &escaped);
  return take (scan, ':');
}

/* Nested no deeper than was looked at before. */
static gboolean
skip_members (DeskScan *scan, GError **error)
{
  if (take (scan, '}'))
    return TRUE;
  do
    if (!skip_name (scan))
      return fail_grammar (error);
    else if (!skip_value (scan, error))
      return FALSE;
  while (take (scan, ','));
  return take (scan, '}') || fail_grammar (error);
}

static gboolean
skip_elements (DeskScan *scan, GError **error)
{
  if (take (scan, ']'))
    return TRUE;
  do
    if (!skip_value (scan, error))
      return FALSE;
  while (take (scan, ','));
  return take (scan, ']') || fail_grammar (error);
}

/* Behind the last sign of a word. */
static const char *
find_end_of_word (const DeskScan *scan)
{
  const char *p = scan->p;

  while (p < scan->end && is_word_sign (*p))
    p++;
  return p;
}

static gboolean
skip_value (DeskScan *scan, GError **error)
{
  const char *end;
  gboolean escaped;

  if (take (scan, '{'))
    return skip_members (scan, error);
  if (take (scan, '['))
    return skip_elements (scan, error);
  end = peek (scan) == '"' ? find_end_of_text (scan, &escaped) : find_end_of_word (scan);
  if (end == scan->p)
    return fail_grammar (error);
  scan->p = end;
  return TRUE;
}

/* The value as nodes: for what is rare, or has a form that only its nodes know. */
static JsonNode *
take_node (DeskScan *scan, GError **error)
{
  const char *start;
  g_autofree char *list = NULL;
  g_autoptr (JsonNode) node = NULL;

  peek (scan);
  start = scan->p;
  if (!skip_value (scan, error))
    return NULL;
  list = g_strdup_printf ("[%.*s]", (int) (scan->p - start), start);
  node = desk_json_parse (list, strlen (list), error);
  if (node == NULL)
    return NULL;
  return json_array_dup_element (json_node_get_array (node), 0);
}

/* --- values --- */

static gboolean
read_text (DeskScan *scan, const char *name, char **place, GError **error)
{
  char *text;

  if (!take_text (scan, &text))
    return desk_json_refuse (error, name, "a text");
  g_free (*place);
  *place = text;
  return TRUE;
}

static gboolean
read_uid (DeskScan *scan, const char *name, char **place, GError **error)
{
  return read_text (scan, name, place, error) &&
         (desk_uid_is_valid (*place) || desk_json_refuse (error, name, "a UUID in small letters"));
}

static gboolean
take_word (DeskScan *scan, const char *word)
{
  gsize length = strlen (word);

  peek (scan);
  if ((gsize) (find_end_of_word (scan) - scan->p) != length || memcmp (scan->p, word, length) != 0)
    return FALSE;
  scan->p += length;
  return TRUE;
}

static gboolean
read_number (DeskScan *scan, const char *name, gint64 *number, GError **error)
{
  const char *end;
  guint64 sum = 0;

  *number = 0;
  if (take_word (scan, "-0"))
    return TRUE;
  end = find_end_of_word (scan);
  for (const char *p = scan->p; p < end; p++)
    {
      if (!g_ascii_isdigit (*p))
        return desk_json_refuse (error, name, "a whole number from 0");
      /* It fits: that was looked at before. */
      sum = sum * 10 + (guint64) (*p - '0');
    }
  if (end == scan->p)
    return desk_json_refuse (error, name, "a whole number from 0");
  scan->p = end;
  *number = (gint64) sum;
  return TRUE;
}

static gboolean
read_bool (DeskScan *scan, const char *name, gboolean *yes, GError **error)
{
  *yes = take_word (scan, "true");
  return *yes || take_word (scan, "false") || desk_json_refuse (error, name, "true or false");
}

static gboolean
read_nick (DeskScan *scan, const DeskMember *member, int *number, GError **error)
{
  g_autofree char *nick = NULL;

  return (take_text (scan, &nick) && desk_enum_parse (member->get_set (), nick, number)) ||
         desk_json_refuse (error, member->name, "one of its words");
}

/* --- lists --- */

typedef gboolean (*ReadElement) (DeskScan *scan,
                                 const DeskMember *member,
                                 gpointer list,
                                 GError **error);

static gboolean
read_elements (
    DeskScan *scan, const DeskMember *member, ReadElement read, gpointer list, GError **error)
{
  guint n = 0;

  if (!take (scan, '['))
    return desk_json_refuse (error, member->name, "an array");
  if (take (scan, ']'))
    return TRUE;
  do
    if (!read (scan, member, list, error))
      {
        g_prefix_error (error, "%s[%u]: ", member->name, n);
        return FALSE;
      }
    else
      n++;
  while (take (scan, ','));
  return take (scan, ']') || fail_grammar (error);
}

static gboolean
read_of_form (DeskScan *scan, const DeskMember *member, gpointer list, GError **error)
{
  gpointer value = member->form->scan (scan, error);

  if (value != NULL)
    g_ptr_array_add (list, value);
  return value != NULL;
}

static gboolean
read_list (DeskScan *scan, const DeskMember *member, GPtrArray **list, GError **error)
{
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func (member->form->free);
  g_ptr_array_set_size (*list, 0);
  return read_elements (scan, member, read_of_form, *list, error);
}

static gboolean
read_one_text (DeskScan *scan, const DeskMember *member, gpointer list, GError **error)
{
  char *text;

  if (!take_text (scan, &text))
    return desk_json_refuse (error, member->name, "an array of texts");
  g_ptr_array_add (list, text);
  return TRUE;
}

static gboolean
read_texts (DeskScan *scan, const DeskMember *member, char ***texts, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  if (!read_elements (scan, member, read_one_text, list, error))
    return FALSE;
  g_ptr_array_add (list, NULL);
  g_strfreev (*texts);
  *texts = (char **) g_ptr_array_steal (list, NULL);
  return TRUE;
}

/* --- changes --- */

/* What a value is depends on its field, which may come later. */
typedef struct
{
  char *field;
  DeskScan from;
  DeskScan to;
} Change;

static gboolean
read_place (DeskScan *scan, DeskScan *place, GError **error)
{
  peek (scan);
  *place = *scan;
  return skip_value (scan, error);
}

static gboolean
read_change_members (DeskScan *scan, Change *change, GError **error)
{
  if (take (scan, '}'))
    return TRUE;
  do
    {
      g_autofree char *name = NULL;
      gboolean done;

      if (!take_text (scan, &name) || !take (scan, ':'))
        return fail_grammar (error);
      if (g_str_equal (name, "field"))
        done = read_text (scan, "field", &change->field, error);
      else if (g_str_equal (name, "from"))
        done = read_place (scan, &change->from, error);
      else if (g_str_equal (name, "to"))
        done = read_place (scan, &change->to, error);
      else
        done = skip_value (scan, error);
      if (!done)
        return FALSE;
    }
  while (take (scan, ','));
  return take (scan, '}') || fail_grammar (error);
}

/* A value of a change, in the canonical form, in which a number 0 is none. */
static gboolean
read_value (DeskScan *place, const char *name, DeskField field, char **value, GError **error)
{
  gint64 number;

  if (place->p == NULL || take_word (place, "null"))
    return TRUE;
  if (desk_field_get_field_type (field) != DESK_FIELD_TYPE_INT)
    return read_text (place, name, value, error);
  if (!read_number (place, name, &number, error))
    return FALSE;
  if (number != 0)
    *value = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  return TRUE;
}

static DeskChange *
make_change (Change *read, GError **error)
{
  g_autoptr (DeskChange) change = desk_change_new (DESK_FIELD_NUMBER, NULL, NULL);

  if (read->field == NULL || !desk_field_parse (read->field, &change->field))
    {
      desk_json_refuse (error, "field", "the name of a field");
      return NULL;
    }
  if (read->to.p == NULL)
    {
      desk_json_refuse (error, "to", "there: a change says what to");
      return NULL;
    }
  if (!read_value (&read->from, "from", change->field, &change->from, error) ||
      !read_value (&read->to, "to", change->field, &change->to, error))
    return NULL;
  return g_steal_pointer (&change);
}

static gboolean
read_change (DeskScan *scan, const DeskMember *member, gpointer list, GError **error)
{
  Change read = { NULL };
  DeskChange *change = NULL;

  if (!take (scan, '{'))
    return desk_json_refuse (error, "changes", "an array of objects");
  if (read_change_members (scan, &read, error))
    change = make_change (&read, error);
  g_free (read.field);
  if (change != NULL)
    g_ptr_array_add (list, change);
  return change != NULL;
}

static gboolean
read_changes (DeskScan *scan, const DeskMember *member, GPtrArray *changes, GError **error)
{
  g_ptr_array_set_size (changes, 0);
  return read_elements (scan, member, read_change, changes, error);
}

/* --- members --- */

static gboolean
read_object (DeskScan *scan, const DeskMember *member, gpointer *place, GError **error)
{
  gpointer value = member->form->scan (scan, error);

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
read_by_node (DeskScan *scan, const DeskMember *member, gpointer value, GError **error)
{
  g_autoptr (JsonNode) node = take_node (scan, error);

  return node != NULL && desk_json_read_member (member, node, value, error);
}

static gboolean
read_member (DeskScan *scan, const DeskMember *member, gpointer value, GError **error)
{
  gpointer place = G_STRUCT_MEMBER_P (value, member->offset);

  switch (member->type)
    {
    case DESK_MEMBER_TEXT:
      return read_text (scan, member->name, place, error);
    case DESK_MEMBER_UID:
      return read_uid (scan, member->name, place, error);
    case DESK_MEMBER_NUMBER:
      return read_number (scan, member->name, place, error);
    case DESK_MEMBER_BOOL:
      return read_bool (scan, member->name, place, error);
    case DESK_MEMBER_NICK:
      return read_nick (scan, member, place, error);
    case DESK_MEMBER_TEXTS:
      return read_texts (scan, member, place, error);
    case DESK_MEMBER_CHANGES:
      return read_changes (scan, member, *(GPtrArray **) place, error);
    case DESK_MEMBER_OBJECT:
      return read_object (scan, member, place, error);
    case DESK_MEMBER_LIST:
      return read_list (scan, member, place, error);
    case DESK_MEMBER_ATTACHMENTS:
      g_ptr_array_set_size (*(GPtrArray **) place, 0);
      return read_by_node (scan, member, value, error);
    case DESK_MEMBER_BYTES:
      return read_by_node (scan, member, value, error);
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
is_called (const DeskMember *member, const char *name, gsize length)
{
  return strncmp (member->name, name, length) == 0 && member->name[length] == '\0';
}

/* The place of the name in the table, looked for from @from on, where it mostly is; @n_members for
 * one that is not known. */
static guint
find_name (const DeskMember *members, guint n_members, guint from, const char *name, gsize length)
{
  for (guint i = 0; i < n_members; i++)
    {
      guint at = (from + i) % n_members;

      if (is_called (&members[at], name, length))
        return at;
    }
  return n_members;
}

/* The same of the name at @scan, which is left behind its colon. */
static gboolean
take_name (DeskScan *scan, const DeskMember *members, guint n_members, guint *at, GError **error)
{
  const char *name, *end;
  g_autofree char *unescaped = NULL;
  gboolean escaped;

  if (peek (scan) != '"')
    return fail_grammar (error);
  name = scan->p + 1;
  end = find_end_of_text (scan, &escaped);
  scan->p = end;
  if (escaped)
    unescaped = unescape (name, end - 1);
  *at = unescaped != NULL ? find_name (members, n_members, *at, unescaped, strlen (unescaped))
                          : find_name (members, n_members, *at, name, (gsize) (end - 1 - name));
  return take (scan, ':') || fail_grammar (error);
}

/* What was met while an object is read. */
typedef struct
{
  guint64 said;  /* by name, a bit each */
  guint64 there; /* with a value */
  guint next;    /* in the table, most likely */
} Met;

static gboolean
scan_member (DeskScan *scan,
             const DeskMember *members,
             guint n_members,
             Met *met,
             gpointer value,
             GError **error)
{
  guint at = met->next;
  guint64 bit;

  if (!take_name (scan, members, n_members, &at, error))
    return FALSE;
  if (at == n_members)
    return skip_value (scan, error);
  met->next = at + 1;
  bit = G_GUINT64_CONSTANT (1) << at;
  if ((met->said & bit) != 0)
    return desk_json_refuse (error, members[at].name, "there once only");
  met->said |= bit;
  if (take_word (scan, "null"))
    return TRUE;
  met->there |= bit;
  return read_member (scan, &members[at], value, error);
}

gboolean
desk_json_scan_members (DeskScan *scan,
                        const DeskMember *members,
                        guint n_members,
                        const char *what,
                        gpointer value,
                        GError **error)
{
  Met met = { 0 };

  g_return_val_if_fail (n_members <= 64, FALSE);

  if (!take (scan, '{'))
    return desk_json_refuse (error, what, "an object");
  if (!take (scan, '}'))
    {
      do
        if (!scan_member (scan, members, n_members, &met, value, error))
          return FALSE;
      while (take (scan, ','));
      if (!take (scan, '}'))
        return fail_grammar (error);
    }
  for (guint i = 0; i < n_members; i++)
    if (members[i].needed && (met.there >> i & 1) == 0)
      return desk_json_refuse (error, members[i].name, "there");
  return TRUE;
}

gpointer
desk_json_scan_by_node (DeskScan *scan, const DeskForm *form, GError **error)
{
  g_autoptr (JsonNode) node = take_node (scan, error);

  return node != NULL ? form->read (node, error) : NULL;
}

char *
desk_json_scan_text (DeskScan *scan)
{
  char *text = NULL;

  take_text (scan, &text);
  return text;
}
