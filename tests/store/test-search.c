/* SPDX-License-Identifier: GPL-3.0-or-later
 * Finding tickets: by every word that has been written, for those who may read it, whatever is
 * typed. */
#include "fixture.h"

#include <string.h>

#define assert_finds(f, login, words, expected)                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found_ = fixture_search (f, login, words);                                    \
    g_assert_cmpstr (found_, ==, expected);                                                        \
  }                                                                                                \
  G_STMT_END

static void
test_where_words_are (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  DeskOp *op = fixture_op (&f, DESK_KIND_MESSAGE, "karen", t);

  desk_op_set_text (op, "It squeaks");
  desk_op_take_attachment (op, fixture_attachment (&f, "screenshot-of-error.png", "x", -1));
  assert_code (fixture_submit (&f, "karen", op), FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_STATUS, "resolved",
                           DESK_FIELD_RESOLUTION, "Lubricated", DESK_FIELD_STEPS, "Opened the tray",
                           DESK_FIELD_RECOMMENDATIONS, "Buy another", -1),
               FINE);
  fixture_file (&f, "karen", "Something else", -1);

  static const char *const words[] = { "printer", "squeaks",  "screenshot", "png",
                                       "error",   "lubricat", "tray",       "another" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      assert_finds (&f, "john", words[i], "Printer jams");
      assert_finds (&f, "karen", words[i], "Printer jams");
    }
  assert_finds (&f, "john", "nowhere", "");
}

static void
test_forms_of_words (void)
{
  FIXTURE (f);

  fixture_file (&f, "karen", "Gerätestörung im Büro", -1);
  assert_finds (&f, "john", "ger", "Gerätestörung im Büro");
  assert_finds (&f, "john", "GERATE", "Gerätestörung im Büro");
  assert_finds (&f, "john", "geräte büro", "Gerätestörung im Büro");
  assert_finds (&f, "john", "bu\xcc\x88ro", "Gerätestörung im Büro");
  assert_finds (&f, "john", "störung", "");
  assert_finds (&f, "john", "büro  geräte", "Gerätestörung im Büro");
}

/* A document is one event and the summary: words of two messages do not meet. */
static void
test_words_meet (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer", -1);

  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "first alpha", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "second beta", -1), FINE);
  assert_finds (&f, "john", "printer alpha", "Printer");
  assert_finds (&f, "john", "alpha first", "Printer");
  assert_finds (&f, "john", "alpha beta", "");
}

static void
test_newest_first (void)
{
  FIXTURE (f);
  const char *one = fixture_file (&f, "karen", "Word one", -1);
  g_autoptr (GPtrArray) rows = NULL;
  GError *error = NULL;

  fixture_file (&f, "karen", "Word two", -1);
  fixture_file (&f, "karen", "Word three", -1);
  assert_finds (&f, "john", "word", "Word three, Word two, Word one");
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", one, "the word again", -1), FINE);
  assert_finds (&f, "john", "word", "Word one, Word three, Word two");
  assert_finds (&f, "karen", "word", "Word three, Word two, Word one");
  rows = desk_search (f.db, fixture_person (&f, "john"), "word", 2, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
}

static void
test_numbers (void)
{
  FIXTURE (f);
  const char *t;

  fixture_set (&f, DESK_ENTRY_DESK, "desk", DESK_PROPERTY_NUMBER_FORMAT, "####");
  t = fixture_file (&f, "karen", "By number", -1);
  fixture_file (&f, "stranger", "Mentions 0001", -1);
  assert_finds (&f, "john", "#0001", "By number, Mentions 0001");
  assert_finds (&f, "john", " 0001 ", "By number, Mentions 0001");
  assert_finds (&f, "karen", "#0001", "By number");
  assert_finds (&f, "karen", "01", "By number");
  assert_finds (&f, "karen", "#1", "By number");
  assert_finds (&f, "stranger", "#0001", "Mentions 0001");
  assert_finds (&f, "john", t, "By number");
  assert_finds (&f, "stranger", t, "");
}

static void
test_isolation (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);
  const char *banking = fixture_file (&f, "stranger", "Banking is down", DESK_FIELD_TOPIC,
                                      "online-banking", -1);

  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "whisper", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "jane", banking, "murmur", -1), FINE);
  assert_finds (&f, "karen", "whisper", "");
  assert_finds (&f, "karen", "banking", "");
  assert_finds (&f, "stranger", "printer", "");
  assert_finds (&f, "john", "whisper", "Printer jams");
  assert_finds (&f, "john", "murmur", "");
  assert_finds (&f, "jane", "whisper", "");
  assert_finds (&f, "boss", "murmur", "Banking is down");
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_DEPARTMENT,
                           "online-banking", -1),
               FINE);
  assert_finds (&f, "jane", "whisper", "Printer jams");
  assert_finds (&f, "john", "whisper", "");
}

