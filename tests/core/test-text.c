/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text from outside: lines, bodies, slugs, file names, excerpts. */
#include "desk-text.h"

#include "fixture.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *raw;
  const char *clean; /* NULL: refused with @code */
  int code;
} TextCase;

static const TextCase lines[] = {
  { "plain", "Mobile banking is down", "Mobile banking is down" },
  { "nothing", NULL, "" },
  { "empty", "", "" },
  { "spaces", "  a \t b\r\n\r\nc  ", "a b c" },
  { "unicode-spaces",
    "a\u00a0b\u2003c\u2028d\xc2\x85"
    "e",
    "a b c d e" },
  { "controls", "a\x01\x1b[31mb\x7f", "a[31mb" },
  { "override", "invoice\u202egpj.exe", "invoicegpj.exe" },
  { "isolates", "\u2066a\u2069 \u202bb\u202c", "a b" },
  { "marks-stay", "a\u200fb", "a\u200fb" },
  { "joined-emoji-stays", "\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb" },
  { "only-invisible", "\u200b\u200f\u2060", "" },
  { "arabic", "الطابعة لا تعمل", "الطابعة لا تعمل" },
  { "markup", "<b>&amp;</b> **x** %s %n", "<b>&amp;</b> **x** %s %n" },
  { "latin-1", "B\xfcro", NULL, DESK_ERROR_NOT_TEXT },
  { "cut-off", "a\xe2\x82", NULL, DESK_ERROR_NOT_TEXT },
  { "surrogate", "\xed\xa0\x80", NULL, DESK_ERROR_NOT_TEXT },
};

static const TextCase bodies[] = {
  { "plain", "Line\n\n- item", "Line\n\n- item" },
  { "nothing", NULL, "" },
  { "line-ends",
    "a\r\nb\rc\xc2\x85"
    "d\u2029e\r\r\nf",
    "a\nb\nc\nd\ne\n\nf" },
  { "controls",
    "a\x01"
    "b\tc\v\f\x7f\xc2\x9b"
    "",
    "ab\tc" },
  { "code-keeps-indent", "\n \n    code\n\n", "    code" },
  { "blank", " \n\t\n ", "" },
  { "override", "run \u202efr- mr\u202c", "run fr- mr\u202c" },
  { "isolates-stay", "\u2068name\u2069", "\u2068name\u2069" },
  { "latin-1", "B\xfcro", NULL, DESK_ERROR_NOT_TEXT },
};

static void
check_text (char *clean, GError *error, const TextCase *test)
{
  g_assert_cmpstr (clean, ==, test->clean);
  if (test->clean != NULL)
    g_assert_no_error (error);
  else
    {
      g_assert_error (error, DESK_ERROR, test->code);
      g_assert_nonnull (strstr (error->message, "thing"));
    }
}

static void
test_line (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *clean = desk_text_clean_line (((const TextCase *) data)->raw, 100, "thing",
                                                 &error);

  check_text (clean, error, data);
}

static void
test_body (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *clean = desk_text_clean_body (((const TextCase *) data)->raw, "thing", &error);

  check_text (clean, error, data);
}

