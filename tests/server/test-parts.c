/* SPDX-License-Identifier: GPL-3.0-or-later
 * The parts of the server that need no network: targets, routes, throttles, seals, passwords,
 * configuration, uploads, who is where, what was told. */
#include <glib/gstdio.h>
#include <string.h>

#include "desk-answers.h"
#include "desk-board.h"
#include "desk-config.h"
#include "desk-error.h"
#include "desk-hasher.h"
#include "desk-json.h"
#include "desk-router.h"
#include "desk-seal.h"
#include "desk-server-resources.h"
#include "desk-target.h"
#include "desk-throttle.h"
#include "desk-uploads.h"

/* --- targets --- */

static char *
describe (const char *text)
{
  g_autoptr (DeskTarget) target = desk_target_parse (text);
  GString *out = g_string_new (NULL);

  if (target == NULL)
    return g_string_free (g_string_append (out, "refused"), FALSE);
  for (guint i = 0; i < target->segments->len; i++)
    g_string_append_printf (out, "/%s", (char *) target->segments->pdata[i]);
  for (guint i = 0; i < target->names->len; i++)
    g_string_append_printf (out, " %s=%s", (char *) target->names->pdata[i],
                            (char *) target->values->pdata[i]);
  return g_string_free (out, FALSE);
}

