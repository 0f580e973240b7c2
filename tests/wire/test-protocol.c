/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bodies of the protocol: there and back, one bad op among good ones, and what is refused. */
#include "desk-protocol.h"

#include <string.h>

#include "desk-uid.h"

#define UID "01890a5d-ac96-774b-bcce-b302099a8051"
#define OP                                                                                         \
  "{\"uid\":\"" UID "\",\"ticket\":\"" UID "\",\"kind\":\"message\",\"text\":\"Hello\","           \
  "\"changes\":[],\"attachments\":[],\"author\":\"" UID "\",\"via\":\"app\",\"base\":3}"
#define SESSION                                                                                    \
  "{\"uid\":\"" UID "\",\"person\":\"" UID "\",\"device\":\"d\",\"device_name\":\"n\",\"via\":"    \
  "\"cli\",\"created_at\":1,\"used_at\":2,\"expires_at\":3,\"current\":true}"
#define PERSON                                                                                     \
  "{\"uid\":\"" UID "\",\"login\":\"karen\",\"name\":\"Karen\",\"role\":\"requester\","            \
  "\"departments\":[],\"teams\":[],\"revision\":1}"
#define PROBLEM                                                                                    \
  "{\"type\":\"urn:deskbell:conflict\",\"title\":\"t\",\"status\":409,\"detail\":\"d\","           \
  "\"instance\":\"i\",\"retryable\":true,\"retry_after\":7,\"fields\":[{\"field\":\"priority\","   \
  "\"base\":\"normal\",\"now\":\"high\",\"by\":\"" UID "\"}]}"
#define RESULT "{\"op\":\"" UID "\",\"status\":\"not-attempted\",\"problem\":" PROBLEM "}"

/* Each body as a pair of functions over any value. */
typedef struct
{
  const char *name;
  const char *text;
  gpointer (*read) (JsonNode *, GError **);
  JsonNode *(*write) (gconstpointer);
  GDestroyNotify free;
} Body;

#define BODY(name, text)                                                                           \
  {                                                                                                \
#name, text, (gpointer(*)(JsonNode *, GError **)) desk_##name##_from_json,                     \
        (JsonNode * (*) (gconstpointer)) desk_##name##_to_json,                                    \
        (GDestroyNotify) desk_##name##_free                                                        \
  }

static const Body bodies[] = {
  BODY (problem, PROBLEM),
  BODY (op_result, RESULT),
  BODY (ops_request, "{\"device\":\"d\",\"ops\":[" OP "]}"),
  BODY (ops_answer, "{\"results\":[" RESULT "],\"people\":[" PERSON "],\"server_time\":5}"),
  BODY (sign_in,
        "{\"code\":\"c\",\"login\":\"karen\",\"password\":\"p\",\"device\":{\"id\":\"d\","
        "\"name\":\"n\",\"via\":\"api\"}}"),
  BODY (device_session, SESSION),
  BODY (welcome,
        "{\"token\":\"t\",\"desk\":\"" UID "\",\"epoch\":\"" UID "\",\"protocol_min\":1,"
        "\"protocol_max\":1,\"me\":" PERSON ",\"session\":" SESSION ","
        "\"attachment_limit_bytes\":9,\"max_ops\":100,\"max_ops_bytes\":8,"
        "\"server_time\":5}"),
  BODY (invitation, "{\"code\":\"c\",\"link\":\"l\",\"expires_at\":5}"),
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
test_there_and_back (gconstpointer data)
{
  const Body *body = data;
  g_autoptr (JsonNode) first = parse (body->text);
  g_autoptr (JsonNode) again = NULL;
  g_autoptr (GError) error = NULL;
  gpointer value = body->read (first, &error);

  g_assert_no_error (error);
  again = body->write (value);
  g_assert_true (json_node_equal (first, again));
  body->free (value);
}

/* Whatever one member is instead, the answer is a value or an error that names it, never more. */
static void
test_other_types (gconstpointer data)
{
  static const char *const instead[] = { "null",  "7",    "-7",   "1.5",
                                         "\"x\"", "[]",   "{}",   "[[]]",
                                         "true",  "[{}]", "\"\"", "9223372036854775807" };
  const Body *body = data;
  g_autoptr (JsonNode) whole = parse (body->text);
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (whole));
  guint refused = 0;

  for (GList *l = members; l != NULL; l = l->next)
    for (guint i = 0; i < G_N_ELEMENTS (instead); i++)
      {
        g_autoptr (JsonNode) copy = parse (body->text);
        g_autofree char *list = g_strdup_printf ("[%s]", instead[i]);
        g_autoptr (JsonNode) other = parse (list);
        g_autoptr (GError) error = NULL;
        gpointer value;

        json_object_set_member (json_node_get_object (copy), l->data,
                                json_array_dup_element (json_node_get_array (other), 0));
        value = body->read (copy, &error);
        g_assert_true ((value == NULL) == (error != NULL));
        if (error != NULL)
          g_assert_cmpint (error->domain, ==, DESK_ERROR);
        refused += error != NULL;
        if (value != NULL)
          body->free (value);
      }
  g_assert_cmpuint (refused, >, 0);
}

