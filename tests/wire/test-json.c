/* SPDX-License-Identifier: GPL-3.0-or-later
 * Core values as JSON and back: nothing is lost, nothing crooked comes in. */
#include "desk-json.h"

#include <string.h>

#include "desk-error.h"

#define UID_1 "01890a5d-ac96-774b-bcce-b302099a8051"
#define UID_2 "01890a5d-ac96-774b-bcce-b302099a8052"
#define UID_3 "01890a5d-ac96-774b-bcce-b302099a8053"
#define SHA   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define NASTY "<b>&amp; \"quoted\" \\ ä €\n\t\u202e\U0001f600 </script>"

static char *
to_line (JsonNode *node)
{
  char *line = desk_json_to_string (node, FALSE);

  json_node_unref (node);
  return line;
}

static JsonNode *
from_line (const char *line)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = desk_json_parse (line, strlen (line), &error);

  g_assert_no_error (error);
  return node;
}

/* --- there and back --- */

static DeskOp *
new_op (void)
{
  DeskOp *op = desk_op_new (UID_1, UID_2, DESK_KIND_REPLY, UID_3);

  op->text = g_strdup (NASTY);
  op->target = g_strdup (UID_1);
  op->device = g_strdup ("device");
  op->via = DESK_VIA_MAIL;
  op->base = 7;
  op->at = 1790000000;
  desk_op_change (op, DESK_FIELD_STATUS, "waiting");
  desk_op_change (op, DESK_FIELD_TEAM, NULL);
  desk_op_change (op, DESK_FIELD_DUE_AT, "9223372036854775807");
  desk_op_take_attachment (op, desk_attachment_new ("a b.png", "image/png", 26214400, SHA));
  return op;
}

static void
test_op (void)
{
  g_autoptr (DeskOp) op = new_op ();
  g_autofree char *line = to_line (desk_op_to_json (op));
  g_autoptr (JsonNode) node = from_line (line);
  g_autoptr (GError) error = NULL;
  g_autoptr (DeskOp) read = desk_op_from_json (node, &error);
  g_autofree char *digest = desk_op_digest (op);
  g_autofree char *read_digest = NULL;
  g_autofree char *again = NULL;
  const DeskAttachment *attachment;

  g_assert_no_error (error);
  g_assert_cmpstr (read->uid, ==, UID_1);
  g_assert_cmpstr (read->ticket, ==, UID_2);
  g_assert_cmpint (read->kind, ==, DESK_KIND_REPLY);
  g_assert_cmpstr (read->text, ==, NASTY);
  g_assert_cmpstr (read->target, ==, UID_1);
  g_assert_cmpstr (read->author, ==, UID_3);
  g_assert_cmpstr (read->device, ==, "device");
  g_assert_cmpint (read->via, ==, DESK_VIA_MAIL);
  g_assert_cmpint (read->base, ==, 7);
  g_assert_cmpint (read->at, ==, 1790000000);
  g_assert_cmpuint (read->changes->len, ==, 3);
  g_assert_cmpstr (desk_changes_find (read->changes, DESK_FIELD_STATUS)->to, ==, "waiting");
  g_assert_cmpstr (desk_changes_find (read->changes, DESK_FIELD_TEAM)->to, ==, NULL);
  g_assert_cmpstr (desk_changes_find (read->changes, DESK_FIELD_DUE_AT)->to, ==,
                   "9223372036854775807");
  attachment = g_ptr_array_index (read->attachments, 0);
  g_assert_cmpstr (attachment->name, ==, "a b.png");
  g_assert_cmpstr (attachment->type, ==, "image/png");
  g_assert_cmpint (attachment->size_bytes, ==, 26214400);
  g_assert_cmpstr (attachment->sha256, ==, SHA);

  read_digest = desk_op_digest (read);
  g_assert_cmpstr (digest, ==, read_digest);
  again = to_line (desk_op_to_json (read));
  g_assert_cmpstr (line, ==, again);
}

