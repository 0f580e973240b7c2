/* SPDX-License-Identifier: GPL-3.0-or-later
 * Formats of ticket numbers. */
#include "desk-number.h"

static const struct
{
  const char *format;
  guint places; /* 0: not valid */
  guint64 value;
  const char *number;
} cases[] = {
  { "####", 4, 42, "0042" },
  { "####", 4, 12345, "12345" },
  { "#", 1, 0, "0" },
  { "BK-####", 4, 42, "BK-0042" },
  { "##-###", 5, 123, "00-123" },
  { "##-###", 5, 1234567, "12-34567" },
  { "###/#x", 4, 98765, "987/65x" },
  { "\\##", 1, 7, "#7" },
  { "\\##", 1, 77, "#77" },
  { "#\\#", 1, 77, "77#" },
  { "#\\##", 2, 123, "1#23" },
  { "\\a#", 1, 5, "\\a5" },
  { "Büro #", 1, 5, "Büro 5" },
  { "###############", 15, 1, "000000000000001" },
  { "#", 1, G_MAXUINT64, "18446744073709551615" },
  { NULL, 0, 0, NULL },
  { "", 0, 0, NULL },
  { "BK", 0, 0, NULL },
  { "\\#", 0, 0, NULL },
  { "################", 0, 0, NULL },
  { "a\n#", 0, 0, NULL },
  { "#\u202e", 0, 0, NULL },
  { " #", 0, 0, NULL },
  { "# ", 0, 0, NULL },
  { "\xff#", 0, 0, NULL },
  { "0123456789012345678901234567890#", 1, 1, "01234567890123456789012345678901" },
  { "01234567890123456789012345678901#", 0, 0, NULL },
};

static void
test_formats (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *number = NULL;

      g_test_message ("%u", i);
      g_assert_cmpint (desk_number_format_is_valid (cases[i].format), ==, cases[i].places != 0);
      if (cases[i].places == 0)
        continue;
      g_assert_cmpuint (desk_number_format_count_places (cases[i].format), ==, cases[i].places);
      number = desk_number_format_render (cases[i].format, cases[i].value);
      g_assert_cmpstr (number, ==, cases[i].number);
    }
}

/* Widening never makes two values look alike. */
static void
test_unique (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint64 value = 0; value < 20000; value++)
    g_assert_true (g_hash_table_add (seen, desk_number_format_render ("#-##", value)));
}

static const struct
{
  const char *format;
  const char *text;
  const char *number;
} completed[] = {
  { "####", "42", "0042" },
  { "####", "042", "0042" },
  { "####", "0042", NULL },
  { "####", "10042", NULL },
  { "####", "00042", "0042" },
  { "BK-####", "42", "BK-0042" },
  { "#-##", "7", "0-07" },
  { "####", "", NULL },
  { "####", "4x", NULL },
  { "####", "-4", NULL },
  { "####", "4 ", NULL },
  { "####", "BK-42", NULL },
  { "#", "999999999999999", NULL },
  { "BK-#", "9999999999999999", NULL },
};

static void
test_completed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (completed); i++)
    {
      g_autofree char *number = desk_number_format_complete (completed[i].format,
                                                             completed[i].text);

      g_test_message ("%s", completed[i].text);
      g_assert_cmpstr (number, ==, completed[i].number);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/formats", test_formats);
  g_test_add_func ("/number/stays-unique", test_unique);
  g_test_add_func ("/number/is-completed", test_completed);
  return g_test_run ();
}