static void
test_target (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "/", "" },
    { "/v1/tickets", "/v1/tickets" },
    { "/v1/tickets?view=open&sort=due", "/v1/tickets view=open sort=due" },
    { "/a%20b/%C3%A4?q=x+y%2Bz", "/a b/ä q=x y+z" },
    { "/a+b", "/a+b" },
    { "/%2f", "//" },
    { "/a?", "/a" },
    { "/a?&&x=1&", "/a x=1" },
    { "/a?x", "/a x=" },
    { "/a?x=", "/a x=" },
    { "/a?x=1=2", "/a x=1=2" },
    { "/a?x=1&x=2", "refused" },
    { "", "refused" },
    { "a", "refused" },
    { "*", "refused" },
    { "http://x/a", "refused" },
    { "//", "refused" },
    { "//a", "refused" },
    { "/a/", "refused" },
    { "/a//b", "refused" },
    { "/.", "refused" },
    { "/a/..", "refused" },
    { "/%2e%2e/a", "refused" },
    { "/%00", "refused" },
    { "/a?x=%00", "refused" },
    { "/%0d%0a", "refused" },
    { "/%7f", "refused" },
    { "/%", "refused" },
    { "/%4", "refused" },
    { "/%zz", "refused" },
    { "/a?x=%4", "refused" },
    { "/%ff", "refused" },
    { "/%c3%28", "refused" },
    { "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16" },
    { "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", "refused" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = describe (cases[i].text);

      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

/* --- routes --- */

static char *
describe_route (const char *method, const char *path)
{
  g_autoptr (DeskTarget) target = desk_target_parse (path);
  const char *parameters[DESK_ROUTE_MAX_PARAMETERS] = { NULL };
  g_autofree char *allowed = NULL;
  const DeskRoute *route = desk_router_find (method, target, parameters, &allowed);

  if (route == NULL)
    return g_strdup (allowed != NULL ? allowed : "unknown");
  return g_strdup_printf ("%s %s", route->pattern, parameters[0] != NULL ? parameters[0] : "");
}

static void
test_router (void)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *expected;
  } cases[] = {
    { "GET", "/v1/tickets", "/v1/tickets " },
    { "HEAD", "/v1/tickets", "/v1/tickets " },
    { "GET", "/v1/tickets/42", "/v1/tickets/{ref} 42" },
    { "GET", "/v1/tickets/42/events", "/v1/tickets/{ref}/events 42" },
    { "PUT", "/v1/tickets/42/seen/7", "/v1/tickets/{ref}/seen/{no} 42" },
    { "DELETE", "/v1/tickets/42", "GET, PATCH" },
    { "get", "/v1/tickets", "GET, POST" },
    { "GET", "/", "unknown" },
    { "GET", "/v1", "unknown" },
    { "GET", "/v1/ticket", "unknown" },
    { "GET", "/v1/ticketss", "unknown" },
    { "GET", "/v1/tickets/42/events/7", "unknown" },
    { "GET", "/v1/uploads/x", "HEAD, PATCH, DELETE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = describe_route (cases[i].method, cases[i].path);

      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static JsonNode *
load_document (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (desk_server_resources_get_resource (),
                                                     "/org/deskbell/server/openapi.json", 0, NULL);
  GError *error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  JsonNode *document = desk_json_parse (text, size, &error);

  g_assert_no_error (error);
  return document;
}

static JsonObject *
find_operation (JsonNode *document, const char *method, const char *path)
{
  JsonObject *paths = json_object_get_object_member (json_node_get_object (document), "paths");
  g_autofree char *lower = g_ascii_strdown (method, -1);
  JsonObject *item;

  if (!json_object_has_member (paths, path))
    return NULL;
  item = json_object_get_object_member (paths, path);
  return json_object_has_member (item, lower) ? json_object_get_object_member (item, lower) : NULL;
}

static const char *
get_body_type (JsonObject *operation)
{
  g_autoptr (GList) names = NULL;
  JsonObject *body;

  if (!json_object_has_member (operation, "requestBody"))
    return NULL;
  body = json_object_get_object_member (operation, "requestBody");
  names = json_object_get_members (json_object_get_object_member (body, "content"));
  return names->data;
}

static guint
count_operations (JsonNode *document)
{
  JsonObject *paths = json_object_get_object_member (json_node_get_object (document), "paths");
  g_autoptr (GList) items = json_object_get_values (paths);
  guint n = 0;

  for (GList *item = items; item != NULL; item = item->next)
    n += json_object_get_size (json_node_get_object (item->data));
  return n;
}

/* The document and the table tell the same: routes, who may ask, what is sent. */
static void
test_document (void)
{
  static const char *const whos[] = { "anybody", "signed-in", "agent", "administrator" };
  static const char *const types[] = { NULL, "application/json",
                                       "application/offset+octet-stream" };
  g_autoptr (JsonNode) document = load_document ();
  const DeskRoute *routes;
  guint n_routes;

  routes = desk_router_get_routes (&n_routes);
  for (guint i = 0; i < n_routes; i++)
    {
      JsonObject *operation = find_operation (document, routes[i].method, routes[i].pattern);

      g_test_message ("%s %s", routes[i].method, routes[i].pattern);
      g_assert_nonnull (operation);
      g_assert_cmpstr (json_object_get_string_member (operation, "x-who"), ==, whos[routes[i].who]);
      g_assert_cmpstr (get_body_type (operation), ==, types[routes[i].takes]);
      g_assert_cmpint (json_object_has_member (operation, "security"), ==,
                       routes[i].who == DESK_WHO_ANYBODY);
      g_assert_cmpint (routes[i].takes != DESK_TAKES_NOTHING, ==, routes[i].max_body_bytes > 0);
    }
  g_assert_cmpuint (count_operations (document), ==, n_routes);
}

/* --- throttles --- */

static void
test_throttle (void)
{
  DeskThrottle *throttle = desk_throttle_new (3, 6);
  gint64 now_us = 1000000;

  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (desk_throttle_take (throttle, "karen", now_us), ==, 0);
  g_assert_cmpuint (desk_throttle_take (throttle, "karen", now_us), ==, 11);
  g_assert_cmpuint (desk_throttle_take (throttle, "tom", now_us), ==, 0);
  now_us += 10 * G_USEC_PER_SEC;
  g_assert_cmpuint (desk_throttle_take (throttle, "karen", now_us), ==, 0);
  g_assert_cmpuint (desk_throttle_take (throttle, "karen", now_us), >, 0);
  desk_throttle_give_back (throttle, "karen");
  g_assert_cmpuint (desk_throttle_take (throttle, "karen", now_us), ==, 0);
  /* Many names come and go. */
  for (guint i = 0; i < 20000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      now_us += G_USEC_PER_SEC;
      g_assert_cmpuint (desk_throttle_take (throttle, name, now_us), ==, 0);
    }
  desk_throttle_free (throttle);

  throttle = desk_throttle_new (0, 0);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpuint (desk_throttle_take (throttle, "karen", 0), ==, 0);
  desk_throttle_free (throttle);
}

/* --- seals --- */

static void
test_seal (void)
{
  static const guint8 secret[] = "where somebody stands";
  g_autoptr (GBytes) key = desk_seal_new_key ();
  g_autoptr (GBytes) other_key = desk_seal_new_key ();
  g_autofree char *text = desk_seal_close (key, secret, sizeof secret);
  g_autofree char *again = desk_seal_close (key, secret, sizeof secret);
  g_autoptr (GBytes) bytes = desk_seal_open (key, text);

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), secret, sizeof secret);
  g_assert_cmpstr (text, !=, again);
  g_assert_null (desk_seal_open (other_key, text));
  g_assert_null (desk_seal_open (key, ""));
  g_assert_null (desk_seal_open (key, "not sealed"));
  for (gsize i = 0; text[i] != '\0'; i++)
    {
      char kept = text[i];

      text[i] = kept == 'A' ? 'B' : 'A';
      g_assert_null (desk_seal_open (key, text));
      text[i] = kept;
    }
}

