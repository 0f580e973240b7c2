/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sentences from patterns; the lists of words are at the top. */
#include "bench-text.h"

#include <math.h>

/* How many made-up names of systems and brands there are: the rare half of a desk's words. */
#define N_NAMES 40000

static const char *const departments[BENCH_N_DEPARTMENTS] = { "Service Desk",
                                                              "Online Banking",
                                                              "Mobile Banking",
                                                              "Cards",
                                                              "Payments",
                                                              "Loans",
                                                              "Mortgages",
                                                              "Savings",
                                                              "Securities",
                                                              "Insurance",
                                                              "Branch Support",
                                                              "Cash Machines",
                                                              "Workplace",
                                                              "Network",
                                                              "Telephony",
                                                              "Mail and Calendar",
                                                              "Printing",
                                                              "Servers",
                                                              "Storage",
                                                              "Databases",
                                                              "Identity",
                                                              "Security Operations",
                                                              "Data Protection",
                                                              "Compliance",
                                                              "Fraud",
                                                              "Accounting",
                                                              "Tax",
                                                              "Controlling",
                                                              "Procurement",
                                                              "Human Resources",
                                                              "Payroll",
                                                              "Training",
                                                              "Facilities",
                                                              "Fleet",
                                                              "Reception",
                                                              "Marketing",
                                                              "Website",
                                                              "Content",
                                                              "Design",
                                                              "Analytics",
                                                              "Reporting",
                                                              "Archive",
                                                              "Legal",
                                                              "Treasury",
                                                              "Correspondent Bank",
                                                              "Trade Finance",
                                                              "Private Clients",
                                                              "Business Clients",
                                                              "Quality",
                                                              "Release Management" };

static const char *const things[] = { "the app",
                                      "the page",
                                      "my account",
                                      "the printer",
                                      "the card",
                                      "the password",
                                      "the payment",
                                      "the form",
                                      "the login",
                                      "the transfer",
                                      "the laptop",
                                      "the phone",
                                      "the screen",
                                      "the report",
                                      "the statement",
                                      "the mail",
                                      "the calendar",
                                      "the invoice",
                                      "the file",
                                      "the folder",
                                      "the order",
                                      "the shared drive",
                                      "the contract",
                                      "the scanner",
                                      "the list",
                                      "the balance",
                                      "the token",
                                      "the certificate",
                                      "the meeting room",
                                      "the headset",
                                      "the monitor",
                                      "the keyboard",
                                      "the browser",
                                      "the badge",
                                      "the door",
                                      "the cash machine",
                                      "the standing order",
                                      "the direct debit",
                                      "the limit",
                                      "the PIN",
                                      "the fingerprint",
                                      "the update",
                                      "the installation",
                                      "the licence",
                                      "the network",
                                      "the wireless network",
                                      "the connection",
                                      "the tunnel",
                                      "the signature",
                                      "the export",
                                      "the import",
                                      "the spreadsheet",
                                      "the template",
                                      "the archive",
                                      "the backup",
                                      "the mailbox",
                                      "the distribution list",
                                      "the attachment",
                                      "the search",
                                      "the menu",
                                      "the button",
                                      "the table",
                                      "the chart",
                                      "the camera",
                                      "the microphone",
                                      "the docking station",
                                      "the projector",
                                      "the time sheet",
                                      "the expense claim",
                                      "the travel booking",
                                      "the payslip",
                                      "the tax form",
                                      "the training course",
                                      "the onboarding",
                                      "the loan request",
                                      "the mortgage offer",
                                      "the interest rate",
                                      "the exchange rate",
                                      "the savings plan",
                                      "the portfolio",
                                      "the depot",
                                      "the insurance policy",
                                      "the claim",
                                      "the address",
                                      "the power of attorney",
                                      "the joint account",
                                      "the credit line",
                                      "the guarantee",
                                      "the letter of credit",
                                      "the swift message",
                                      "the batch",
                                      "the night run",
                                      "the interface",
                                      "the queue",
                                      "the database",
                                      "the index",
                                      "the server",
                                      "the cluster",
                                      "the firewall",
                                      "the proxy",
                                      "the gateway",
                                      "the switch",
                                      "the router",
                                      "the access point",
                                      "the cable",
                                      "the socket",
                                      "the battery",
                                      "the charger",
                                      "the toner",
                                      "the drawer",
                                      "the label printer",
                                      "the coin counter",
                                      "the safe",
                                      "the alarm",
                                      "the elevator",
                                      "the parking permit",
                                      "the company car",
                                      "the fuel card",
                                      "the key cabinet",
                                      "the newsletter",
                                      "the campaign",
                                      "the landing page",
                                      "the brochure",
                                      "the logo",
                                      "the dashboard",
                                      "the forecast",
                                      "the budget",
                                      "the ledger",
                                      "the voucher",
                                      "the reminder",
                                      "the dunning letter",
                                      "the audit trail" };