/* What others read and write is a promise. */
static void
test_op_form (void)
{
  g_autoptr (DeskOp) op = desk_op_new (UID_1, UID_2, DESK_KIND_CHANGE, UID_3);
  g_autofree char *line = NULL;

  desk_op_change (op, DESK_FIELD_PRIORITY, "high");
  desk_op_change (op, DESK_FIELD_SLA, NULL);
  line = to_line (desk_op_to_json (op));
  g_assert_cmpstr (line, ==,
                   "{\"uid\":\"" UID_1 "\",\"ticket\":\"" UID_2
                   "\",\"kind\":\"change\",\"changes\":["
                   "{\"field\":\"priority\",\"from\":null,\"to\":\"high\"},"
                   "{\"field\":\"sla\",\"from\":null,\"to\":null}],\"attachments\":[],"
                   "\"author\":\"" UID_3 "\",\"via\":\"app\"}");
}

static void
test_event (void)
{
  g_autoptr (DeskEvent) event = desk_event_new ();
  g_autoptr (DeskEvent) read = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autofree char *again = NULL;

  event->uid = g_strdup (UID_1);
  event->ticket = g_strdup (UID_2);
  event->no = 3;
  event->public_no = 2;
  event->kind = DESK_KIND_CREATED;
  event->text = g_strdup (NASTY);
  event->author = g_strdup (UID_3);
  event->device = g_strdup ("device");
  event->via = DESK_VIA_IMPORT;
  event->cause = g_strdup (UID_1);
  event->target = g_strdup (UID_2);
  event->at = 5;
  event->accepted_at = 6;
  event->redacted = TRUE;
  desk_event_change (event, DESK_FIELD_SPENT_SECS, NULL, "3600");
  desk_event_change (event, DESK_FIELD_SUMMARY, "007", "8");
  line = to_line (desk_event_to_json (event));
  g_assert_nonnull (strstr (line, "{\"field\":\"spent_secs\",\"from\":null,\"to\":3600}"));
  g_assert_nonnull (strstr (line, "{\"field\":\"summary\",\"from\":\"007\",\"to\":\"8\"}"));

  node = from_line (line);
  read = desk_event_from_json (node, &error);
  g_assert_no_error (error);
  again = to_line (desk_event_to_json (read));
  g_assert_cmpstr (line, ==, again);
  g_assert_cmpint (read->accepted_at, ==, 6);
  g_assert_cmpint (read->public_no, ==, 2);
  g_assert_cmpint (read->via, ==, DESK_VIA_IMPORT);
  g_assert_true (read->redacted);
  g_assert_cmpstr (desk_changes_find (read->changes, DESK_FIELD_SPENT_SECS)->to, ==, "3600");
}