/* --- passwords --- */

typedef struct
{
  GMutex lock;
  GCond cond;
  gboolean done;
  gboolean right;
  char *hash;
} Hashed;

static void
hashed_cb (gboolean right, const char *hash, gpointer data)
{
  Hashed *hashed = data;

  g_mutex_lock (&hashed->lock);
  hashed->done = TRUE;
  hashed->right = right;
  g_free (hashed->hash);
  hashed->hash = g_strdup (hash);
  g_cond_signal (&hashed->cond);
  g_mutex_unlock (&hashed->lock);
}

static gboolean
check (DeskHasher *hasher, Hashed *hashed, const char *password, const char *hash)
{
  g_mutex_lock (&hashed->lock);
  hashed->done = FALSE;
  g_assert_true (desk_hasher_check (hasher, password, hash, hashed_cb, hashed));
  while (!hashed->done)
    g_cond_wait (&hashed->cond, &hashed->lock);
  g_mutex_unlock (&hashed->lock);
  return hashed->right;
}

static void
test_passwords (void)
{
  DeskHasher *hasher = desk_hasher_new (1, 0, 1);
  DeskHasher *stronger = desk_hasher_new (1, 65536, 2);
  Hashed hashed = { 0 };
  g_autofree char *hash = NULL;

  g_mutex_lock (&hashed.lock);
  g_assert_true (desk_hasher_make (hasher, "correct horse", hashed_cb, &hashed));
  while (!hashed.done)
    g_cond_wait (&hashed.cond, &hashed.lock);
  g_mutex_unlock (&hashed.lock);
  hash = g_steal_pointer (&hashed.hash);
  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_true (check (hasher, &hashed, "correct horse", hash));
  g_assert_null (hashed.hash);
  g_assert_false (check (hasher, &hashed, "correct house", hash));
  g_assert_false (check (hasher, &hashed, "nobody", NULL));
  g_assert_false (check (hasher, &hashed, "correct horse", "not a hash"));
  /* What was hashed with less is hashed again. */
  g_assert_true (check (stronger, &hashed, "correct horse", hash));
  g_assert_nonnull (hashed.hash);
  g_free (hash);
  hash = g_steal_pointer (&hashed.hash);
  g_assert_true (check (stronger, &hashed, "correct horse", hash));
  g_assert_null (hashed.hash);
  desk_hasher_free (hasher);
  desk_hasher_free (stronger);
  g_free (hashed.hash);
}

static void
test_tokens (void)
{
  g_autofree char *token = desk_token_new ();
  g_autofree char *other = desk_token_new ();
  g_autoptr (GBytes) digest = desk_token_digest (token);
  g_autoptr (GBytes) again = desk_token_digest (token);

  g_assert_cmpstr (token, !=, other);
  g_assert_cmpuint (g_bytes_get_size (digest), ==, 32);
  g_assert_true (g_bytes_equal (digest, again));
  g_assert_null (desk_token_digest (""));
  g_assert_null (desk_token_digest ("short"));
  token[3] = '!';
  g_assert_null (desk_token_digest (token));
}

/* --- configuration --- */