static void
test_answer_as_text (void)
{
  g_autoptr (JsonNode)
      node = parse ("{\"results\":[" RESULT "],\"people\":[" PERSON "],\"server_time\":5}");
  g_autoptr (DeskOpsAnswer) answer = desk_ops_answer_from_json (node, NULL);
  g_autoptr (JsonNode) again = desk_ops_answer_to_json (answer);
  g_autofree char *expected = desk_json_to_string (again, FALSE);
  gsize length;
  g_autofree char *text = desk_ops_answer_to_string (answer, &length);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (length, ==, strlen (text));
}

static void
test_one_bad_op (void)
{
  g_autoptr (JsonNode)
      node = parse ("{\"ops\":[" OP ",{\"uid\":\"" UID "\",\"kind\":\"dance\"}," OP "]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskOpsRequest) request = desk_ops_request_from_json (node, &error);
  const DeskAsked *bad;

  g_assert_no_error (error);
  g_assert_cmpuint (request->asked->len, ==, 3);
  bad = request->asked->pdata[1];
  g_assert_null (bad->op);
  g_assert_cmpstr (bad->uid, ==, UID);
  g_assert_error (bad->error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_nonnull (((DeskAsked *) request->asked->pdata[2])->op);
}

static void
assert_refused (const char *text, const char *message)
{
  g_autoptr (JsonNode) node = parse (text);
  g_autoptr (GError) error = NULL;

  g_assert_null (desk_ops_request_from_json (node, &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_bad_requests (void)
{
  GString *many = g_string_new ("{\"ops\":[0");

  assert_refused ("[]", "“request” is not an object");
  assert_refused ("{}", "“ops” is not there");
  assert_refused ("{\"ops\":7}", "“ops” is not an array");
  assert_refused ("{\"ops\":[{}]}", "ops[0]: “uid” is not there");
  assert_refused ("{\"ops\":[" OP ",{\"uid\":\"x\"}]}",
                  "ops[1]: “uid” is not a UUID in small letters");
  for (guint i = 0; i < DESK_PROTOCOL_MAX_OPS; i++)
    g_string_append (many, ",0");
  g_string_append (many, "]}");
  assert_refused (many->str, "“ops” is not an array of at most 100 ops");
  g_string_free (many, TRUE);
}

static void
test_problems (void)
{
  guint n_infos;
  const DeskProblemInfo *infos = desk_problem_get_infos (&n_infos);

  for (int code = DESK_ERROR_NOT_ALLOWED; code <= DESK_ERROR_TOO_BIG; code++)
    {
      g_autoptr (GError) error = g_error_new (DESK_ERROR, code, "Because");
      g_autoptr (GError) again = NULL;
      g_autoptr (DeskProblem) problem = desk_problem_new_for_error (error);

      g_assert_cmpstr (problem->code, ==, desk_enum_get_nick (DESK_TYPE_ERROR, code));
      g_assert_cmpstr (problem->detail, ==, "Because");
      g_assert_cmpint (problem->status, >=, 400);
      desk_problem_set_error (problem, &again);
      g_assert_error (again, DESK_ERROR, code);
      g_assert_cmpstr (again->message, ==, "Because");
    }
  for (guint i = 0; i < n_infos; i++)
    {
      g_assert_true (desk_problem_get_info (infos[i].code) == &infos[i]);
      g_assert_cmpint (infos[i].status, <, 600);
    }
  g_assert_cmpstr (desk_problem_get_info ("unheard-of")->code, ==, "internal");
}

static const char *
translate (const char *english)
{
  if (g_str_equal (english, "There is no %s “%s”"))
    return "«%2$s» is no %1$s";
  return g_str_equal (english, "priority") ? "Priorität" : english;
}

/* What a server refuses is said in the language of whoever is refused. */
static void
test_refusals_are_translated (void)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (DeskProblem) problem = NULL;
  g_autoptr (DeskProblem) here = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *said = NULL;

  desk_refuse (&refusal, DESK_ERROR_NO_SUCH, "There is no %s “%s”", "priority", "soon");
  problem = desk_problem_new_for_error (refusal);
  node = desk_problem_to_json (problem);
  here = desk_problem_from_json (node, NULL);
  g_assert_cmpstr (desk_problem_get_words (here), ==, "There is no priority “soon”");
  said = desk_problem_say (here, translate);
  g_assert_cmpstr (said, ==, "«soon» is no Priorität");
}

/* A server may say anything: what is no sentence of the detail is not said. */
static void
test_crooked_sentences (void)
{
  static const char *const sentences[] = { "[]", "[\"%s%s%n\"]", "[\"\",\"\"]",
                                           "[\"There is no %s “%s”\",\"priority\",\"later\"]" };

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"type\":\"urn:deskbell:no-such\",\"status\":404,"
                                               "\"detail\":\"As it is\",\"sentence\":%s}",
                                               sentences[i]);
      g_autoptr (JsonNode) node = desk_json_parse (text, strlen (text), NULL);
      g_autoptr (DeskProblem) problem = desk_problem_from_json (node, NULL);
      g_autofree char *said = desk_problem_say (problem, translate);

      g_assert_cmpstr (said, ==, "As it is");
    }
}

/* What went wrong inside is nobody's business. */
static void
test_inner_error (void)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "/secret/path");
  g_autoptr (DeskProblem) problem = desk_problem_new_for_error (error);

  g_assert_cmpstr (problem->code, ==, "internal");
  g_assert_null (problem->detail);
}

