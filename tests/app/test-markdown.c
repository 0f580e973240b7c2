/* SPDX-License-Identifier: GPL-3.0-or-later
 * Markdown of strangers: what becomes of each form, and of what was written to do harm. */
#include "desk-markdown.h"

#include <pango/pango.h>
#include <string.h>

/* One block as a line: kind, quotes, lists, marker, content. */
static char *
describe (const char *text)
{
  static const char kinds[] = { 'T', 'H', 'C', 'R' };
  g_autoptr (GPtrArray) blocks = desk_markdown_parse (text);
  GString *lines = g_string_new (NULL);

  if (blocks == NULL)
    return g_string_free (g_string_append (lines, "plain"), FALSE);
  for (guint i = 0; i < blocks->len; i++)
    {
      const DeskBlock *block = g_ptr_array_index (blocks, i);

      g_string_append_printf (lines, "%s%c%u%u%s[%s]", i > 0 ? "\n" : "", kinds[block->kind],
                              block->quotes, block->lists,
                              block->marker != NULL ? block->marker : "", block->content);
    }
  return g_string_free (lines, FALSE);
}

#define LINK(uri, words) "<a href=\"" uri "\" title=\"" uri "\">" words "</a>"
#define ASIDE(words)     " (\xe2\x81\xa8" words "\xe2\x81\xa9)"

static const struct
{
  const char *text;
  const char *blocks;
} cases[] = {
  /* what people write */
  { "Hello", "T00[Hello]" },
  { "one\ntwo  \nthree", "T00[one\ntwo\nthree]" },
  { "one\n\ntwo", "T00[one]\nT00[two]" },
  { "*a* **b** ***c*** ~~d~~ `e`", "T00[<i>a</i> <b>b</b> <i><b>c</b></i> <s>d</s> <tt>e</tt>]" },
  { "# Big\ntext", "H00[Big]\nT00[text]" },
  { "#1042 is open", "T00[#1042 is open]" },
  { "- a\n- b\n  - c", "T01•[a]\nT01•[b]\nT02•[c]" },
  { "3. a\n4. b\n\n   more of b", "T013.[a]\nT014.[b]\nT01[more of b]" },
  { "1) a", "T011)[a]" },
  { "- [ ] a\n- [x] b", "T01☐[a]\nT01☑[b]" },
  { "> a\n>> b\n\nc", "T10[a]\nT20[b]\nT00[c]" },
  { "```\na <b>\n  c\n```", "C00[a <b>\n  c]" },
  { "    four spaces", "T00[four spaces]" },
  { "a\n\n---\n\nb", "T00[a]\nR00[]\nT00[b]" },
  { "|a|bb|\n|---|---|\n|ccc|*d*|", "C00[a    bb\n───  ──\nccc  d]" },
  { "", "" },
  { "  \n ", "" },
  /* links */
  { "[x](https://a.example/?b=1&c)", "T00[<a href=\"https://a.example/?b=1&amp;c\" "
                                     "title=\"https://a.example/?b=1&amp;amp;c\">x</a>]" },
  { "http://a.example", "T00[" LINK ("http://a.example", "http://a.example") "]" },
  { "www.a.example", "T00[" LINK ("http://www.a.example", "www.a.example") "]" },
  { "<karen@a.example>", "T00[" LINK ("mailto:karen@a.example", "karen@a.example") "]" },
  { "[x](mailto:a@b.c)", "T00[" LINK ("mailto:a@b.c", "x") "]" },
  { "[x](HTTPS://a.example)", "T00[" LINK ("HTTPS://a.example", "x") "]" },
  { "![a picture](http://a.example/p.png)", "T00[a picture]" },
  { "![](http://a.example/p.png)", "T00[" ASIDE ("http://a.example/p.png") "]" },
  { "[![p](q.png)](http://a.example)", "T00[" LINK ("http://a.example", "p") "]" },
  /* links that are none */
  { "[x](javascript:alert%281%29)", "T00[x" ASIDE ("javascript:alert%281%29") "]" },
  { "[x](JaVaScRiPt:a)", "T00[x" ASIDE ("JaVaScRiPt:a") "]" },
  { "[x](&#106;avascript:a)", "T00[x" ASIDE ("&amp;#106;avascript:a") "]" },
  { "[x](data:text/html,a)", "T00[x" ASIDE ("data:text/html,a") "]" },
  { "[x](file:///etc/passwd)", "T00[x" ASIDE ("file:///etc/passwd") "]" },
  { "[x](http:a)", "T00[x" ASIDE ("http:a") "]" },
  { "[x](https://)", "T00[x" ASIDE ("https://") "]" },
  { "[x](<http://a b>)", "T00[x" ASIDE ("http://ab") "]" },
  { "[x](http://a\xe2\x80\xae"
    "b)",
    "T00[x" ASIDE ("http://ab") "]" },
  /* words that pretend to be another address */
  { "[https://bank.example](https://evil.example/a)",
    "T00[" LINK ("https://evil.example/a", "https://bank.example") ASIDE ("evil.example") "]" },
  { "[bank.example](http://bank.example@evil.example:8080)",
    "T00[" LINK ("http://bank.example@evil.example:8080", "bank.example")
        ASIDE ("evil.example:8080") "]" },
  { "[https://a.example/](https://a.example)",
    "T00[" LINK ("https://a.example", "https://a.example/") "]" },
  /* markup that is none of ours */
  { "<b>&amp;", "T00[&lt;b&gt;&amp;amp;]" },
  { "<script>alert(1)</script>", "T00[&lt;script&gt;alert(1)&lt;/script&gt;]" },
  { "<div>\n*a*", "T00[&lt;div&gt;\n<i>a</i>]" },
  { "<span size=\"999999\">a</span>", "T00[&lt;span size=&quot;999999&quot;&gt;a&lt;/span&gt;]" },
  { "[<b>](http://a.example/\"><b>)",
    "T00[<a href=\"http://a.example/&quot;&gt;&lt;b&gt;\" "
    "title=\"http://a.example/&amp;quot;&amp;gt;&amp;lt;b&amp;gt;\">&lt;b&gt;</a>]" },
  /* nothing is swallowed */
  { "[INFO]: started", "T00[[INFO]: started]" },
  { "> [a]: http://b.example", "T10[[a]: " LINK ("http://b.example", "http://b.example") "]" },
  { "```\n[a]: b\n```", "C00[[a]: b]" },
  { "> > >", "plain" },
  /* things left open */
  { "**a", "T00[**a]" },
  { "`a", "T00[`a]" },
  { "[a](", "T00[[a](]" },
  { "```\na", "C00[a]" },
  { "<!-- a", "T00[&lt;!-- a]" },
};