static void
test_config_sample (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "deskbelld.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (DeskConfig) preset = desk_config_new ();
  g_autofree char *expected = desk_config_to_string (preset);
  g_autoptr (GKeyFile) sample = g_key_file_new ();
  g_autoptr (GKeyFile) all = g_key_file_new ();
  g_auto (GStrv) groups = NULL;
  GError *error = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  /* Each key stands there behind a "#", with the value that counts without it. */
  for (char *at = text; (at = strstr (at, "\n#")) != NULL; at++)
    if (at[2] != ' ' && at[2] != '\n')
      at[1] = ' ';
  g_assert_true (g_key_file_load_from_data (sample, text, -1, G_KEY_FILE_NONE, &error));
  g_assert_no_error (error);
  g_assert_true (g_key_file_load_from_data (all, expected, -1, G_KEY_FILE_NONE, &error));
  groups = g_key_file_get_groups (all, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (all, groups[i], NULL, NULL);
      g_auto (GStrv) sample_keys = g_key_file_get_keys (sample, groups[i], NULL, NULL);

      g_assert_cmpuint (g_strv_length (keys), ==, g_strv_length (sample_keys));
      for (guint k = 0; keys[k] != NULL; k++)
        {
          g_autofree char *value = g_key_file_get_string (all, groups[i], keys[k], NULL);
          g_autofree char *said = g_key_file_get_string (sample, groups[i], keys[k], NULL);

          g_test_message ("[%s] %s", groups[i], keys[k]);
          g_assert_cmpstr (value, ==, said);
        }
    }
}

static void
test_config_refuses (void)
{
  static const struct
  {
    const char *group;
    const char *key;
    const char *value;
  } cases[] = {
    { "server", "lisen", "127.0.0.1:1" }, { "sever", "listen", "127.0.0.1:1" },
    { "server", "threads", "many" },      { "server", "threads", "-1" },
    { "server", "threads", "" },          { "limits", "connections", "1" },
    { "sign-in", "session_days", "1e3" }, { "log", "level", "loud" },
  };
  g_autoptr (DeskConfig) config = desk_config_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (
          desk_config_set (config, cases[i].group, cases[i].key, cases[i].value, &error));
      g_assert_nonnull (strstr (error->message, cases[i].key));
    }
}

static void
test_config_checks_the_whole (void)
{
  static const struct
  {
    const char *key;
    const char *value;
  } cases[] = { { "certificate", "/etc/cert.pem" },
                { "base_path", "desk" },
                { "base_path", "/desk/" },
                { "trusted_proxies", "localhost" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DeskConfig) config = desk_config_new ();
      g_autoptr (GError) error = NULL;

      g_assert_false (desk_config_check_desk (config, NULL));
      g_assert_true (desk_config_set (config, "desk", "path", "team.desk", NULL));
      g_assert_true (desk_config_check_desk (config, NULL));
      g_assert_true (desk_config_check (config, NULL));
      g_assert_true (desk_config_set (config, "server", cases[i].key, cases[i].value, NULL));
      g_assert_false (desk_config_check (config, &error));
      g_assert_nonnull (strstr (error->message, cases[i].key));
    }
}