static const char *const actions[] = {
  "open",    "print",    "save",     "send",    "find",     "change", "start",   "load",
  "sign",    "update",   "delete",   "confirm", "download", "upload", "see",     "install",
  "unlock",  "reset",    "activate", "cancel",  "approve",  "export", "import",  "book",
  "pay",     "transfer", "scan",     "copy",    "rename",   "move",   "share",   "restore",
  "connect", "pair",     "renew",    "extend",  "block",    "order",  "replace", "register",
  "verify",  "submit",   "archive",  "filter",  "sort",     "merge",  "encrypt", "decrypt",
  "mount",   "reach"
};

static const char *const faults[] = { "Service unavailable",   "Access denied",
                                      "Session expired",       "Timeout",
                                      "Unknown error",         "Invalid password",
                                      "Connection refused",    "Not found",
                                      "Certificate expired",   "Disk full",
                                      "Out of paper",          "Permission missing",
                                      "Account locked",        "Limit exceeded",
                                      "Wrong format",          "Duplicate entry",
                                      "Server busy",           "Licence expired",
                                      "Device not recognized", "Checksum mismatch",
                                      "Version conflict",      "Mandatory field empty",
                                      "Bad gateway",           "Host unreachable",
                                      "Data truncated" };

static const char *const places[] = { "at the counter",
                                      "in the office",
                                      "at home",
                                      "in the branch",
                                      "on the train",
                                      "on my phone",
                                      "on my laptop",
                                      "in the meeting room",
                                      "on the second floor",
                                      "in the archive",
                                      "at reception",
                                      "in the basement",
                                      "at the customer",
                                      "in the call centre",
                                      "in the data centre",
                                      "abroad",
                                      "on the test system",
                                      "on the tablet",
                                      "in the new building",
                                      "in the training room" };

static const char *const times[] = { "since this morning",
                                     "since yesterday",
                                     "since the update",
                                     "since Monday",
                                     "today",
                                     "now",
                                     "every day",
                                     "again and again",
                                     "since last week",
                                     "after lunch",
                                     "sometimes",
                                     "at night",
                                     "since the first of the month",
                                     "from time to time",
                                     "since the holiday",
                                     "for three days",
                                     "at the end of the month",
                                     "right after the start",
                                     "during the night run",
                                     "since the move" };

static const char *const teams[] = { "the network team",  "the vendor",
                                     "the branch",        "the data centre",
                                     "the payment team",  "my colleague",
                                     "the security team", "the manufacturer",
                                     "accounting",        "the first level",
                                     "the card scheme",   "the developers",
                                     "the landlord",      "the telephone company",
                                     "procurement",       "the test team" };

static const char *const causes[] = { "an expired certificate",
                                      "a wrong setting",
                                      "a full disk",
                                      "an old version",
                                      "a missing right",
                                      "a broken cable",
                                      "a locked account",
                                      "a typing mistake",
                                      "an outage at the vendor",
                                      "a stuck process",
                                      "a duplicate record",
                                      "a corrupt cache",
                                      "a changed address",
                                      "an interrupted night run",
                                      "a wrong time zone",
                                      "a worn roller",
                                      "a firewall rule",
                                      "a failed update",
                                      "an empty queue",
                                      "a race between two jobs",
                                      "a removed group",
                                      "an incompatible driver",
                                      "a limit in the master data",
                                      "a power cut",
                                      "a loose contact" };

/* %t thing, %a action, %f fault, %p place, %w time, %m team or partner, %k cause, %n number, %c
 * code that hardly anything else has, %s name of a system. */
static const char *const summaries[] = { "Cannot %a %t",
                                         "%t does not work",
                                         "%f when I %a %t",
                                         "%t is slow %w",
                                         "Please %a %t",
                                         "No access to %t",
                                         "%f on %s",
                                         "%t: how do I %a it?",
                                         "%s is down",
                                         "%t is missing %w",
                                         "Wrong amount in %t",
                                         "New %s for %p",
                                         "%t keeps asking me to sign in",
                                         "Question about %t",
                                         "%f %p",
                                         "%t lost after the update to %s",
                                         "Order: %s, %n pieces",
                                         "%c not accepted" };