/* Every field goes through; a new one that the table here forgets fails. */
static void
test_ticket (void)
{
  static const char *const forms[] = {
    [DESK_FIELD_TYPE_TEXT] = NASTY,        [DESK_FIELD_TYPE_SLUG] = "slug",
    [DESK_FIELD_TYPE_PERSON] = UID_3,      [DESK_FIELD_TYPE_STATUS] = "closed",
    [DESK_FIELD_TYPE_PRIORITY] = "urgent", [DESK_FIELD_TYPE_INT] = "9223372036854775807",
  };
  g_autoptr (DeskTicket) ticket = desk_ticket_new (UID_1);
  g_autoptr (DeskTicket) read = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    g_assert_true (desk_ticket_set_field (ticket, field, forms[desk_field_get_field_type (field)]));
  ticket->no = 5;
  ticket->public_no = 4;
  ticket->created_at = 3;
  ticket->updated_at = 2;
  ticket->public_at = 1;
  line = to_line (desk_ticket_to_json (ticket));
  node = from_line (line);
  read = desk_ticket_from_json (node, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (desk_ticket_compare (ticket, read), ==, NULL);
  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    g_assert_true (
        json_object_has_member (json_node_get_object (node), desk_field_get_name (field)));
}

static void
test_empty_ticket (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new (UID_1);
  g_autofree char *line = to_line (desk_ticket_to_json (ticket));

  g_assert_cmpstr (line, ==,
                   "{\"uid\":\"" UID_1 "\",\"status\":\"open\",\"priority\":\"normal\",\"no\":0,"
                   "\"public_no\":0,\"created_at\":0,\"updated_at\":0,\"public_at\":0}");
}

static void
test_entry (void)
{
  g_autoptr (DeskEntry) entry = desk_entry_new (DESK_ENTRY_DESK, "desk", "Bank");
  g_autoptr (DeskEntry) read = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autofree char *again = NULL;

  entry->revision = 3;
  desk_entry_set (entry, DESK_PROPERTY_SHOW_DUE, "no");
  desk_entry_set (entry, DESK_PROPERTY_REQUESTER_PRIORITY, "yes");
  desk_entry_set (entry, DESK_PROPERTY_REOPEN_DAYS, "0");
  desk_entry_set (entry, DESK_PROPERTY_DEPARTMENT, "staff-it");
  desk_entry_set (entry, DESK_PROPERTY_NUMBER_FORMAT, "\\##");
  line = to_line (desk_entry_to_json (entry));
  g_assert_cmpstr (line, ==,
                   "{\"kind\":\"desk\",\"slug\":\"desk\",\"label\":\"Bank\",\"revision\":3,"
                   "\"department\":\"staff-it\",\"number_format\":\"\\\\##\",\"reopen_days\":0,"
                   "\"requester_priority\":true,\"show_due\":false}");
  node = from_line (line);
  read = desk_entry_from_json (node, &error);
  g_assert_no_error (error);
  again = to_line (desk_entry_to_json (read));
  g_assert_cmpstr (line, ==, again);
  g_assert_cmpint (read->revision, ==, 3);
  g_assert_cmpstr (read->values[DESK_PROPERTY_SHOW_DUE], ==, "no");
}

static void
test_person (void)
{
  g_autoptr (DeskPerson) person = desk_person_new (UID_1, "jane", "Jane", DESK_ROLE_ADMINISTRATOR);
  g_autoptr (DeskPerson) read = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_autofree char *again = NULL;

  person->email = g_strdup ("jane@example.org");
  g_strfreev (person->departments);
  person->departments = g_strsplit ("staff-it,fraud", ",", -1);
  person->removed = TRUE;
  person->revision = 4;
  line = to_line (desk_person_to_json (person));
  g_assert_cmpstr (
      line, ==,
      "{\"uid\":\"" UID_1 "\",\"login\":\"jane\",\"name\":\"Jane\","
      "\"email\":\"jane@example.org\",\"role\":\"administrator\","
      "\"departments\":[\"staff-it\",\"fraud\"],\"teams\":[],\"removed\":true,\"revision\":4}");
  node = from_line (line);
  read = desk_person_from_json (node, &error);
  g_assert_no_error (error);
  again = to_line (desk_person_to_json (read));
  g_assert_cmpstr (line, ==, again);
}

/* Text that core has not seen yet is written as text all the same. */
static void
test_binary_text (void)
{
  g_autoptr (DeskOp) op = desk_op_new (UID_1, UID_2, DESK_KIND_NOTE, UID_3);
  g_autoptr (DeskOp) read = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;

  desk_op_set_text (op, "B\xfcro");
  desk_op_change (op, DESK_FIELD_SUMMARY, "\xff");
  desk_op_change (op, DESK_FIELD_DUE_AT, "soon");
  line = to_line (desk_op_to_json (op));
  node = from_line (line);
  read = desk_op_from_json (node, NULL);
  g_assert_null (read); /* due_at is no number */
  g_ptr_array_remove_index (op->changes, 1);
  g_free (line);
  json_node_unref (node);
  line = to_line (desk_op_to_json (op));
  node = from_line (line);
  read = desk_op_from_json (node, NULL);
  g_assert_cmpstr (read->text, ==, "B\uFFFDro");
  g_assert_cmpstr (desk_changes_find (read->changes, DESK_FIELD_SUMMARY)->to, ==, "\uFFFD");
}

/* --- strictness --- */

typedef gpointer (*Reader) (JsonNode *node, GError **error);

#define OP_HEAD                                                                                    \
  "\"uid\":\"" UID_1 "\",\"ticket\":\"" UID_2 "\",\"author\":\"" UID_3 "\",\"kind\":\"note\""
#define EVENT_HEAD OP_HEAD ",\"no\":1,\"audience\":\"internal\",\"accepted_at\":5"
#define FILE_HEAD  "\"name\":\"a\",\"type\":\"text/plain\",\"size_bytes\":1,\"sha256\":\"" SHA "\""

typedef struct
{
  const char *text;
  const char *named; /* in the refusal; NULL: it is read */
} StrictCase;

static const StrictCase op_cases[] = {
  { "{" OP_HEAD "}", NULL },
  { "{" OP_HEAD ",\"text\":null,\"changes\":null,\"colour\":{\"a\":[1.5]}}", NULL },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"due_at\",\"to\":0},{\"field\":\"team\",\"to\":null}]}",
    NULL },
  { "[]", "op" },
  { "{}", "uid" },
  { "{\"uid\":\"" UID_1 "\",\"ticket\":\"" UID_2 "\",\"author\":\"" UID_3 "\"}", "kind" },
  { "{" OP_HEAD ",\"uid\":\"karen\"}", "uid" },
  { "{" OP_HEAD ",\"uid\":null}", "uid" },
  { "{" OP_HEAD ",\"uid\":7}", "uid" },
  { "{" OP_HEAD ",\"target\":\"x\"}", "target" },
  { "{" OP_HEAD ",\"kind\":\"shout\"}", "kind" },
  { "{" OP_HEAD ",\"kind\":3}", "kind" },
  { "{" OP_HEAD ",\"via\":\"\"}", "via" },
  { "{" OP_HEAD ",\"text\":7}", "text" },
  { "{" OP_HEAD ",\"text\":[\"a\"]}", "text" },
  { "{" OP_HEAD ",\"base\":\"7\"}", "base" },
  { "{" OP_HEAD ",\"base\":7.0}", "base" },
  { "{" OP_HEAD ",\"base\":-1}", "base" },
  { "{" OP_HEAD ",\"base\":true}", "base" },
  { "{" OP_HEAD ",\"changes\":{}}", "changes" },
  { "{" OP_HEAD ",\"changes\":[7]}", "changes[0]" },
  { "{" OP_HEAD ",\"changes\":[{}]}", "field" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"colour\",\"to\":\"red\"}]}", "field" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":7,\"to\":\"red\"}]}", "field" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"team\"}]}", "to" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"team\",\"to\":7}]}", "to" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"team\",\"from\":7,\"to\":\"a\"}]}", "from" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"due_at\",\"to\":\"7\"}]}", "to" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"due_at\",\"to\":-7}]}", "to" },
  { "{" OP_HEAD ",\"changes\":[{\"field\":\"team\",\"to\":null},{\"field\":\"sla\",\"to\":{}}]}",
    "changes[1]" },
  { "{" OP_HEAD ",\"attachments\":[{" FILE_HEAD "}]}", NULL },
  { "{" OP_HEAD ",\"attachments\":[{" FILE_HEAD ",\"size_bytes\":-1}]}", "size_bytes" },
  { "{" OP_HEAD ",\"attachments\":[{" FILE_HEAD ",\"size_bytes\":\"1\"}]}", "size_bytes" },
  { "{" OP_HEAD ",\"attachments\":[{" FILE_HEAD ",\"sha256\":\"0123\"}]}", "sha256" },
  { "{" OP_HEAD ",\"attachments\":[{" FILE_HEAD ",\"name\":null}]}", "name" },
  { "{" OP_HEAD ",\"attachments\":[\"a\"]}", "attachments[0]" },
};