/* Scripts without spaces: any two signs that stand side by side are found. */
static void
test_without_spaces (void)
{
  static const struct
  {
    const char *words;
    gboolean found;
  } cases[] = {
    { "東京", TRUE },     { "京都", TRUE },         { "都", TRUE },         { "京", TRUE },
    { "東京都", TRUE },   { "東京都の銀行", TRUE }, { "銀行 東京", TRUE },  { "東都", FALSE },
    { "銀東", FALSE },    { "ATM", TRUE },          { "atmが使え", TRUE },  { "バンキ", TRUE },
    { "キング", TRUE },   { "ーネ", TRUE },         { "使えません", TRUE }, { "使えます", FALSE },
    { "登录网上", TRUE }, { "网上银行", TRUE },     { "뱅킹", TRUE },       { "온라인뱅", TRUE },
    { "로그", TRUE },     { "그인 뱅킹", TRUE },    { "인로", FALSE },      { "𠮷野", TRUE },
    { "ﾊﾞﾝ", TRUE },
  };
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen",
                                "東京都の銀行でATMが使えません。インターネットバンキング", -1);

  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t,
                           "无法登录网上银行，온라인뱅킹 로그인; 𠮷野家 ﾈｯﾄﾊﾞﾝｷﾝｸﾞ", -1),
               FINE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = fixture_search (&f, "john", cases[i].words);

      if ((*found != '\0') != cases[i].found)
        g_error ("“%s” is %sfound", cases[i].words, *found != '\0' ? "" : "not ");
    }
  fixture_check (f.db);
}

/* Her own number in somebody else's text does not make it hers. */
static void
test_owner_is_no_word (void)
{
  FIXTURE (f);
  g_autofree char *id = fixture_ask (f.db, "SELECT id FROM person WHERE login = 'karen'");
  g_autofree char *summary = g_strdup_printf ("Call %s", id);

  fixture_file (&f, "stranger", summary, -1);
  fixture_file (&f, "karen", "Mine", -1);
  assert_finds (&f, "karen", id, "");
  assert_finds (&f, "karen", "call", "");
  /* Nor does an agent find all that she filed by it. */
  assert_finds (&f, "john", id, summary);
}

static void
test_summary_moves (void)
{
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Printer jams", -1);

  assert_code (fixture_do (&f, DESK_KIND_MESSAGE, "karen", t, "alpha", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_NOTE, "john", t, "beta", -1), FINE);
  assert_code (fixture_do (&f, DESK_KIND_CHANGE, "john", t, NULL, DESK_FIELD_SUMMARY,
                           "Scanner is silent", -1),
               FINE);
  assert_finds (&f, "john", "printer", "");
  assert_finds (&f, "karen", "jams", "");
  assert_finds (&f, "john", "scanner", "Scanner is silent");
  assert_finds (&f, "john", "scanner alpha", "Scanner is silent");
  assert_finds (&f, "john", "silent beta", "Scanner is silent");
  assert_finds (&f, "karen", "silent beta", "");
  fixture_check (f.db);
}

/* However many words start that way; but a single letter is a word. */
static void
test_starts_of_words (void)
{
  static const struct
  {
    const char *word;
    guint n;
  } starts[] = {
    { "terminal", 60 }, { "termi", 60 }, { "term", 60 }, { "te", 60 }, { "t", 0 },
  };
  FIXTURE (f);

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *summary = g_strdup_printf ("Terminal%02u", i);

      fixture_file (&f, "karen", summary, -1);
    }
  fixture_file (&f, "karen", "Plan b", -1);
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray)
          rows = desk_search (f.db, fixture_person (&f, "john"), starts[i].word, 100, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (rows->len, ==, starts[i].n);
    }
  assert_finds (&f, "john", "terminal07", "Terminal07");
  assert_finds (&f, "john", "terminal99", "");
  assert_finds (&f, "karen", "terminal59 ter", "Terminal59");
  assert_finds (&f, "john", "b", "Plan b");
  assert_finds (&f, "john", "p", "");
}

/* --- whatever is typed --- */

static void
search_all (Fixture *f, const char *words)
{
  static const char *const logins[] = { "john", "karen" };

  for (guint i = 0; i < G_N_ELEMENTS (logins); i++)
    {
      g_autofree char *found = fixture_search (f, logins[i], words);
      g_assert_nonnull (found);
    }
}