static const char *const reports[] = {
  "I want to %a %t, and it says \"%f\" %w.",
  "When I try to %a %t %p, nothing happens for %n seconds and then the window closes.",
  "It worked until last week, and I have not changed anything on %t.",
  "The message on the screen is \"%f\" and the number is %c.",
  "My colleague has the same with %t, but only %w.",
  "I have already restarted it twice and tried another browser.",
  "Other people in the team can %a %t without any trouble.",
  "It is urgent because a customer is waiting for %t.",
  "We need %t to %a the papers for %m by the end of the day.",
  "The computer is %s, the room is %n.",
  "%t is very slow %w, it takes about %n minutes to %a it.",
  "Is there a way to %a %t without going to the branch?",
  "I have attached a picture of what I see on %t.",
  "I was told by %m to write to you about %t.",
  "This is the third time this month that I cannot %a %t.",
  "In the list I can see %t, but the amount is wrong by %n.",
  "The customer number is %c, and the system is called %s.",
  "If you need anything else from me, you can reach me %p on extension %n.",
  "After I sign in, I get a white page with the words \"%f\" and nothing else.",
  "It happens %w, mostly when I want to %a %t and then go back to the start page.",
  "With %s there is no such problem, so it must have to do with %t.",
  "Since %m changed something, I can no longer %a %t or %a it from %s."
};

static const char *const messages[] = {
  "It happened again %w, this time with %t.",
  "I have tried what you wrote, and now it says \"%f\".",
  "The error text is \"%f\", with the number %c.",
  "It works on my phone, but not %p.",
  "I am in the office until four and can test it at any time.",
  "In the meantime I can %a %t again, but it is still slow.",
  "%m has the same problem with %t.",
  "The version is %n.%n, on %s.",
  "Is there any news about %t?",
  "I found out that it only happens when I %a %t first."
};

static const char *const replies[] = {
  "Thank you for your message, we are looking into it.",
  "We have passed this on to %m and will write to you as soon as we know more.",
  "You can %a %t again now, can you try it once more?",
  "As a first step you can sign out, wait %n minutes and sign in again.",
  "The problem with %t is known, and %m is working on it.",
  "We have reset %t for you, and you will get a mail with the next steps.",
  "Until then you can use %s to %a %t.",
  "The cause seems to be %k, which we are going to change tonight.",
  "We could see the error in the log of %s at the time that you gave us.",
  "It should be possible to %a it %p by tomorrow morning."
};

static const char *const questions[] = {
  "Can you tell us the exact words of the message when you %a %t?",
  "Which version of %s do you have, and does it also happen %p?",
  "Can you send us a picture of the whole window with %t?",
  "Do you see the same when you %a %t from another computer?",
  "Since when does it happen, and is it all the time or only %w?",
  "We need the number of %t to find it in %s."
};

static const char *const notes[] = {
  "Called %m, no answer, will try again %w.",
  "The log of %s shows \"%f\" with %c, looks like %k.",
  "Same as the one from last week, see %c.",
  "Checked the rights on %t: the group is missing.",
  "Vendor case is %c, they want a trace from %s.",
  "Do not %a %t before the night run has ended.",
  "Could not see it on the test system, asked %m for a second pair of eyes.",
  "Memory on %s is at %n percent, that may be the cause.",
  "The whole system needs a fix, %k again."
};

static const char *const resolutions[] = { "You can %a %t again.",
                                           "The cause was %k.",
                                           "%t was replaced.",
                                           "%m has mended %t.",
                                           "We have changed the setting of %t.",
                                           "%s was started again and %t is back.",
                                           "The rights for %t are in place.",
                                           "%t works with the new version." };

static const char *const steps[] = { "Looked at the log of %s and found \"%f\" with %c.",
                                     "Stopped and started %s %p.",
                                     "Asked %m to %a %t.",
                                     "Removed the old entry and made a new one for %t.",
                                     "Installed version %n.%n and checked that one can %a %t.",
                                     "Changed %k and tested it together with the requester.",
                                     "Cleared the cache, signed out and signed in again.",
                                     "Compared %t with the one %p, which works.",
                                     "Set the limit to %n and watched it for an hour." };

static const char *const advice[] = {
  "When it says \"%f\" again, wait %n minutes before you %a %t.",
  "It is best to %a %t only after the night run.", "Keep %s up to date and restart it once a week.",
  "For %t there is a guide on the start page of %s.", "Tell %m before %t is changed the next time."
};

static const char *const reasons[] = { "Done by phone.", "The same as %c.", "No longer needed.",
                                       "Nothing to do for us, %m takes care of it.",
                                       "The requester could %a %t in the meantime." };

static const char *const thanks[] = { "Thank you, it works.", "Great, I can %a %t again.",
                                      "Works now, thanks for the quick help.", "All good." };

typedef struct
{
  const char *const *items;
  guint n;
} List;

#define LIST(array)                                                                                \
  {                                                                                                \
    array, G_N_ELEMENTS (array)                                                                    \
  }

