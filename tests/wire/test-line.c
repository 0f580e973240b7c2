/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of an export: written and read back they are the same, and crooked ones are refused. */
#include "desk-line.h"

#include <string.h>

#include "desk-error.h"

#define UID "01890a5d-ac96-774b-bcce-b302099a8051"
#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const lines[] = {
  "{\"format\":\"deskbell-export/1\",\"desk\":\"" UID "\"}",
  "{\"entry\":{\"kind\":\"topic\",\"slug\":\"online-banking\",\"label\":\"Online \\\"x\\\"\","
  "\"revision\":3,\"priority\":\"high\"}}",
  "{\"erased\":{\"uid\":\"" UID "\",\"at\":1790000000}}",
  "{\"person\":{\"uid\":\"" UID "\",\"login\":\"karen\",\"name\":\"Karen\",\"role\":\"requester\","
  "\"departments\":[],\"teams\":[\"night\"],\"revision\":1}}",
  "{\"audit\":{\"at\":1790000000,\"author\":\"" UID "\",\"subject\":\"topic/x\",\"revision\":0,"
  "\"content\":\"{\\\"a\\\":1}\"}}",
  "{\"sequence\":{\"name\":\"\",\"last\":1042}}",
  "{\"blob\":{\"sha256\":\"" SHA "\",\"size_bytes\":4,\"position\":0,\"data\":\"AAH+/w==\"}}",
  "{\"blob\":{\"sha256\":\"" SHA "\",\"size_bytes\":0,\"position\":0,\"data\":\"\"}}",
  "{\"event\":{\"uid\":\"" UID "\",\"ticket\":\"" UID "\",\"no\":1,\"public_no\":1,"
  "\"kind\":\"created\",\"audience\":\"public\",\"text\":\"Ü\\n\",\"changes\":[{\"field\":"
  "\"summary\",\"from\":null,\"to\":\"\"},{\"field\":\"due_at\",\"from\":7,\"to\":null}],"
  "\"attachments\":[{\"name\":\"a b\",\"type\":\"text/plain\",\"size_bytes\":0,\"sha256\":\"" SHA
  "\"}],\"author\":\"" UID "\",\"via\":\"import\",\"accepted_at\":1790000000,\"redacted\":true},"
  "\"digest\":\"0123456789abcdef0123456789abcdef\"}",
  "{\"seen\":{\"ticket\":\"" UID "\",\"uid\":\"" UID "\",\"no\":7}}",
  "{\"end\":{\"lines\":9}}",
};

static void
test_there_and_back (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DeskLine) line = desk_line_parse (lines[i], strlen (lines[i]), &error);
      g_autofree char *again = NULL;

      g_assert_no_error (error);
      again = desk_line_to_string (line);
      g_assert_cmpstr (again, ==, lines[i]);
    }
}

static void
test_bytes (void)
{
  g_autoptr (DeskLine) line = desk_line_parse (lines[6], strlen (lines[6]), NULL);
  gsize size;
  const guint8 *data = g_bytes_get_data (line->data, &size);

  g_assert_cmpmem (data, size, "\0\1\xfe\xff", 4);
  g_assert_cmpstr (line->sha256, ==, SHA);
  g_assert_cmpint (line->size_bytes, ==, 4);
}

/* What a later version may add. */
static void
test_unknown_members (void)
{
  static const char text[] = "{\"sequence\":{\"name\":\"a\",\"last\":1,\"step\":2},\"why\":[{}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskLine) line = desk_line_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpint (line->kind, ==, DESK_LINE_SEQUENCE);
  g_assert_cmpint (line->last, ==, 1);
}

static const struct
{
  const char *text;
  const char *reason;
} refusals[] = {
  { "", "not a JSON object" },
  { "{\"event\":{\"uid\":\"" UID, "does not end" },
  { "[]", "nothing that an export has" },
  { "{}", "nothing that an export has" },
  { "{\"article\":{}}", "nothing that an export has" },
  { "{\"format\":\"x\"}", "“desk”" },
  { "{\"erased\":7}", "“erased” is not an object" },
  { "{\"erased\":{\"uid\":\"karen\",\"at\":1}}", "“uid” is not a UUID" },
  { "{\"sequence\":{\"name\":\"\",\"last\":-1}}", "“last” is not a whole number" },
  { "{\"sequence\":{\"last\":1}}", "“name”" },
  { "{\"blob\":{\"sha256\":\"abc\",\"size_bytes\":1,\"position\":0,\"data\":\"AA==\"}}",
    "“sha256” is not 64 hex digits" },
  { "{\"blob\":{\"sha256\":\"" SHA "\",\"size_bytes\":1,\"position\":0,\"data\":\"A\"}}",
    "“data” is not base64" },
  { "{\"blob\":{\"sha256\":\"" SHA "\",\"size_bytes\":1,\"position\":0,\"data\":\"A A=\"}}",
    "“data” is not base64" },
  { "{\"blob\":{\"sha256\":\"" SHA "\",\"size_bytes\":1,\"position\":0,\"data\":7}}",
    "“data” is not base64" },
  { "{\"event\":{\"uid\":\"" UID "\",\"ticket\":\"" UID "\",\"no\":1,\"kind\":\"created\","
    "\"audience\":\"public\",\"author\":\"" UID "\",\"accepted_at\":1},\"digest\":\"xyz\"}",
    "“digest” is not 32 hex digits" },
};

static void
test_refusals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (DeskLine) line =
          desk_line_parse (refusals[i].text, strlen (refusals[i].text), &error);

      g_assert_null (line);
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      if (strstr (error->message, refusals[i].reason) == NULL)
        g_error ("%s: %s", refusals[i].text, error->message);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/line/there-and-back", test_there_and_back);
  g_test_add_func ("/wire/line/bytes", test_bytes);
  g_test_add_func ("/wire/line/unknown-members", test_unknown_members);
  g_test_add_func ("/wire/line/refusals", test_refusals);
  return g_test_run ();
}
