/* SPDX-License-Identifier: GPL-3.0-or-later
 * Queues by word, and what they hold. */
#include "desk-view.h"

#include "fixture.h"

static void
test_words (void)
{
  static const char *const words[] = { "mine",    "unassigned",         "open",   "overdue",
                                       "waiting", "resolved",           "closed", "all",
                                       "filed",   "department:staff-it" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *word = NULL;
      DeskView view, again;

      g_assert_true (desk_view_parse (words[i], &view, &error));
      g_assert_no_error (error);
      g_assert_cmpint (view.kind, ==, i);
      word = desk_view_dup_word (&view);
      g_assert_cmpstr (word, ==, words[i]);
      g_assert_true (desk_view_parse (word, &again, NULL));
      g_assert_true (desk_view_equal (&view, &again));
    }
}

static void
test_no_words (void)
{
  static const char *const words[] = {
    NULL, "", "Mine", "department", "department:", "department:Staff IT", "department:a:b", "open "
  };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (GError) error = NULL;
      DeskView view;

      g_assert_false (desk_view_parse (words[i], &view, &error));
      g_assert_error (error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

static void
test_equal (void)
{
  DeskView open = desk_view_of (DESK_VIEW_OPEN);
  DeskView closed = desk_view_of (DESK_VIEW_CLOSED);
  DeskView staff = desk_view_of_department ("staff-it");
  DeskView fraud = desk_view_of_department ("fraud");

  g_assert_true (desk_view_equal (&open, &open));
  g_assert_false (desk_view_equal (&open, &closed));
  g_assert_false (desk_view_equal (&staff, &fraud));
  g_assert_false (desk_view_equal (&staff, &open));
}

/* For each status, the views that hold a ticket of karen's in staff-it; by first letters, with
 * F for filed and D for department. */
static const struct
{
  DeskStatus status;
  const char *assignee;
  gint64 due_at;
  const char *reader;
  const char *views;
} cases[] = {
  { DESK_STATUS_OPEN, NULL, 0, "jane", "uoaD" },
  { DESK_STATUS_OPEN, "jane", 0, "jane", "moaD" },
  { DESK_STATUS_OPEN, "john", 0, "jane", "oaD" },
  { DESK_STATUS_OPEN, NULL, 0, NULL, "uoaD" },
  { DESK_STATUS_OPEN, "jane", NOW, "jane", "moaD" },
  { DESK_STATUS_OPEN, "jane", NOW - 1, "jane", "movaD" },
  { DESK_STATUS_WAITING, "jane", 0, "jane", "mwa" },
  { DESK_STATUS_WAITING, NULL, 0, "jane", "wa" },
  { DESK_STATUS_RESOLVED, "jane", 0, "jane", "ra" },
  { DESK_STATUS_CLOSED, "jane", 0, "jane", "ca" },
  { DESK_STATUS_CLOSED, "jane", 0, "karen", "caF" },
  { DESK_STATUS_OPEN, NULL, 0, "karen", "uoaFD" },
};

static void
test_holds (void)
{
  static const char letters[] = "muovwrcaFD";

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
      g_autoptr (GString) views = g_string_new (NULL);

      ticket->status = cases[i].status;
      ticket->due_at = cases[i].due_at;
      desk_ticket_set_field (ticket, DESK_FIELD_ASSIGNEE, cases[i].assignee);
      desk_ticket_set_field (ticket, DESK_FIELD_REQUESTER, "karen");
      desk_ticket_set_field (ticket, DESK_FIELD_DEPARTMENT, "staff-it");
      for (DeskViewKind kind = 0; kind <= DESK_VIEW_DEPARTMENT; kind++)
        {
          DeskView view = kind == DESK_VIEW_DEPARTMENT ? desk_view_of_department ("staff-it")
                                                       : desk_view_of (kind);

          if (desk_view_holds (&view, ticket, cases[i].reader, NOW))
            g_string_append_c (views, letters[kind]);
        }
      g_assert_cmpstr (views->str, ==, cases[i].views);
    }
}

static void
test_other_department (void)
{
  g_autoptr (DeskTicket) ticket = desk_ticket_new ("t");
  DeskView view = desk_view_of_department ("staff-it");

  desk_ticket_set_field (ticket, DESK_FIELD_DEPARTMENT, "fraud");
  g_assert_false (desk_view_holds (&view, ticket, "jane", NOW));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/view/words", test_words);
  g_test_add_func ("/view/no-words", test_no_words);
  g_test_add_func ("/view/equal", test_equal);
  g_test_add_func ("/view/holds", test_holds);
  g_test_add_func ("/view/other-department", test_other_department);
  return g_test_run ();
}