/* --- uploads --- */

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static void
test_uploads_are_swept (void)
{
  g_autofree char *folder = g_dir_make_tmp ("deskbell-uploads-XXXXXX", NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "x", 1);
  g_autoptr (DeskUploads) uploads = desk_uploads_new (folder, 1000, NULL);
  g_autoptr (DeskUpload) upload = desk_uploads_begin (uploads, "karen", digest, 100, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (DeskUpload) found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (desk_uploads_note (uploads, "karen", digest, NULL));
  g_assert_true (desk_uploads_has_brought (uploads, "karen", digest));
  g_assert_false (desk_uploads_has_brought (uploads, "tom", digest));
  g_assert_false (desk_uploads_has_brought (uploads, "karen", "../../etc/passwd"));
  desk_uploads_sweep (uploads, now + 23 * 60 * 60);
  found = desk_uploads_find (uploads, upload->id, "karen", &error);
  g_assert_no_error (error);
  desk_uploads_sweep (uploads, now + 25 * 60 * 60);
  g_assert_null (desk_uploads_find (uploads, upload->id, "karen", &error));
  g_assert_error (error, DESK_ERROR, DESK_ERROR_NO_SUCH);
  g_assert_true (desk_uploads_has_brought (uploads, "karen", digest));
  desk_uploads_sweep (uploads, now + 8 * 24 * 60 * 60);
  g_assert_false (desk_uploads_has_brought (uploads, "karen", digest));
  remove_folder (folder);
}

/* --- who is at which ticket --- */

#define SOME_TICKET  "018f0000-0000-7000-8000-000000000001"
#define OTHER_TICKET "018f0000-0000-7000-8000-000000000002"

static void
go (DeskBoard *board, const char *who, const char *ticket, DeskPresence state, gint64 now_us)
{
  g_autoptr (GPtrArray) present = desk_presence_list_new ();
  g_auto (GStrv) parts = g_strsplit (who, "/", 2);

  if (ticket != NULL)
    g_ptr_array_add (present, desk_present_new (ticket, NULL, state));
  desk_board_set (board, who, parts[0], present, now_us);
}

/* "jane answering, john looking" */
static void
assert_told (DeskBoard *board, const char *who, const char *expected)
{
  g_autoptr (GPtrArray) list = desk_board_list (board, who);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      const DeskPresent *one = list->pdata[i];

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", one->person,
                              one->state == DESK_PRESENCE_ANSWERING ? "answering" : "looking");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_board (void)
{
  DeskHub *hub = desk_hub_new ();
  g_autoptr (DeskBoard) board = desk_board_new (hub);
  guint64 count;

  go (board, "karen/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 0);
  count = desk_board_get_count (board, "karen/1");
  go (board, "john/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 0);
  go (board, "john/2", SOME_TICKET, DESK_PRESENCE_ANSWERING, 0);
  go (board, "jane/1", OTHER_TICKET, DESK_PRESENCE_ANSWERING, 0);
  assert_told (board, "karen/1", "john answering");
  assert_told (board, "john/1", "karen looking");
  assert_told (board, "jane/1", "");
  assert_told (board, "nobody/1", "");
  g_assert_cmpuint (desk_board_get_count (board, "karen/1"), !=, count);

  /* What does not concern a session does not count for it. */
  count = desk_board_get_count (board, "karen/1");
  go (board, "jane/1", OTHER_TICKET, DESK_PRESENCE_LOOKING, 0);
  go (board, "john/2", SOME_TICKET, DESK_PRESENCE_ANSWERING, 0);
  g_assert_cmpuint (desk_board_get_count (board, "karen/1"), ==, count);

  desk_board_drop (board, "john/2");
  assert_told (board, "karen/1", "john looking");
  desk_hub_free (hub);
}

static void
test_board_forgets (void)
{
  DeskHub *hub = desk_hub_new ();
  g_autoptr (DeskBoard) board = desk_board_new (hub);
  gint64 beat_us = DESK_PRESENCE_BEAT_SECS * G_USEC_PER_SEC;

  go (board, "karen/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 0);
  go (board, "john/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 0);
  /* Whose stream has ended has a beat left to say that they are there. */
  go (board, "jane/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 0);
  desk_board_doubt (board, "jane/1", 0);
  desk_board_tick (board, beat_us);
  assert_told (board, "karen/1", "john looking, jane looking");
  desk_board_tick (board, beat_us + 10 * G_USEC_PER_SEC);
  assert_told (board, "karen/1", "john looking");
  /* One beat may get lost. */
  go (board, "karen/1", SOME_TICKET, DESK_PRESENCE_LOOKING, 2 * beat_us);
  desk_board_tick (board, 2 * beat_us);
  assert_told (board, "karen/1", "john looking");
  desk_board_tick (board, 3 * beat_us);
  assert_told (board, "karen/1", "");
  g_assert_cmpuint (desk_board_count_sessions (board), ==, 1);
  g_assert_cmpuint (desk_board_get_count (board, "john/1"), ==, 0);
  desk_board_tick (board, 10 * beat_us);
  g_assert_cmpuint (desk_board_count_sessions (board), ==, 0);
  desk_hub_free (hub);
}

static void
test_board_is_bounded (void)
{
  DeskHub *hub = desk_hub_new ();
  g_autoptr (DeskBoard) board = desk_board_new (hub);
  g_autoptr (GPtrArray) many = desk_presence_list_new ();
  g_autoptr (GPtrArray) told = NULL;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *who = g_strdup_printf ("p%u/1", i);
      g_autofree char *ticket = g_strdup_printf ("t%u", i);

      go (board, who, SOME_TICKET, i == 99 ? DESK_PRESENCE_ANSWERING : DESK_PRESENCE_LOOKING, 0);
      g_ptr_array_add (
          many, desk_present_new (i % 2 ? SOME_TICKET : ticket, NULL, DESK_PRESENCE_LOOKING));
    }
  desk_board_set (board, "karen/1", "karen", many, 0);
  told = desk_board_list (board, "karen/1");
  g_assert_cmpuint (told->len, ==, 20);
  g_assert_cmpstr (((DeskPresent *) told->pdata[0])->person, ==, "p99");
  desk_hub_free (hub);
}

/* --- what was told --- */

static void
tell (DeskAnswers *answers, guint n_commits, const DeskPerson *person, const char *ref, gsize size)
{
  g_autoptr (GBytes) text = g_bytes_new_take (g_strnfill (size, 'x'), size);

  desk_answers_add (answers, n_commits, person, ref, text, 7);
}

static gboolean
is_told (DeskAnswers *answers, guint n_commits, const DeskPerson *person, const char *ref)
{
  gint64 no = 0;
  g_autoptr (GBytes) text = desk_answers_find (answers, n_commits, person, ref, &no);

  g_assert_cmpint (no, ==, text != NULL ? 7 : 0);
  return text != NULL;
}

/* Nothing is told to who differs in anything. */
static void
test_answers (void)
{
  DeskAnswers *answers = desk_answers_new (10000);
  g_autoptr (DeskPerson) jane = desk_person_new ("j", "jane", "Jane", DESK_ROLE_AGENT);
  g_autoptr (DeskPerson) karen = desk_person_new ("k", "karen", "Karen", DESK_ROLE_AGENT);
  g_autoptr (DeskPerson) demoted = desk_person_copy (jane);
  g_autoptr (DeskPerson) revised = desk_person_copy (jane);

  demoted->role = DESK_ROLE_REQUESTER;
  revised->revision++;
  tell (answers, 5, jane, "42", 100);
  g_assert_true (is_told (answers, 5, jane, "42"));
  g_assert_false (is_told (answers, 5, jane, "43"));
  g_assert_false (is_told (answers, 5, karen, "42"));
  g_assert_false (is_told (answers, 5, demoted, "42"));
  g_assert_false (is_told (answers, 5, revised, "42"));
  g_assert_false (is_told (answers, 6, jane, "42"));
  /* Read before a commit that others have seen already. */
  tell (answers, 6, karen, "42", 100);
  tell (answers, 5, jane, "43", 100);
  g_assert_true (is_told (answers, 6, karen, "42"));
  g_assert_false (is_told (answers, 6, jane, "42"));
  g_assert_false (is_told (answers, 6, jane, "43"));
  g_assert_false (is_told (answers, 5, jane, "43"));
  tell (answers, G_MAXUINT, jane, "42", 100);
  desk_answers_free (answers);
}

static void
test_answers_are_bounded (void)
{
  DeskAnswers *answers = desk_answers_new (10000);
  g_autoptr (DeskPerson) jane = desk_person_new ("j", "jane", "Jane", DESK_ROLE_AGENT);
  guint n_told = 0;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *ref = g_strdup_printf ("%u", i);

      tell (answers, 1, jane, ref, 800);
      g_assert_true (is_told (answers, 1, jane, ref));
    }
  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *ref = g_strdup_printf ("%u", i);

      n_told += is_told (answers, 1, jane, ref);
    }
  g_assert_cmpuint (n_told, <=, 12);
  tell (answers, 1, jane, "large", 10000);
  g_assert_false (is_told (answers, 1, jane, "large"));
  desk_answers_free (answers);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (desk_hasher_init ());
  g_test_add_func ("/target/is-read-strictly", test_target);
  g_test_add_func ("/router/finds-routes", test_router);
  g_test_add_func ("/router/is-what-the-document-says", test_document);
  g_test_add_func ("/throttle/fills-again-with-time", test_throttle);
  g_test_add_func ("/seal/opens-only-what-it-closed", test_seal);
  g_test_add_func ("/hasher/knows-passwords", test_passwords);
  g_test_add_func ("/hasher/makes-tokens", test_tokens);
  g_test_add_func ("/config/is-what-the-sample-says", test_config_sample);
  g_test_add_func ("/config/refuses-what-does-not-fit", test_config_refuses);
  g_test_add_func ("/config/checks-the-whole", test_config_checks_the_whole);
  g_test_add_func ("/uploads/are-swept", test_uploads_are_swept);
  g_test_add_func ("/board/tells-who-else-is-there", test_board);
  g_test_add_func ("/board/forgets-who-is-gone", test_board_forgets);
  g_test_add_func ("/board/is-bounded", test_board_is_bounded);
  g_test_add_func ("/answers/are-for-who-asked", test_answers);
  g_test_add_func ("/answers/are-bounded", test_answers_are_bounded);
  return g_test_run ();
}