static const StrictCase event_cases[] = {
  { "{" EVENT_HEAD "}", NULL },
  { "{" EVENT_HEAD ",\"changes\":[{\"field\":\"status\",\"to\":\"closed\"}]}", NULL },
  { "{" OP_HEAD "}", "no" },
  { "{" EVENT_HEAD ",\"audience\":\"secret\"}", "audience" },
  { "{" EVENT_HEAD ",\"redacted\":1}", "redacted" },
  { "{" EVENT_HEAD ",\"redacted\":\"true\"}", "redacted" },
  { "{" EVENT_HEAD ",\"cause\":\"x\"}", "cause" },
  { "{" EVENT_HEAD ",\"changes\":[{\"field\":\"status\",\"to\":\"frozen\"}]}", "status" },
  { "{" EVENT_HEAD ",\"changes\":[{\"field\":\"status\",\"to\":null}]}", "status" },
  { "{" EVENT_HEAD ",\"changes\":[{\"field\":\"topic\",\"to\":\"Not A Slug\"}]}", "topic" },
};

static const StrictCase person_cases[] = {
  { "{\"uid\":\"" UID_1 "\",\"role\":\"agent\"}", NULL },
  { "{\"uid\":\"" UID_1 "\"}", "role" },
  { "{\"uid\":\"" UID_1 "\",\"role\":\"boss\"}", "role" },
  { "{\"uid\":\"" UID_1 "\",\"role\":\"agent\",\"departments\":\"fraud\"}", "departments" },
  { "{\"uid\":\"" UID_1 "\",\"role\":\"agent\",\"departments\":[\"fraud\",7]}", "departments" },
  { "{\"uid\":\"" UID_1 "\",\"role\":\"agent\",\"teams\":[null]}", "teams" },
  { "{\"uid\":\"" UID_1 "\",\"role\":\"agent\",\"removed\":0}", "removed" },
};