static void
test_sign_in (void)
{
  static const char *const refused[] = {
    "{\"login\":\"a\",\"password\":\"b\"}",
    "{\"login\":\"a\",\"password\":\"b\",\"device\":7}",
    "{\"login\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"\"}}",
    "{\"login\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"d\",\"via\":\"mail\"}}",
    "{\"login\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"d\",\"via\":\"import\"}}",
    "{\"login\":\"a\",\"device\":{\"id\":\"d\"}}",
  };
  g_autofree char *long_id = g_strnfill (65, 'x');
  g_autofree char *long_one = g_strdup_printf (
      "{\"login\":\"a\",\"password\":\"b\",\"device\":{\"id\":\"%s\"}}", long_id);

  for (guint i = 0; i <= G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (JsonNode) node = parse (i < G_N_ELEMENTS (refused) ? refused[i] : long_one);
      g_autoptr (GError) error = NULL;

      g_assert_null (desk_sign_in_from_json (node, &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *there = g_strconcat ("/protocol/there-and-back/", bodies[i].name, NULL);
      g_autofree char *other = g_strconcat ("/protocol/other-types/", bodies[i].name, NULL);

      g_test_add_data_func (there, &bodies[i], test_there_and_back);
      g_test_add_data_func (other, &bodies[i], test_other_types);
    }
  g_test_add_func ("/protocol/answer-as-text", test_answer_as_text);
  g_test_add_func ("/protocol/one-bad-op", test_one_bad_op);
  g_test_add_func ("/protocol/bad-requests", test_bad_requests);
  g_test_add_func ("/protocol/problems", test_problems);
  g_test_add_func ("/protocol/refusals-are-translated", test_refusals_are_translated);
  g_test_add_func ("/protocol/crooked-sentences", test_crooked_sentences);
  g_test_add_func ("/protocol/inner-error", test_inner_error);
  g_test_add_func ("/protocol/sign-in", test_sign_in);
  return g_test_run ();
}
