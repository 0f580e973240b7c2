/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may do what: every action for every standing in every status. */
#include "fixture.h"

#include <string.h>

/* By status (open, waiting, resolved, closed): y yes, n not allowed, w wrong status. The ticket is
 * in staff-it and nobody's; "both" is an agent of the department who filed it. */
static const struct
{
  DeskAction action;
  const char *name;
  const char *requester, *agent, *both, *administrator;
} table[] = {
  { DESK_ACTION_SEE, "see", "yyyy", "yyyy", "yyyy", "yyyy" },
  { DESK_ACTION_SEE_INTERNAL, "see-internal", "nnnn", "yyyy", "yyyy", "yyyy" },
  { DESK_ACTION_MESSAGE, "message", "yyyy", "nnnn", "yyyy", "nnnn" },
  { DESK_ACTION_REPLY, "reply", "nnnn", "yyyy", "yyyy", "yyyy" },
  { DESK_ACTION_NOTE, "note", "nnnn", "yyyy", "yyyy", "yyyy" },
  { DESK_ACTION_CLAIM, "claim", "nnnn", "yyyw", "yyyw", "yyyw" },
  { DESK_ACTION_ASSIGN, "assign", "nnnn", "yyyw", "yyyw", "yyyw" },
  { DESK_ACTION_TRANSFER, "transfer", "nnnn", "yyyw", "yyyw", "yyyw" },
  { DESK_ACTION_SET, "set", "nnnn", "yyyw", "yyyw", "yyyw" },
  { DESK_ACTION_WAIT, "wait", "nnnn", "ywww", "ywww", "ywww" },
  { DESK_ACTION_RESOLVE, "resolve", "nnnn", "yyww", "yyww", "yyww" },
  { DESK_ACTION_CONFIRM, "confirm", "wwyw", "nnnn", "wwyw", "nnnn" },
  { DESK_ACTION_REOPEN, "reopen", "wwyy", "wyyy", "wyyy", "wyyy" },
  { DESK_ACTION_WITHDRAW, "withdraw", "ywww", "nnnn", "ywww", "nnnn" },
  { DESK_ACTION_CLOSE, "close", "nnnn", "yyyw", "yyyw", "yyyw" },
  { DESK_ACTION_REDACT, "redact", "nnnn", "nnnn", "nnnn", "yyyy" },
};

static DeskTicket *
new_ticket (DeskStatus status, const char *requester)
{
  DeskTicket *ticket = desk_ticket_new ("ticket");

  desk_ticket_set_field (ticket, DESK_FIELD_REQUESTER, requester);
  desk_ticket_set_field (ticket, DESK_FIELD_DEPARTMENT, "staff-it");
  ticket->status = status;
  if (status == DESK_STATUS_CLOSED)
    ticket->closed_at = NOW - HOUR;
  return ticket;
}

static char
ask (DeskAction action, const char *person, const DeskTicket *ticket)
{
  g_autoptr (DeskCatalogue) catalogue = fixture_catalogue ();
  g_autoptr (GError) error = NULL;

  if (desk_can (action, fixture_person (person), ticket, catalogue, NOW, &error))
    {
      g_assert_no_error (error);
      return 'y';
    }
  g_assert_true (error != NULL && error->domain == DESK_ERROR);
  g_assert_cmpuint (strlen (error->message), >, 10);
  switch (error->code)
    {
    case DESK_ERROR_NOT_ALLOWED:
      return 'n';
    case DESK_ERROR_WRONG_STATUS:
      return 'w';
    case DESK_ERROR_NO_SUCH:
      return '?';
    case DESK_ERROR_CLOSED:
      return 'c';
    default:
      return '!';
    }
}

static void
check_row (DeskAction action, const char *person, const char *requester, const char *expected)
{
  char got[DESK_N_STATUSES + 1] = "";

  for (DeskStatus status = 0; status < DESK_N_STATUSES; status++)
    {
      g_autoptr (DeskTicket) ticket = new_ticket (status, requester);

      got[status] = ask (action, person, ticket);
    }
  g_assert_cmpstr (got, ==, expected);
}

static void
test_action (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  DeskAction action = table[i].action;

  check_row (action, "karen", "karen", table[i].requester);
  check_row (action, "john", "karen", table[i].agent);
  check_row (action, "john", "john", table[i].both);
  check_row (action, "administrator", "karen", table[i].administrator);
  check_row (action, "stranger", "karen", "????");
  check_row (action, "jane", "karen", "????"); /* works elsewhere */
  check_row (action, "gone", "gone", "????");
}

static void
test_table_is_whole (void)
{
  g_assert_cmpuint (G_N_ELEMENTS (table), ==, DESK_ACTION_KEEP_CATALOGUE);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpint (table[i].action, ==, i);
}

static void
test_catalogue (void)
{
  g_assert_cmpint (ask (DESK_ACTION_KEEP_CATALOGUE, "administrator", NULL), ==, 'y');
  g_assert_cmpint (ask (DESK_ACTION_KEEP_CATALOGUE, "john", NULL), ==, 'n');
  g_assert_cmpint (ask (DESK_ACTION_KEEP_CATALOGUE, "karen", NULL), ==, 'n');
  g_assert_cmpint (ask (DESK_ACTION_KEEP_CATALOGUE, "gone", NULL), ==, 'n');
}