static const StrictCase entry_cases[] = {
  { "{\"kind\":\"sla\",\"slug\":\"day\",\"label\":\"Day\",\"hours\":24}", NULL },
  { "{\"kind\":\"sla\",\"slug\":\"day\",\"label\":\"Day\",\"hours\":null}", NULL },
  { "{\"kind\":\"sla\",\"slug\":\"day\",\"label\":\"Day\",\"hours\":\"24\"}", "hours" },
  { "{\"kind\":\"sla\",\"slug\":\"day\",\"label\":\"Day\",\"hours\":24.0}", "hours" },
  { "{\"kind\":\"sla\",\"slug\":\"day\"}", "label" },
  { "{\"kind\":\"rule\",\"slug\":\"day\",\"label\":\"Day\"}", "kind" },
  { "{\"kind\":\"department\",\"slug\":\"a\",\"label\":\"A\",\"public\":\"no\"}", "public" },
  { "{\"kind\":\"topic\",\"slug\":\"a\",\"label\":\"A\",\"department\":7}", "department" },
};

static const StrictCase ticket_cases[] = {
  { "{\"uid\":\"" UID_1 "\",\"status\":\"open\",\"priority\":\"low\",\"no\":1,\"public_no\":1,"
    "\"created_at\":1,\"updated_at\":1,\"public_at\":1}",
    NULL },
  { "{\"uid\":\"" UID_1 "\",\"priority\":\"low\"}", "status" },
  { "{\"uid\":\"" UID_1 "\",\"status\":\"open\",\"priority\":\"low\",\"due_at\":\"soon\"}",
    "due_at" },
};

static const struct
{
  const char *name;
  Reader read;
  GDestroyNotify free;
  const StrictCase *cases;
  guint n_cases;
} readers[] = {
  { "op", (Reader) desk_op_from_json, (GDestroyNotify) desk_op_unref, op_cases,
    G_N_ELEMENTS (op_cases) },
  { "event", (Reader) desk_event_from_json, (GDestroyNotify) desk_event_unref, event_cases,
    G_N_ELEMENTS (event_cases) },
  { "person", (Reader) desk_person_from_json, (GDestroyNotify) desk_person_unref, person_cases,
    G_N_ELEMENTS (person_cases) },
  { "entry", (Reader) desk_entry_from_json, (GDestroyNotify) desk_entry_unref, entry_cases,
    G_N_ELEMENTS (entry_cases) },
  { "ticket", (Reader) desk_ticket_from_json, (GDestroyNotify) desk_ticket_unref, ticket_cases,
    G_N_ELEMENTS (ticket_cases) },
};

static void
test_strict (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  for (guint j = 0; j < readers[i].n_cases; j++)
    {
      const StrictCase *test = &readers[i].cases[j];
      g_autoptr (JsonNode) node = from_line (test->text);
      g_autoptr (GError) error = NULL;
      gpointer value = readers[i].read (node, &error);

      g_test_message ("%s", test->text);
      if (test->named == NULL)
        {
          g_assert_no_error (error);
          readers[i].free (value);
          continue;
        }
      g_assert_null (value);
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, test->named));
    }
}

