/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages: written and read back they are the same, as text too, and crooked ones are refused. */
#include "desk-page.h"

#include <string.h>

#include "desk-error.h"

#define UID "01890a5d-ac96-774b-bcce-b302099a8051"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define TICKET                                                                                     \
  "{\"uid\":\"" UID "\",\"number\":\"1042\",\"summary\":\"Ü \\\"x\\\" \\\\ \\n\\t\\u0001\","      \
  "\"requester\":\"" UID "\",\"status\":\"open\",\"department\":\"support\",\"priority\":"         \
  "\"normal\",\"due_at\":7,\"no\":2,\"public_no\":1,\"created_at\":1,\"updated_at\":2,"            \
  "\"public_at\":1}"
#define EVENT                                                                                      \
  "{\"uid\":\"" UID "\",\"ticket\":\"" UID "\",\"no\":1,\"public_no\":1,\"kind\":\"created\","     \
  "\"audience\":\"public\",\"text\":\"</b>\\u007f 𝄞\",\"changes\":[{\"field\":\"summary\","     \
  "\"from\":null,\"to\":\"\"},{\"field\":\"due_at\",\"from\":7,\"to\":null}],\"attachments\":["    \
  "{\"name\":\"a b\",\"type\":\"text/plain\",\"size_bytes\":0,\"sha256\":\"" SHA "\"}],"           \
  "\"author\":\"" UID "\",\"via\":\"cli\",\"accepted_at\":1790000000,\"redacted\":true}"
#define PERSON                                                                                     \
  "{\"uid\":\"" UID "\",\"login\":\"john\",\"name\":\"John\",\"role\":\"agent\","                  \
  "\"departments\":[\"support\",\"fraud\"],\"teams\":[],\"revision\":1}"

static const char *const pages[] = {
  "{\"tickets\":[]}",
  "{\"gone\":[\"" UID "\"],\"tickets\":[],\"next\":\"abc_-\",\"more\":true,\"server_time\":5}",
  "{\"entries\":[{\"kind\":\"topic\",\"slug\":\"printing\",\"label\":\"Printing\",\"revision\":3,"
  "\"priority\":\"high\"}],\"people\":[" PERSON "],\"tickets\":[{\"ticket\":" TICKET
  ",\"internal\":true,\"seen_no\":2,\"events\":[" EVENT "," EVENT "]},{\"ticket\":" TICKET
  "}],\"next\":\"x\",\"server_time\":1790000000}",
};

static JsonNode *
parse (const char *text)
{
  GError *error = NULL;
  JsonNode *node = desk_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return node;
}

static void
test_there_and_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) first = parse (pages[i]);
      g_autoptr (DeskPage) page = desk_page_from_json (first, &error);
      g_autoptr (JsonNode) again = NULL, as_text = NULL;
      g_autofree char *text = NULL;
      gsize length;

      g_assert_no_error (error);
      again = desk_page_to_json (page);
      g_assert_true (json_node_equal (first, again));
      text = desk_page_to_string (page, &length);
      g_assert_cmpuint (length, ==, strlen (text));
      as_text = parse (text);
      g_assert_true (json_node_equal (first, as_text));
    }
}

/* What was read a minute ago is the same page at another time. */
static void
test_time (void)
{
  static const gint64 times[] = { 7, 1790000000, 17900000000 };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    for (guint j = 0; j < G_N_ELEMENTS (times); j++)
      {
        g_autoptr (JsonNode) node = parse (pages[i]);
        g_autoptr (DeskPage) page = desk_page_from_json (node, NULL);
        g_autoptr (GBytes) text = NULL;
        g_autofree char *expected = NULL, *got = NULL;
        gsize length;
        char *old;

        page->server_time = 1790000000;
        old = desk_page_to_string (page, &length);
        text = g_bytes_new_take (old, length);
        got = desk_page_text_at (text, times[j], &length);
        page->server_time = times[j];
        expected = desk_page_to_string (page, NULL);
        g_assert_cmpstr (got, ==, expected);
        g_assert_cmpuint (length, ==, strlen (expected));
      }
}

