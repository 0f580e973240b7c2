/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pages: written and read back they are the same, as text too, and crooked ones are refused. */
#include "desk-page.h"

#include <string.h>

#include "desk-error.h"

#define UID "01890a5d-ac96-774b-bcce-b302099a8051"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define TICKET                                                                                     \
  "{\"uid\":\"" UID "\",\"number\":\"1042\",\"summary\":\"Ü \\\"x\\\" \\\\ \\n\\t\\u0001\","        \
  "\"requester\":\"" UID "\",\"status\":\"open\",\"department\":\"support\",\"priority\":"         \
  "\"normal\",\"due_at\":7,\"no\":2,\"public_no\":1,\"created_at\":1,\"updated_at\":2,"            \
  "\"public_at\":1}"
#define EVENT                                                                                      \
  "{\"uid\":\"" UID "\",\"ticket\":\"" UID "\",\"no\":1,\"public_no\":1,\"kind\":\"created\","     \
  "\"audience\":\"public\",\"text\":\"</b>\\u007f 𝄞\",\"changes\":[{\"field\":\"summary\","        \
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

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = parse (cases[i].text);

      g_assert_null (desk_page_from_json (node, &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/there-and-back", test_there_and_back);
  g_test_add_func ("/page/entries", test_entries);
  g_test_add_func ("/page/not-text", test_not_text);
  g_test_add_func ("/page/every-byte", test_every_byte);
  g_test_add_func ("/page/crooked", test_crooked);
  return g_test_run ();
}
