/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is taken for JSON, and what is not. */
#include "desk-json.h"

#include <string.h>

#include "desk-error.h"

typedef struct
{
  const char *text;
  int code; /* -1: fine */
} SyntaxCase;

static const SyntaxCase cases[] = {
  { "{}", -1 },
  { " [ ] \n", -1 },
  { "{\"a\":[1,-2,0,1.5,1e3,-1.5E-3,true,false,null,\"x\",{\"b\":{}}]}", -1 },
  { "{\"a\":9223372036854775807,\"b\":-9223372036854775808}", -1 },
  { "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"}", -1 },
  { "{\"a\":1,\"a\":2}", -1 },
  { "{\"a\":\"\x7f\"}", -1 },
  { "", DESK_ERROR_INVALID },
  { "   ", DESK_ERROR_INVALID },
  { "1", DESK_ERROR_INVALID },
  { "\"text\"", DESK_ERROR_INVALID },
  { "null", DESK_ERROR_INVALID },
  { "{", DESK_ERROR_INVALID },
  { "}", DESK_ERROR_INVALID },
  { "[}", DESK_ERROR_INVALID },
  { "{]", DESK_ERROR_INVALID },
  { "{} {}", DESK_ERROR_INVALID },
  { "{}x", DESK_ERROR_INVALID },
  { "{},", DESK_ERROR_INVALID },
  { "[1,]", DESK_ERROR_INVALID },
  { "[,1]", DESK_ERROR_INVALID },
  { "[,]", DESK_ERROR_INVALID },
  { "[1 2]", DESK_ERROR_INVALID },
  { "[1,,2]", DESK_ERROR_INVALID },
  { "[1:2]", DESK_ERROR_INVALID },
  { "{\"a\"}", DESK_ERROR_INVALID },
  { "{\"a\":}", DESK_ERROR_INVALID },
  { "{\"a\":1,}", DESK_ERROR_INVALID },
  { "{,}", DESK_ERROR_INVALID },
  { "{\"a\" 1}", DESK_ERROR_INVALID },
  { "{\"a\",1}", DESK_ERROR_INVALID },
  { "{\"a\"::1}", DESK_ERROR_INVALID },
  { "{a:1}", DESK_ERROR_INVALID },
  { "{1:1}", DESK_ERROR_INVALID },
  { "{'a':1}", DESK_ERROR_INVALID },
  { "{\"a\":1 \"b\":2}", DESK_ERROR_INVALID },
  { "var x = {}", DESK_ERROR_INVALID },
  { "/* a */ {}", DESK_ERROR_INVALID },
  { "{} // a", DESK_ERROR_INVALID },
  { "[# a\n]", DESK_ERROR_INVALID },
  { "[01]", DESK_ERROR_INVALID },
  { "[-01]", DESK_ERROR_INVALID },
  { "[0x10]", DESK_ERROR_INVALID },
  { "[+1]", DESK_ERROR_INVALID },
  { "[.5]", DESK_ERROR_INVALID },
  { "[1.]", DESK_ERROR_INVALID },
  { "[1e]", DESK_ERROR_INVALID },
  { "[-]", DESK_ERROR_INVALID },
  { "[--1]", DESK_ERROR_INVALID },
  { "[1-1]", DESK_ERROR_INVALID },
  { "[NaN]", DESK_ERROR_INVALID },
  { "[Infinity]", DESK_ERROR_INVALID },
  { "[True]", DESK_ERROR_INVALID },
  { "[truefalse]", DESK_ERROR_INVALID },
  { "[9223372036854775808]", DESK_ERROR_INVALID },
  { "[-9223372036854775809]", DESK_ERROR_INVALID },
  { "[99999999999999999999999999]", DESK_ERROR_INVALID },
  { "[\"a]", DESK_ERROR_INVALID },
  { "[\"a\\\"]", DESK_ERROR_INVALID },
  { "[\"\\x\"]", DESK_ERROR_INVALID },
  { "[\"\\u12\"]", DESK_ERROR_INVALID },
  { "[\"\\u12g4\"]", DESK_ERROR_INVALID },
  { "[\"a\nb\"]", DESK_ERROR_INVALID },
  { "[\"a\x01\"]", DESK_ERROR_INVALID },
  { "[\"\\u0000\"]", DESK_ERROR_NOT_TEXT },
  { "[\"\\ud83d\"]", DESK_ERROR_NOT_TEXT },
  { "[\"\\ude00\"]", DESK_ERROR_NOT_TEXT },
  { "[\"\\ud83d\\u0041\"]", DESK_ERROR_NOT_TEXT },
  { "[\"\\ud83dA\"]", DESK_ERROR_NOT_TEXT },
  { "[\"\xff\"]", DESK_ERROR_NOT_TEXT },
  { "\xef\xbb\xbf{}", DESK_ERROR_INVALID },
  { "\xff\xfe{", DESK_ERROR_NOT_TEXT },
};

