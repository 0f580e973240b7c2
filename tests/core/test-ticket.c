/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields of a ticket by name and in their canonical form. */
#include "desk-ticket.h"

static void
assert_field (const DeskTicket *ticket, DeskField field, const char *value)
{
  g_autofree char *got = desk_ticket_dup_field (ticket, field);

  g_assert_cmpstr (got, ==, value);
  g_assert_true (desk_ticket_field_equals (ticket, field, value));
}

static void
test_names (void)
{
  DeskField field;

  for (DeskField i = 0; i < DESK_N_FIELDS; i++)
    {
      g_assert_true (desk_field_parse (desk_field_get_name (i), &field));
      g_assert_cmpint (field, ==, i);
    }
  g_assert_cmpstr (desk_field_get_name (DESK_FIELD_DUE_AT), ==, "due_at");
  g_assert_false (desk_field_parse ("due-at", &field));
  g_assert_false (desk_field_parse ("no", &field));
  g_assert_false (desk_field_parse (NULL, &field));
}

static void
test_new (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    if (field != DESK_FIELD_STATUS && field != DESK_FIELD_PRIORITY)
      assert_field (ticket, field, NULL);
  assert_field (ticket, DESK_FIELD_STATUS, "open");
  assert_field (ticket, DESK_FIELD_PRIORITY, "normal");
}

static const struct
{
  DeskField field;
  const char *value;
  gboolean fits;
} values[] = {
  { DESK_FIELD_SUMMARY, "Mobile", TRUE },
  { DESK_FIELD_SUMMARY, NULL, TRUE },
  { DESK_FIELD_SUMMARY, "", TRUE },
  { DESK_FIELD_SUMMARY, "\xff", FALSE },
  { DESK_FIELD_STATUS, "closed", TRUE },
  { DESK_FIELD_STATUS, "Closed", FALSE },
  { DESK_FIELD_STATUS, "3", FALSE },
  { DESK_FIELD_STATUS, NULL, FALSE },
  { DESK_FIELD_PRIORITY, "urgent", TRUE },
  { DESK_FIELD_PRIORITY, "", FALSE },
  { DESK_FIELD_PRIORITY, NULL, FALSE },
  { DESK_FIELD_TOPIC, "online-banking", TRUE },
  { DESK_FIELD_TOPIC, NULL, TRUE },
  { DESK_FIELD_TOPIC, "Online Banking", FALSE },
  { DESK_FIELD_TOPIC, "", FALSE },
  { DESK_FIELD_ASSIGNEE, "01890a5d-ac96-774b-bcce-b302099a8057", TRUE },
  { DESK_FIELD_ASSIGNEE, NULL, TRUE },
  { DESK_FIELD_ASSIGNEE, "two words", FALSE },
  { DESK_FIELD_ASSIGNEE, "", FALSE },
  { DESK_FIELD_DUE_AT, "1790000000", TRUE },
  { DESK_FIELD_DUE_AT, "9223372036854775807", TRUE },
  { DESK_FIELD_DUE_AT, NULL, TRUE },
  { DESK_FIELD_DUE_AT, "9223372036854775808", FALSE },
  { DESK_FIELD_DUE_AT, "0", FALSE },
  { DESK_FIELD_DUE_AT, "-1", FALSE },
  { DESK_FIELD_DUE_AT, "+1", FALSE },
  { DESK_FIELD_DUE_AT, "007", FALSE },
  { DESK_FIELD_DUE_AT, " 7", FALSE },
  { DESK_FIELD_DUE_AT, "7 ", FALSE },
  { DESK_FIELD_DUE_AT, "7.0", FALSE },
  { DESK_FIELD_DUE_AT, "", FALSE },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
      g_autofree char *before = desk_ticket_dup_field (ticket, values[i].field);
      const char *expected = values[i].fits ? values[i].value : before;

      g_test_message ("%u", i);
      if (expected != NULL && *expected == '\0')
        expected = NULL;
      g_assert_cmpint (desk_ticket_set_field (ticket, values[i].field, values[i].value), ==,
                       values[i].fits);
      assert_field (ticket, values[i].field, expected);
    }
}

/* A value that no ticket can have equals none. */
static void
test_equals (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");

  g_assert_false (desk_ticket_field_equals (ticket, DESK_FIELD_DUE_AT, "0"));
  g_assert_false (desk_ticket_field_equals (ticket, DESK_FIELD_DUE_AT, "x"));
  g_assert_false (desk_ticket_field_equals (ticket, DESK_FIELD_STATUS, NULL));
  g_assert_false (desk_ticket_field_equals (ticket, DESK_FIELD_SUMMARY, ""));
}

/* A ticket in which every field and counter has a value. */
static DeskTicket *
new_full_ticket (void)
{
  static const char *const forms[] = {
    [DESK_FIELD_TYPE_TEXT] = "text",       [DESK_FIELD_TYPE_SLUG] = "slug",
    [DESK_FIELD_TYPE_PERSON] = "uid",      [DESK_FIELD_TYPE_STATUS] = "closed",
    [DESK_FIELD_TYPE_PRIORITY] = "urgent", [DESK_FIELD_TYPE_INT] = "7",
  };
  DeskTicket *ticket = desk_ticket_new ("t");

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    g_assert_true (desk_ticket_set_field (ticket, field, forms[desk_field_get_field_type (field)]));
  ticket->no = 9;
  ticket->public_no = 8;
  ticket->created_at = 1;
  ticket->updated_at = 3;
  ticket->public_at = 2;
  return ticket;
}

static void
test_copy_and_compare (void)
{
  g_autoptr (DeskTicket) ticket = new_full_ticket ();
  g_autoptr (DeskTicket) empty = desk_ticket_new ("t");

  for (DeskField field = 0; field < DESK_N_FIELDS; field++)
    {
      g_autoptr (DeskTicket) copy = desk_ticket_copy (ticket);
      g_autofree char *other = desk_ticket_dup_field (empty, field);

      g_assert_cmpstr (desk_ticket_compare (ticket, copy), ==, NULL);
      g_assert_true (desk_ticket_set_field (copy, field, other));
      g_assert_cmpstr (desk_ticket_compare (ticket, copy), ==, desk_field_get_name (field));
      g_assert_cmpstr (desk_ticket_compare (copy, ticket), ==, desk_field_get_name (field));
    }
}

static void
test_compare_counters (void)
{
  g_autoptr (DeskTicket) a = new_full_ticket ();
  g_autoptr (DeskTicket) b = new_full_ticket ();

  b->public_at++;
  g_assert_cmpstr (desk_ticket_compare (a, b), ==, "public_at");
  b->no++;
  g_assert_cmpstr (desk_ticket_compare (a, b), ==, "no");
  g_free (b->uid);
  b->uid = g_strdup ("u");
  g_assert_cmpstr (desk_ticket_compare (a, b), ==, "uid");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ticket/field-names", test_names);
  g_test_add_func ("/ticket/new", test_new);
  g_test_add_func ("/ticket/values", test_values);
  g_test_add_func ("/ticket/equals", test_equals);
  g_test_add_func ("/ticket/copy-and-compare", test_copy_and_compare);
  g_test_add_func ("/ticket/compare-counters", test_compare_counters);
  return g_test_run ();
}