static const List patterns[] = {
  [BENCH_TEXT_SUMMARY] = LIST (summaries),      [BENCH_TEXT_REPORT] = LIST (reports),
  [BENCH_TEXT_MESSAGE] = LIST (messages),       [BENCH_TEXT_REPLY] = LIST (replies),
  [BENCH_TEXT_QUESTION] = LIST (questions),     [BENCH_TEXT_NOTE] = LIST (notes),
  [BENCH_TEXT_RESOLUTION] = LIST (resolutions), [BENCH_TEXT_STEPS] = LIST (steps),
  [BENCH_TEXT_ADVICE] = LIST (advice),          [BENCH_TEXT_REASON] = LIST (reasons),
  [BENCH_TEXT_THANKS] = LIST (thanks)
};

static const struct
{
  char place;
  List list;
} fillings[] = { { 't', LIST (things) }, { 'a', LIST (actions) }, { 'f', LIST (faults) },
                 { 'p', LIST (places) }, { 'w', LIST (times) },   { 'm', LIST (teams) },
                 { 'k', LIST (causes) } };

/* --- numbers --- */

/* SplitMix64: one addition and a mixing of bits. */
guint64
bench_random_next (BenchRandom *self)
{
  guint64 z = self->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

BenchRandom
bench_random_of (guint64 seed, guint64 part)
{
  BenchRandom self = { seed };

  /* Mixed once, or the stream of one seed would be that of the one before, a step later. */
  self.state = bench_random_next (&self) ^ (part << 32);
  return self;
}

guint
bench_random_below (BenchRandom *self, guint n)
{
  return (guint) (bench_random_next (self) % n);
}

guint
bench_random_rank (BenchRandom *self, guint n)
{
  double share = (double) (bench_random_next (self) >> 11) /
                 (double) (G_GUINT64_CONSTANT (1) << 53);
  guint rank = (guint) pow (n + 1, share) - 1;

  return MIN (rank, n - 1);
}

gboolean
bench_random_chance (BenchRandom *self, guint percent)
{
  return bench_random_below (self, 100) < percent;
}

/* --- words --- */

/* The @i-th made-up name: four syllables. */
static void
append_name (GString *text, guint i)
{
  static const char *const syllables[] = { "ka", "lo",  "mi",  "ren", "tu", "vas", "sol", "ber",
                                           "do", "fin", "gar", "hel", "ju", "nor", "pal", "wex" };

  gsize start = text->len;

  for (guint k = 0; k < 4; k++)
    {
      i = i * 2654435761u + 12345u;
      g_string_append (text, syllables[i >> 28]);
    }
  text->str[start] = g_ascii_toupper (text->str[start]);
}

static void
append_code (GString *text, BenchRandom *random)
{
  static const char *const heads[] = { "E-", "REF", "K", "INC", "0x", "CN-" };

  g_string_append_printf (text, "%s%u", heads[bench_random_below (random, G_N_ELEMENTS (heads))],
                          10000 + bench_random_below (random, 9000000));
}

static gboolean
append_from_list (GString *text, BenchRandom *random, char place)
{
  for (guint i = 0; i < G_N_ELEMENTS (fillings); i++)
    if (fillings[i].place == place)
      {
        const List *list = &fillings[i].list;

        g_string_append (text, list->items[bench_random_rank (random, list->n)]);
        return TRUE;
      }
  return FALSE;
}

static void
fill_place (GString *text, BenchRandom *random, char place)
{
  if (append_from_list (text, random, place))
    return;
  if (place == 'n')
    g_string_append_printf (text, "%u", 1 + bench_random_rank (random, 400));
  else if (place == 'c')
    append_code (text, random);
  else if (place == 's')
    append_name (text, bench_random_rank (random, N_NAMES));
  else
    g_assert_not_reached ();
}

static void
append_sentence (GString *text, BenchRandom *random, const char *pattern)
{
  gsize start = text->len;

  for (; *pattern != '\0'; pattern++)
    if (*pattern == '%')
      fill_place (text, random, *++pattern);
    else
      g_string_append_c (text, *pattern);
  text->str[start] = g_ascii_toupper (text->str[start]);
}

/* Every fourth sentence begins a paragraph. */
static void
append_gap (GString *text, guint i)
{
  if (i > 0)
    g_string_append (text, i % 4 == 0 ? "\n\n" : " ");
}

char *
bench_text_make (BenchRandom *random, BenchTextKind kind, guint sentences)
{
  const List *list = &patterns[kind];
  GString *text = g_string_sized_new (80 * sentences);
  guint first = bench_random_below (random, list->n);

  /* A text does not say the same thing twice. */
  for (guint i = 0; i < MIN (sentences, list->n); i++)
    {
      append_gap (text, i);
      append_sentence (text, random, list->items[(first + i * 7) % list->n]);
    }
  return g_string_free (text, FALSE);
}

const char *
bench_text_get_department (guint i)
{
  return departments[i % BENCH_N_DEPARTMENTS];
}