static void
check_parse (const char *text, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (text, length, &error);

  if (code == -1)
    {
      g_assert_no_error (error);
      g_assert_nonnull (node);
      return;
    }
  g_assert_error (error, DESK_ERROR, code);
  g_assert_null (node);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%u: %s", i,
                      g_utf8_validate (cases[i].text, -1, NULL) ? cases[i].text : "binary");
      check_parse (cases[i].text, strlen (cases[i].text), cases[i].code);
    }
}

/* The text need not end where it is said to end. */
static void
test_length (void)
{
  static const char nul[] = "{\"a\":\"b\0c\"}";

  check_parse ("{}garbage", 2, -1);
  check_parse ("{\"a\":1}", 4, DESK_ERROR_INVALID);
  check_parse ("[\"\\u0041\"]", 6, DESK_ERROR_INVALID);
  check_parse (nul, sizeof nul - 1, DESK_ERROR_NOT_TEXT);
  check_parse ("{}\0", 3, DESK_ERROR_NOT_TEXT);
  check_parse (NULL, 0, DESK_ERROR_INVALID);
}

static void
test_depth (void)
{
  static const guint depths[] = { 1, 31, 32, 33, 100, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (depths); i++)
    {
      guint depth = depths[i];
      g_autofree char *open = g_strnfill (depth, '[');
      g_autofree char *close = g_strnfill (depth, ']');
      g_autofree char *text = g_strconcat (open, close, NULL);

      check_parse (text, strlen (text), depth <= DESK_JSON_MAX_DEPTH ? -1 : DESK_ERROR_INVALID);
    }
}

static void
test_values (void)
{
  static const char text[] = "{\"text\":\"\\ud83d\\ude00 \\\"\\u00e4\\n\",\"number\":-7}";
  g_autoptr (JsonNode) node = desk_json_parse (text, strlen (text), NULL);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *line = desk_json_to_string (node, FALSE);
  g_autofree char *pretty = desk_json_to_string (node, TRUE);
  g_autoptr (JsonNode) again = desk_json_parse (pretty, strlen (pretty), NULL);

  g_assert_cmpstr (json_object_get_string_member (object, "text"), ==, "\U0001f600 \"ä\n");
  g_assert_cmpint (json_object_get_int_member (object, "number"), ==, -7);
  g_assert_null (strchr (line, '\n'));
  g_assert_nonnull (strchr (pretty, '\n'));
  g_assert_true (json_node_equal (node, again));
}

/* Whatever bytes come, it answers, and what it takes json-glib has understood. */
static void
test_garbage (void)
{
  static const char *const tokens[] = { "{",     "}",   "[",  "]", ":",  ",", "\"",   "\\",
                                        "\\u00", "ud8", "00", "1", "-",  "e", ".",    "true",
                                        "null",  " ",   "\n", "'", "/*", "ä", "\xff", "a" };

  for (guint i = 0; i < 50000; i++)
    {
      g_autoptr (GString) text = g_string_new (g_test_rand_bit () ? "{" : "[");
      g_autoptr (JsonNode) node = NULL;
      guint n = (guint) g_test_rand_int_range (0, 12);

      for (guint j = 0; j < n; j++)
        g_string_append (text, tokens[g_test_rand_int_range (0, G_N_ELEMENTS (tokens))]);
      g_string_append (text, text->str[0] == '{' ? "}" : "]");
      node = desk_json_parse (text->str, text->len, NULL);
      if (node != NULL)
        {
          g_autofree char *line = desk_json_to_string (node, FALSE);
          g_autoptr (JsonNode) again = desk_json_parse (line, strlen (line), NULL);

          g_assert_nonnull (again);
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/syntax/cases", test_cases);
  g_test_add_func ("/syntax/length", test_length);
  g_test_add_func ("/syntax/depth", test_depth);
  g_test_add_func ("/syntax/values", test_values);
  g_test_add_func ("/syntax/garbage", test_garbage);
  return g_test_run ();
}