static void
test_standing (void)
{
  static const struct
  {
    const char *person;
    const char *requester, *department, *assignee, *team;
    guint standing;
  } cases[] = {
    { "karen", "karen", "staff-it", NULL, NULL, DESK_STANDING_REQUESTER },
    { "karen", "stranger", "staff-it", "karen", NULL, DESK_STANDING_NONE },
    { "john", "karen", "staff-it", NULL, NULL, DESK_STANDING_AGENT },
    { "john", "karen", "fraud", NULL, NULL, DESK_STANDING_NONE },
    { "john", "karen", "fraud", "john", NULL, DESK_STANDING_AGENT },
    { "john", "karen", "fraud", NULL, "night", DESK_STANDING_NONE },
    { "jane", "karen", "staff-it", NULL, "night", DESK_STANDING_AGENT },
    { "john", "john", "fraud", NULL, NULL, DESK_STANDING_REQUESTER },
    { "john", "john", "staff-it", NULL, NULL, DESK_STANDING_REQUESTER | DESK_STANDING_AGENT },
    { "administrator", "karen", "fraud", NULL, NULL,
      DESK_STANDING_AGENT | DESK_STANDING_ADMINISTRATOR },
    { "gone", "gone", "staff-it", "gone", NULL, DESK_STANDING_NONE },
    { "john", "karen", NULL, NULL, NULL, DESK_STANDING_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DeskTicket) ticket = desk_ticket_new ("ticket");

      desk_ticket_set_field (ticket, DESK_FIELD_REQUESTER, cases[i].requester);
      desk_ticket_set_field (ticket, DESK_FIELD_DEPARTMENT, cases[i].department);
      desk_ticket_set_field (ticket, DESK_FIELD_ASSIGNEE, cases[i].assignee);
      desk_ticket_set_field (ticket, DESK_FIELD_TEAM, cases[i].team);
      g_test_message ("%u", i);
      g_assert_cmpuint (desk_standing_of (fixture_person (cases[i].person), ticket), ==,
                        cases[i].standing);
    }
  g_assert_cmpuint (desk_standing_of (fixture_person ("john"), NULL), ==, DESK_STANDING_AGENT);
  g_assert_cmpuint (desk_standing_of (fixture_person ("karen"), NULL), ==, DESK_STANDING_NONE);
}

/* Memberships that a requester kept from earlier days give nothing. */
static void
test_demoted (void)
{
  g_autoptr (DeskPerson) demoted = desk_person_copy (fixture_person ("john"));
  g_autoptr (DeskTicket) ticket = new_ticket (DESK_STATUS_OPEN, "karen");

  demoted->role = DESK_ROLE_REQUESTER;
  desk_ticket_set_field (ticket, DESK_FIELD_ASSIGNEE, "john");
  g_assert_cmpuint (desk_standing_of (demoted, ticket), ==, DESK_STANDING_NONE);
}

static void
test_claim_only_nobodys (void)
{
  g_autoptr (DeskTicket) ticket = new_ticket (DESK_STATUS_OPEN, "karen");

  desk_ticket_set_field (ticket, DESK_FIELD_ASSIGNEE, "jane");
  g_assert_cmpint (ask (DESK_ACTION_CLAIM, "john", ticket), ==, 'w');
  g_assert_cmpint (ask (DESK_ACTION_ASSIGN, "john", ticket), ==, 'y');
}

static void
test_window (void)
{
  static const struct
  {
    const char *days;
    gint64 closed_before;
    char requester;
  } cases[] = { { "14", 14 * DAY, 'y' }, { "14", 14 * DAY + 1, 'c' }, { "0", 0, 'y' },
                { "0", 1, 'c' },         { "365", 364 * DAY, 'y' },   { "14", -DAY, 'y' } };
  static const DeskAction actions[] = { DESK_ACTION_MESSAGE, DESK_ACTION_REOPEN };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < G_N_ELEMENTS (actions); j++)
      {
        g_autoptr (DeskCatalogue)
            catalogue = fixture_catalogue_with (DESK_PROPERTY_REOPEN_DAYS, cases[i].days);
        g_autoptr (DeskTicket) ticket = new_ticket (DESK_STATUS_CLOSED, "karen");
        g_autoptr (GError) error = NULL;
        gboolean can;

        ticket->closed_at = NOW - cases[i].closed_before;
        can = desk_can (actions[j], fixture_person ("karen"), ticket, catalogue, NOW, &error);
        g_assert_cmpint (can, ==, cases[i].requester == 'y');
        if (!can)
          g_assert_error (error, DESK_ERROR, DESK_ERROR_CLOSED);
      }
}

static void
test_moves (void)
{
  static const struct
  {
    guint standing;
    const char *moves; /* from × to */
  } cases[] = {
    { DESK_STANDING_NONE, ".... .... .... ...." },
    { DESK_STANDING_AGENT, ".yyy y.yy y..y y..." },
    { DESK_STANDING_ADMINISTRATOR, ".yyy y.yy y..y y..." },
    { DESK_STANDING_REQUESTER, "...y y... y..y y..." },
    { DESK_STANDING_REQUESTER | DESK_STANDING_AGENT, ".yyy y.yy y..y y..." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (DeskStatus from = 0; from < DESK_N_STATUSES; from++)
      for (DeskStatus to = 0; to < DESK_N_STATUSES; to++)
        g_assert_cmpint (desk_status_can_move (from, to, (DeskStanding) cases[i].standing), ==,
                         cases[i].moves[from * 5 + to] == 'y');
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *path = g_strconcat ("/permission/action/", table[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_action);
    }
  g_test_add_func ("/permission/table-is-whole", test_table_is_whole);
  g_test_add_func ("/permission/catalogue", test_catalogue);
  g_test_add_func ("/permission/standing", test_standing);
  g_test_add_func ("/permission/standing/demoted", test_demoted);
  g_test_add_func ("/permission/claim-only-nobodys", test_claim_only_nobodys);
  g_test_add_func ("/permission/reopen-window", test_window);
  g_test_add_func ("/permission/moves", test_moves);
  return g_test_run ();
}