/* The limit counts characters of what is left, not bytes of what came. */
static void
test_line_limit (void)
{
  g_autofree char *spaces = g_strnfill (5000, ' ');
  g_autofree char *padded = g_strconcat (spaces, "äöü", spaces, NULL);
  g_autofree char *long_line = g_strnfill (5000, 'x');
  g_autoptr (GError) error = NULL;
  g_autofree char *clean = NULL;

  clean = desk_text_clean_line (padded, 3, "thing", &error);
  g_assert_cmpstr (clean, ==, "äöü");
  g_assert_null (desk_text_clean_line ("äöüß", 3, "thing", &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_null (desk_text_clean_line ("a b", 2, "thing", &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_LONG);
  g_clear_error (&error);
  g_assert_null (desk_text_clean_line (long_line, DESK_SUMMARY_MAX_CHARS, "thing", &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_LONG);
}

static void
test_body_limit (void)
{
  g_autofree char *fits = g_strnfill (DESK_BODY_MAX_BYTES, 'x');
  g_autofree char *too_long = g_strnfill (DESK_BODY_MAX_BYTES + 1, 'x');
  g_autofree char *shrinks = g_strconcat (fits, "\r\n\r\n", NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *first = desk_text_clean_body (fits, "thing", &error);
  g_autofree char *second = desk_text_clean_body (shrinks, "thing", &error);

  g_assert_cmpstr (first, ==, fits);
  g_assert_cmpstr (second, ==, fits);
  g_assert_null (desk_text_clean_body (too_long, "thing", &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_TOO_LONG);
}

/* Cleaning what is clean changes nothing. */
static void
test_cleaning_is_final (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *again = NULL;

      if (lines[i].clean == NULL)
        continue;
      again = desk_text_clean_line (lines[i].clean, 100, "thing", NULL);
      g_assert_cmpstr (again, ==, lines[i].clean);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *again = NULL;

      if (bodies[i].clean == NULL)
        continue;
      again = desk_text_clean_body (bodies[i].clean, "thing", NULL);
      g_assert_cmpstr (again, ==, bodies[i].clean);
    }
}

static void
test_slug_is_valid (void)
{
  static const struct
  {
    const char *slug;
    gboolean valid;
  } cases[] = {
    { "online-banking", TRUE },
    { "a", TRUE },
    { "24-7", TRUE },
    { NULL, FALSE },
    { "", FALSE },
    { "-a", FALSE },
    { "a-", FALSE },
    { "a--b", FALSE },
    { "A", FALSE },
    { "a b", FALSE },
    { "a_b", FALSE },
    { "büro", FALSE },
    { "a\n", FALSE },
    { "a/b", FALSE },
    { "-", FALSE },
  };
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *too_long = g_strnfill (65, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (desk_slug_is_valid (cases[i].slug), ==, cases[i].valid);
  g_assert_true (desk_slug_is_valid (longest));
  g_assert_false (desk_slug_is_valid (too_long));
}

static void
test_slug_from_label (void)
{
  static const struct
  {
    const char *label, *slug;
  } cases[] = {
    { "Online Banking", "online-banking" },
    { "  IT / Büro & Co. ", "it-buro-co" },
    { "24/7", "24-7" },
    { "الدعم", "" },
    { "", "" },
    { "\xff"
      "a",
      "a" },
    { "1234567890123456789012345678901234567890123456789012345678901234 tail",
      "1234567890123456789012345678901234567890123456789012345678901234" },
    { "123456789012345678901234567890123456789012345678901234567890123 tail",
      "123456789012345678901234567890123456789012345678901234567890123" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *slug = desk_slug_from_label (cases[i].label);

      g_assert_cmpstr (slug, ==, cases[i].slug);
      g_assert_true (*slug == '\0' || desk_slug_is_valid (slug));
    }
}

static void
test_file_name (void)
{
  static const struct
  {
    const char *raw, *clean;
  } cases[] = {
    { "screenshot.png", "screenshot.png" },
    { "../../x", "x" },
    { "..\\..\\x", "x" },
    { "C:\\Users\\karen\\x.txt", "x.txt" },
    { "/", "file" },
    { "..", "file" },
    { ".", "file" },
    { "a/..", "file" },
    { "", "file" },
    { NULL, "file" },
    { "\u202e", "file" },
    { "line\nbreak\x01.txt", "line break.txt" },
    { "invoice\u202egpj.exe", "invoicegpj.exe" },
    { ".bashrc", ".bashrc" },
    { "dir/", "dir" },
    { "B\xfcro.txt", "B\uFFFDro.txt" },
    { " .. ", "file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clean = desk_file_name_clean (cases[i].raw);

      g_assert_cmpstr (clean, ==, cases[i].clean);
    }
}

static void
test_long_file_name (void)
{
  g_autofree char *fill = g_strnfill (300, 'x');
  g_autofree char *with_extension = g_strconcat (fill, ".tar.gz", NULL);
  g_autofree char *cut = desk_file_name_clean (with_extension);
  GString *wide = g_string_new (NULL);
  g_autofree char *cut_wide = NULL;
  g_autofree char *cut_odd = NULL;

  g_assert_cmpuint (strlen (cut), ==, 200);
  g_assert_true (g_str_has_suffix (cut, "x.gz"));

  for (guint i = 0; i < 150; i++)
    g_string_append (wide, "ä");
  g_string_append (wide, "b");
  cut_wide = desk_file_name_clean (wide->str);
  g_assert_cmpuint (strlen (cut_wide), ==, 200);
  g_assert_true (g_utf8_validate (cut_wide, -1, NULL));

  /* The limit is in the middle of a sign. */
  g_string_prepend_c (wide, 'a');
  cut_odd = desk_file_name_clean (wide->str);
  g_assert_cmpuint (strlen (cut_odd), ==, 199);
  g_assert_true (g_utf8_validate (cut_odd, -1, NULL));
  g_string_free (wide, TRUE);
}

static void
test_excerpt (void)
{
  static const struct
  {
    const char *text;
    gsize max_chars;
    const char *excerpt;
  } cases[] = {
    { "Hello\n\nthere", 100, "Hello there" },
    { "Hello", 3, "Hel" },
    { "äöü", 2, "äö" },
    { NULL, 5, "" },
    { "a\xff", 5, "a\uFFFD" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *excerpt = desk_text_excerpt (cases[i].text, cases[i].max_chars);

      g_assert_cmpstr (excerpt, ==, cases[i].excerpt);
    }
}

static void
add_cases (const char *path, const TextCase *cases, guint n_cases, GTestDataFunc test)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *full = g_strconcat (path, cases[i].name, NULL);

      g_test_add_data_func (full, &cases[i], test);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/text/line/", lines, G_N_ELEMENTS (lines), test_line);
  add_cases ("/text/body/", bodies, G_N_ELEMENTS (bodies), test_body);
  g_test_add_func ("/text/line/limit", test_line_limit);
  g_test_add_func ("/text/body/limit", test_body_limit);
  g_test_add_func ("/text/cleaning-is-final", test_cleaning_is_final);
  g_test_add_func ("/text/slug/is-valid", test_slug_is_valid);
  g_test_add_func ("/text/slug/from-label", test_slug_from_label);
  g_test_add_func ("/text/file-name/clean", test_file_name);
  g_test_add_func ("/text/file-name/long", test_long_file_name);
  g_test_add_func ("/text/excerpt", test_excerpt);
  return g_test_run ();
}