/* Both ways of reading a text come to the same. */
static void
assert_read_alike (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL, error_of_text = NULL;
  g_autoptr (JsonNode) node = desk_json_parse (text, length, &error);
  g_autoptr (DeskPage) page = node != NULL ? desk_page_from_json (node, &error) : NULL;
  g_autoptr (DeskPage) of_text = desk_page_from_text (text, length, &error_of_text);
  g_autofree char *first = NULL, *second = NULL;

  g_assert_true ((page == NULL) == (error != NULL));
  g_assert_true ((of_text == NULL) == (error_of_text != NULL));
  /* Nodes hold the second of two members of one name, whatever the first was. */
  if (page != NULL && of_text == NULL)
    {
      g_autofree char *once = desk_json_to_string (node, FALSE);

      of_text = desk_page_from_text (once, strlen (once), NULL);
    }
  if ((page == NULL) != (of_text == NULL))
    g_error ("%.*s\n%s\n%s", (int) length, text, error != NULL ? error->message : "fine",
             error_of_text != NULL ? error_of_text->message : "fine");
  if (page == NULL)
    return;
  first = desk_page_to_string (page, NULL);
  second = desk_page_to_string (of_text, NULL);
  g_assert_cmpstr (first, ==, second);
}

static void
test_text (void)
{
  static const char *const others[] = {
    " { \"tickets\" : [ ] , \"more\" : true } ",
    "{\"tickets\":[],\"x\":{\"a\":[1,-2.5e3,null,{}],\"b\":\"\\\"}\"},\"more\":false}",
    "{\"\\u0074ickets\":[],\"next\":\"\\ud834\\udd1e \\/ \\u00e9\\b\\f\\n\\r\\t\\\\\"}",
    "{\"tickets\":[],\"more\":null,\"people\":null}",
    "{\"tickets\":null}",
    "{\"tickets\":[],}",
    "{\"tickets\":[,]}",
    "{\"tickets\":[]\"more\":true}",
    "{\"tickets\"[]}",
    "{\"tickets\":[]]",
    "{\"tickets\":[],\"x\":{\"a\"}}",
    "{\"tickets\":[],\"x\":[1 2]}",
    "{\"tickets\":[],\"x\":[1,]}",
    "{\"tickets\":[],\"more\":\"true\"}",
    "{\"tickets\":[],\"server_time\":9223372036854775807}",
    "{\"tickets\":[],\"server_time\":-0}",
    "{\"tickets\":[],\"server_time\":1e3}",
    "{\"tickets\":[],\"people\":[{\"uid\":\"" UID "\",\"role\":\"agent\",\"teams\":[7]}]}",
    "[]",
    "",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    assert_read_alike (pages[i], strlen (pages[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_read_alike (others[i], strlen (others[i]));
}

/* A good text with some bytes gone, changed or said twice. */
static GString *
spoil (const char *text)
{
  static const char signs[] = "{}[]\",:\\0-9tfnu \n";
  GString *spoiled = g_string_new (text);

  for (int n = g_test_rand_int_range (1, 4); n > 0 && spoiled->len > 0; n--)
    {
      int at = g_test_rand_int_range (0, (int) spoiled->len);
      int wanted = g_test_rand_int_range (1, 30);
      int length = MIN (wanted, (int) spoiled->len - at);
      g_autofree char *piece = g_strndup (spoiled->str + at, (gsize) length);

      switch (g_test_rand_int_range (0, 3))
        {
        case 0:
          g_string_erase (spoiled, at, length);
          break;
        case 1:
          spoiled->str[at] = signs[g_test_rand_int_range (0, (int) sizeof signs - 1)];
          break;
        default:
          g_string_insert (spoiled, at, piece);
        }
    }
  return spoiled;
}

static void
test_spoiled_text (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      GString *spoiled = spoil (pages[i % G_N_ELEMENTS (pages)]);

      assert_read_alike (spoiled->str, spoiled->len);
      g_string_free (spoiled, TRUE);
    }
}

/* Absent entries are as they were; a page that has none at all says so. */
static void
test_entries (void)
{
  g_autoptr (JsonNode) node = parse (pages[0]);
  g_autoptr (DeskPage) page = desk_page_from_json (node, NULL);

  g_assert_null (page->entries);
  g_assert_nonnull (page->people);
  g_assert_nonnull (page->gone);
}

/* What core has not cleaned yet need not be text; JSON has to be. */
static void
test_not_text (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (UID);
  g_autoptr (DeskPage) page = desk_page_new ();
  g_autoptr (JsonNode) node = NULL, as_text = NULL;
  g_autofree char *text = NULL;

  g_free (ticket->summary);
  ticket->summary = g_strdup ("a\xff\xfe z");
  g_ptr_array_add (page->puts, desk_put_new (ticket, TRUE));
  node = desk_page_to_json (page);
  text = desk_page_to_string (page, NULL);
  as_text = parse (text);
  g_assert_true (json_node_equal (node, as_text));
}

/* Every byte that a text may have. */
static void
test_every_byte (void)
{
  g_autoptr (DeskPage) page = desk_page_new ();
  g_autoptr (DeskPage) again = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  char every[128];

  for (guint i = 1; i < sizeof every; i++)
    every[i - 1] = (char) i;
  every[127] = '\0';
  page->next = g_strdup (every);
  text = desk_page_to_string (page, NULL);
  node = parse (text);
  again = desk_page_from_json (node, NULL);
  g_assert_cmpstr (again->next, ==, every);
}

static void
test_crooked (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } cases[] = {
    { "[]", "“page” is not an object" },
    { "{}", "“tickets” is not there" },
    { "{\"tickets\":{}}", "“tickets” is not an array" },
    { "{\"tickets\":[7]}", "tickets[0]: “put” is not an object" },
    { "{\"tickets\":[{}]}", "tickets[0]: “ticket” is not there" },
    { "{\"tickets\":[{\"ticket\":{}}]}", "tickets[0]: ticket: “uid” is not there" },
    { "{\"tickets\":[],\"gone\":[\"x\"]}", "gone[0]: “uid” is not a UUID in small letters" },
    { "{\"tickets\":[],\"people\":[{}]}", "people[0]: “uid” is not there" },
    { "{\"tickets\":[],\"entries\":7}", "“entries” is not an array" },
    { "{\"tickets\":[],\"more\":1}", "“more” is not true or false" },
    { "{\"tickets\":[],\"server_time\":-1}", "“server_time” is not a whole number from 0" },
    { "{\"tickets\":[{\"ticket\":" TICKET ",\"events\":[{\"uid\":1}]}]}",
      "tickets[0]: events[0]: “uid” is not a text" },
  };
  static const char twice[] = "{\"more\":true,\"tickets\":[],\"more\":null}";
  g_autoptr (GError) reason = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = parse (cases[i].text);

      g_assert_null (desk_page_from_json (node, &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_clear_error (&error);
      g_assert_null (desk_page_from_text (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
  g_assert_null (desk_page_from_text (twice, strlen (twice), &reason));
  g_assert_cmpstr (reason->message, ==, "“more” is not there once only");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/there-and-back", test_there_and_back);
  g_test_add_func ("/page/can-be-told-at-another-time", test_time);
  g_test_add_func ("/page/entries", test_entries);
  g_test_add_func ("/page/not-text", test_not_text);
  g_test_add_func ("/page/every-byte", test_every_byte);
  g_test_add_func ("/page/crooked", test_crooked);
  g_test_add_func ("/page/text", test_text);
  g_test_add_func ("/page/spoiled-text", test_spoiled_text);
  return g_test_run ();
}