static void
test_hostile_input (void)
{
  static const char *const inputs[] = {
    "",
    " ",
    "\"",
    "\"\"",
    "'",
    "*",
    "**",
    "a*",
    "\"a\" *",
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "a AND",
    "AND a",
    "a OR b",
    "NOT a",
    "NEAR(a b)",
    "NEAR (a, 2)",
    "(",
    ")",
    "((a",
    "a)",
    "words:a",
    "owner:1",
    "owner : 1",
    "- owner : a",
    "{words owner} : a",
    "^a",
    "a + b",
    "a^2",
    "-a",
    "a:b",
    "rowid",
    "text_public",
    "%",
    "_",
    "\\",
    "\\\"",
    "\x01\x02\x7f",
    "\t\r\n",
    "a\nb",
    ";--",
    "'; DROP TABLE event; --",
    "\xff",
    "a\xff"
    "b",
    "\xc3\x28",
    "\xed\xa0\x80",
    "\xf4\x90\x80\x80",
    "\xe2\x80\xae"
    "abc",
    "a\xe2\x80\x8b"
    "b",
    "\xef\xbf\xbd",
    "\xef\xbf\xbe",
    "😀",
    "x😀y",
    "👩‍👩‍👧",
    "漢字",
    "日本語のテキスト",
    "한국어",
    "العربية",
    "اَلْعَرَبِيَّةُ",
    "हिन्दी में",
    "ภาษาไทย",
    "שָׁלוֹם",
    "e\xcc\x81",
    "ﬁ",
    "ß",
    "İ",
    "ı",
    "Ω",
    "½",
    "①",
    "Ⅷ",
    "٣",
    "\xee\x80\x80",
    "\xf3\xb0\x80\x80",
  };
  g_autofree char *huge = g_strnfill (1024 * 1024, 'a');
  g_autoptr (GString) many = g_string_new (NULL);
  FIXTURE (f);
  const char *t = fixture_file (&f, "karen", "Subject", -1);

  for (guint i = 0; i < G_N_ELEMENTS (inputs); i++)
    {
      search_all (&f, inputs[i]);
      /* It may be written as well. */
      fixture_do (&f, DESK_KIND_NOTE, "john", t, inputs[i], -1);
    }
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (many, "word%u ", i);
  search_all (&f, huge);
  search_all (&f, many->str);
  fixture_check (f.db);
}

/* No sign of Unicode, of whatever age, makes a question that SQLite does not understand. */
static void
test_every_character (void)
{
  FIXTURE (f);

  for (gunichar c = 1; c <= 0x10ffff; c += c < 0x3000 ? 1 : 37)
    {
      char text[16];
      int length;

      if (c >= 0xd800 && c <= 0xdfff)
        continue;
      text[0] = 'x';
      length = 1 + g_unichar_to_utf8 (c, text + 1);
      text[length] = 'y';
      text[length + 1] = '\0';
      search_all (&f, text);
    }
}

/* What somebody wrote in their own script is found by the words that the script has. */
static void
test_scripts (void)
{
  static const char *const found[][2] = {
    { "Ошибка печати", "ошибк" },
    { "Σφάλμα", "σφάλμ" },
    { "العربية خطأ", "العرب" },
    { "שגיאה במדפסת", "שגיא" },
    { "日本語 テキスト", "日本" },
    { "한국어 오류", "한국" },
    { "हिन्दी त्रुटि", "हिन्दी" },
    { "ภาษาไทย", "ภาษา" },
    { "Straße", "straß" },
    { "Đường dây", "đuong" },
    { "x² = ½", "x²" },
  };
  FIXTURE (f);

  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    {
      fixture_file (&f, "karen", found[i][0], -1);
      assert_finds (&f, "john", found[i][1], found[i][0]);
    }
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/search/finds-every-kind-of-text", test_where_words_are);
  g_test_add_func ("/search/forms-of-words", test_forms_of_words);
  g_test_add_func ("/search/words-meet-in-an-event", test_words_meet);
  g_test_add_func ("/search/newest-first", test_newest_first);
  g_test_add_func ("/search/numbers", test_numbers);
  g_test_add_func ("/search/finds-all-words-that-start-so", test_starts_of_words);
  g_test_add_func ("/search/isolation", test_isolation);
  g_test_add_func ("/search/owner-is-no-word", test_owner_is_no_word);
  g_test_add_func ("/search/summary-moves", test_summary_moves);
  g_test_add_func ("/search/hostile-input", test_hostile_input);
  g_test_add_func ("/search/every-character", test_every_character);
  g_test_add_func ("/search/scripts", test_scripts);
  g_test_add_func ("/search/without-spaces", test_without_spaces);
  return g_test_run ();
}