/* Every reader stands every node. */
static void
test_foreign_nodes (void)
{
  static const char *const texts[] = { "[]", "[[[]]]", "{}",
                                       "{\"uid\":{},\"kind\":[],\"changes\":[[]]}" };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autoptr (JsonNode) node = from_line (texts[j]);
        g_autoptr (GError) error = NULL;

        g_assert_null (readers[i].read (node, &error));
        g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
      }
}

/* A longer text than core takes comes through, for core to say so. */
static void
test_long_text (void)
{
  g_autofree char *fill = g_strnfill (10 * 1000 * 1000, 'x');
  g_autofree char *text = g_strconcat ("{" OP_HEAD ",\"text\":\"", fill, "\"}", NULL);
  g_autoptr (JsonNode) node = from_line (text);
  g_autoptr (DeskOp) op = desk_op_from_json (node, NULL);

  g_assert_cmpstr (op->text, ==, fill);
}

/* --- digest --- */

/* Stored in desk files: a change of the form would refuse every resent op. */
static void
test_digest_form (void)
{
  g_autoptr (DeskOp) op = new_op ();
  g_autofree char *digest = desk_op_digest (op);

  g_assert_cmpstr (digest, ==, "0ec12a91d26ea11d8507aa8e759c23b45d340865c64573e4a837aa63a76b4bc2");
}

static void
change_op (DeskOp *op, guint what)
{
  DeskAttachment *attachment = g_ptr_array_index (op->attachments, 0);
  DeskChange *change = g_ptr_array_index (op->changes, 0);
  char **texts[] = { &op->uid,          &op->ticket,       &op->text,
                     &op->target,       &op->author,       &op->device,
                     &attachment->name, &attachment->type, &attachment->sha256,
                     &change->to };

  if (what < G_N_ELEMENTS (texts))
    {
      g_free (*texts[what]);
      *texts[what] = g_strdup ("other");
      return;
    }
  switch (what - G_N_ELEMENTS (texts))
    {
    case 0:
      op->kind = DESK_KIND_NOTE;
      break;
    case 1:
      op->via = DESK_VIA_CLI;
      break;
    case 2:
      op->at++;
      break;
    case 3:
      attachment->size_bytes++;
      break;
    case 4:
      change->field = DESK_FIELD_PRIORITY;
      break;
    case 5:
      desk_op_change (op, DESK_FIELD_TEAM, "");
      break;
    case 6:
      g_ptr_array_remove_index (op->changes, 2);
      break;
    case 7:
      g_ptr_array_remove_index (op->attachments, 0);
      break;
    default:
      g_assert_not_reached ();
    }
}

#define N_CHANGES_OF_OP 18

static void
test_digest_differs (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (DeskOp) op = new_op ();
  g_autoptr (DeskOp) same = new_op ();
  g_autofree char *digest = desk_op_digest (same);
  g_autofree char *again = NULL;

  g_hash_table_add (seen, desk_op_digest (op));
  g_assert_true (g_hash_table_contains (seen, digest));
  /* How much somebody had seen is not what they said: sent again after a restore, it may be less.
   */
  same->base++;
  again = desk_op_digest (same);
  g_assert_cmpstr (again, ==, digest);
  for (guint i = 0; i < N_CHANGES_OF_OP; i++)
    {
      g_autoptr (DeskOp) changed = new_op ();

      change_op (changed, i);
      g_test_message ("%u", i);
      g_assert_true (g_hash_table_add (seen, desk_op_digest (changed)));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/op", test_op);
  g_test_add_func ("/json/op-form", test_op_form);
  g_test_add_func ("/json/event", test_event);
  g_test_add_func ("/json/ticket", test_ticket);
  g_test_add_func ("/json/empty-ticket", test_empty_ticket);
  g_test_add_func ("/json/entry", test_entry);
  g_test_add_func ("/json/person", test_person);
  g_test_add_func ("/json/binary-text", test_binary_text);
  g_test_add_func ("/json/long-text", test_long_text);
  g_test_add_func ("/json/foreign-nodes", test_foreign_nodes);
  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      g_autofree char *path = g_strconcat ("/json/strict/", readers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_strict);
    }
  g_test_add_func ("/json/digest-form", test_digest_form);
  g_test_add_func ("/json/digest-differs", test_digest_differs);
  return g_test_run ();
}