static void
check_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *blocks = describe (cases[i].text);

  g_assert_cmpstr (blocks, ==, cases[i].blocks);
}

/* --- what is true of any text --- */

static void
check_links (const char *markup)
{
  for (const char *at = strstr (markup, "<a href=\""); at != NULL;
       at = strstr (at + 1, "<a href=\""))
    {
      const char *uri = at + strlen ("<a href=\"");

      g_assert_true (g_ascii_strncasecmp (uri, "http://", 7) == 0 ||
                     g_ascii_strncasecmp (uri, "https://", 8) == 0 ||
                     g_ascii_strncasecmp (uri, "mailto:", 7) == 0);
    }
}

/* Links are a label's own, the rest has to be Pango's. */
static void
check_markup (const DeskBlock *block)
{
  g_autoptr (GRegex)
      links = g_regex_new ("</?a( href=\"[^\"<>]*\" title=\"[^\"<>]*\")?>", 0, 0, NULL);
  g_autofree char *rest = g_regex_replace_literal (links, block->content, -1, 0, "", 0, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_utf8_validate (block->content, -1, NULL));
  if (block->kind == DESK_BLOCK_CODE)
    return;
  check_links (block->content);
  pango_parse_markup (rest, -1, 0, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
check_any (const char *text)
{
  g_autoptr (GPtrArray) blocks = desk_markdown_parse (text);

  for (guint i = 0; blocks != NULL && i < blocks->len; i++)
    {
      const DeskBlock *block = g_ptr_array_index (blocks, i);

      g_assert_cmpuint (block->quotes, <=, DESK_MARKDOWN_MAX_DEPTH);
      g_assert_cmpuint (block->lists, <=, DESK_MARKDOWN_MAX_DEPTH);
      check_markup (block);
    }
}

static char *
repeat (const char *text, guint n)
{
  GString *all = g_string_new (NULL);

  while (n-- > 0)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

/* Each once took a parser of Markdown more than linear time, or a deep stack. A minute is no
 * measure of speed; it only tells an end from none. */
static void
check_floods (void)
{
  static const char *const floods[] = {
    "> ",     "- ",   "1) ",    "> - ", "- a\n",  "> a\n",  "* * * a\n", " a\n",
    "[",      "[a](", "![[]()", "*a ",  "**a*b ", "_a*b__", "`a``b```",  "<a ",
    "<",      "<!--", "<?",     "&a",   "\\",     "(",      "[a]: b\n",  "http://",
    "www.a.", "a@a.", "~~a~",   "*_",   "|a",     "|",      "a",         "\xf0\x9f\x98\x80",
    "```\n",  "# ",   "---\n",
  };
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autofree char *text = repeat (floods[i], 100000 / strlen (floods[i]));
      g_autofree char *ended = g_strconcat (text, "x](y) **\n", NULL);

      check_any (text);
      check_any (ended);
    }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 60 * G_USEC_PER_SEC);
}

static void
check_deep_quotes (void)
{
  g_autofree char *text = repeat ("> ", 10000);
  g_autofree char *ended = g_strconcat (text, "at the bottom", NULL);
  g_autofree char *blocks = describe (ended);

  g_assert_cmpstr (blocks, ==, "T60[at the bottom]");
}

static void
check_wide_table (void)
{
  g_autofree char *head = repeat ("|a", 2000);
  g_autofree char *line = repeat ("|---", 2000);
  g_autofree char *rows = repeat ("|\n", 20000);
  g_autofree char *text = g_strconcat (head, "\n", line, "\n", rows, NULL);

  check_any (text);
}

/* Every text that chance makes of these pieces. */
static void
check_chance (void)
{
  static const char *const pieces[] = {
    "*",           "**",
    "_",           "`",
    "```",         "~~",
    "[",           "]",
    "(",           ")",
    "](",          "![",
    "<",           ">",
    "&",           "&amp;",
    "\"",          "'",
    "#",           "- ",
    "1. ",         "> ",
    "|",           "---",
    "\n",          "\n\n",
    " ",           "    ",
    "\\",          "http://a",
    "javascript:", "a",
    "é",           "\xe2\x80\xae",
    "\xff",        "\x01",
    "[a]:",        "www.",
    "@",           ".",
    "<b>",         "</a>",
    "\t",          "[x]",
    ":",           "/",
  };
  GRand *random = g_rand_new_with_seed (1042);

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint n = g_rand_int_range (random, 0, 40); n > 0; n--)
        g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
      check_any (text->str);
    }
  g_rand_free (random);
}

static void
check_uris (void)
{
  g_autofree char *path = repeat ("a", 3000);
  g_autofree char *endless = g_strconcat ("http://", path, NULL);

  g_assert_true (desk_markdown_allows_uri ("http://a"));
  g_assert_true (desk_markdown_allows_uri ("MAILTO:a@b"));
  g_assert_false (desk_markdown_allows_uri (""));
  g_assert_false (desk_markdown_allows_uri ("ftp://a"));
  g_assert_false (desk_markdown_allows_uri (" http://a"));
  g_assert_false (desk_markdown_allows_uri ("http://a\nb"));
  g_assert_false (desk_markdown_allows_uri (endless));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/markdown/case/%u", i + 1);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), check_case);
    }
  g_test_add_func ("/markdown/survives-floods", check_floods);
  g_test_add_func ("/markdown/survives-10000-quotes", check_deep_quotes);
  g_test_add_func ("/markdown/survives-a-wide-table", check_wide_table);
  g_test_add_func ("/markdown/is-well-formed-by-chance", check_chance);
  g_test_add_func ("/markdown/links-to-the-web-and-to-mail-only", check_uris);
  return g_test_run ();
}
