/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the desk offers and who is on it: plain rows, changed by the revision they are based on. */
#include <microhttpd.h>
#include <string.h>

#include "desk-people.h"
#include "desk-projection.h"
#include "desk-server-private.h"
#include "desk-uid.h"

#define PAGE_PEOPLE     50
#define MAX_PAGE_PEOPLE 200

/* --- looking --- */

static void
add_entries (DeskPage *page, DeskCatalogue *catalogue, gboolean agent)
{
  page->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
  for (DeskEntryKind kind = 0; kind < DESK_N_ENTRY_KINDS; kind++)
    {
      GPtrArray *entries = desk_catalogue_get_entries (catalogue, kind);

      for (guint i = 0; i < entries->len; i++)
        {
          DeskEntry *entry = agent ? desk_entry_ref (entries->pdata[i])
                                   : desk_entry_project (entries->pdata[i], catalogue);

          if (entry != NULL)
            g_ptr_array_add (page->entries, entry);
        }
    }
}

static void
add_agents (DeskPage *page, DeskCatalogue *catalogue)
{
  GPtrArray *agents = desk_catalogue_get_agents (catalogue);

  for (guint i = 0; i < agents->len; i++)
    g_ptr_array_add (page->people, desk_person_ref (agents->pdata[i]));
}

void
desk_handle_catalogue (DeskRequest *request)
{
  gboolean agent = desk_visit_get (request)->person->role >= DESK_ROLE_AGENT;
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  DeskCatalogue *catalogue = db != NULL ? desk_db_get_catalogue (db, &error) : NULL;
  DeskPage *page;

  if (catalogue == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  page = desk_page_new ();
  add_entries (page, catalogue, agent);
  if (agent)
    add_agents (page, catalogue);
  desk_visit_answer_page (request, page);
}

/* One more was asked for than fits. */
static void
say_where_people_end (DeskPage *page, guint limit)
{
  page->more = page->people->len > limit;
  if (!page->more)
    return;
  g_ptr_array_set_size (page->people, (int) limit);
  page->next = g_strdup (((const DeskPerson *) page->people->pdata[limit - 1])->uid);
}

static void
answer_people (DeskRequest *request, GPtrArray *people, guint limit, GError *error)
{
  DeskPage *page;

  if (people == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  page = desk_page_new ();
  g_ptr_array_unref (page->people);
  page->people = people;
  say_where_people_end (page, limit);
  desk_visit_answer_page (request, page);
}

void
desk_handle_people (DeskRequest *request)
{
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  GPtrArray *people = NULL;
  gint64 limit = 0;

  if (db != NULL &&
      desk_visit_get_number (request, "limit", 1, MAX_PAGE_PEOPLE, PAGE_PEOPLE, &limit, &error))
    people = desk_people_list_after (db, desk_request_get_parameter (request, "q"),
                                     desk_request_get_parameter (request, "after"), limit + 1,
                                     &error);
  answer_people (request, people, limit, error);
}

static GPtrArray *
wrap_person (DeskPerson *person)
{
  GPtrArray *people = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_person_unref);

  g_ptr_array_add (people, person);
  return people;
}

void
desk_handle_person (DeskRequest *request)
{
  const char *uid = desk_visit_get (request)->parameters[0];
  GError *error = NULL;
  DeskDb *db = desk_server_get_db (desk_visit_get_server (request), &error);
  DeskPerson *person = db != NULL && desk_uid_is_valid (uid)
                           ? desk_people_find_uid (db, uid, &error)
                           : NULL;

  if (person == NULL && error == NULL)
    desk_visit_refuse (request, "no-such", "There is no such person on this desk");
  else
    answer_people (request, person != NULL ? wrap_person (person) : NULL, 1, error);
}

/* --- changing --- */

/* A change of the catalogue. */
typedef struct
{
  DeskEntry *entry;
  DeskPerson *to_be;
  const char *erased; /* person uid */
  gint64 base;
} Change;

static void
free_change (gpointer data)
{
  Change *self = data;

  g_clear_pointer (&self->entry, desk_entry_unref);
  g_clear_pointer (&self->to_be, desk_person_unref);
  g_free (self);
}

static gboolean
make_change (DeskDb *db, const DeskPerson *author, Change *change, GError **error)
{
  gint64 now = desk_server_now ();

  if (change->entry != NULL)
    return desk_entries_save (db, change->entry, change->base, author, now, error);
  if (change->to_be != NULL)
    return desk_people_save (db, change->to_be, change->base, author, now, error);
  return desk_people_erase (db, change->erased, author, now, error);
}

static gpointer
change_job (DeskDb *db, gpointer data, GCancellable *cancellable, GError **error)
{
  DeskVisit *visit = desk_visit_get (data);

  return GINT_TO_POINTER (make_change (db, visit->person, visit->more, error));
}

static DeskPage *
read_back (DeskDb *db, const Change *change, GError **error)
{
  DeskCatalogue *catalogue = desk_db_get_catalogue (db, error);
  const DeskEntry *entry;
  DeskPerson *person;
  DeskPage *page;

  if (catalogue == NULL)
    return NULL;
  page = desk_page_new ();
  if (change->entry != NULL)
    {
      entry = desk_catalogue_find (catalogue, change->entry->kind, change->entry->slug);
      page->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_entry_unref);
      if (entry != NULL)
        g_ptr_array_add (page->entries, desk_entry_ref ((DeskEntry *) entry));
      return page;
    }
  person = desk_people_find_uid (db, change->to_be->uid, error);
  if (person != NULL)
    g_ptr_array_add (page->people, person);
  return page;
}

static void
changed_cb (DeskRequest *request, gpointer result, GError *error)
{
  DeskServer *server = desk_visit_get_server (request);
  const Change *change = desk_visit_get (request)->more;
  DeskPage *page = NULL;
  DeskDb *db;

  if (error == NULL)
    {
      desk_known_forget (server->known);
      desk_hub_tell (server->hub);
      if (change->erased != NULL)
        {
          desk_visit_answer_nothing (request);
          return;
        }
      db = desk_server_get_db (server, &error);
      page = db != NULL ? read_back (db, change, &error) : NULL;
    }
  if (page != NULL)
    desk_visit_answer_page (request, page);
  else
    desk_visit_fail (request, error);
}

/* "If-Match: "3"" changes revision 3, "If-None-Match: *" adds. FALSE: answered already. */
static gboolean
read_base (DeskRequest *request, gint64 *base)
{
  const char *match = desk_request_get_header (request, MHD_HTTP_HEADER_IF_MATCH);
  const char *none = desk_request_get_header (request, MHD_HTTP_HEADER_IF_NONE_MATCH);
  g_autofree char *number = g_strdup (match != NULL ? match : "");

  *base = 0;
  if (g_strcmp0 (none, "*") == 0)
    return TRUE;
  g_strdelimit (number, "\"", ' ');
  if (g_ascii_string_to_signed (g_strstrip (number), 10, 1, G_MAXINT64, base, NULL))
    return TRUE;
  desk_visit_refuse (request, "precondition-required",
                     "Give If-Match with the revision that this is based on, or If-None-Match: * "
                     "for something new");
  return FALSE;
}

/* Takes @change. */
static void
run_change (DeskRequest *request, Change *change)
{
  DeskVisit *visit = desk_visit_get (request);

  visit->more = change;
  visit->free_more = free_change;
  desk_visit_run (request, desk_visit_get_server (request)->writer, change_job, request, NULL, NULL,
                  changed_cb);
}

static gboolean
is_named (const DeskEntry *entry, const char *kind, const char *slug)
{
  return g_strcmp0 (desk_enum_get_nick (DESK_TYPE_ENTRY_KIND, entry->kind), kind) == 0 &&
         g_strcmp0 (entry->slug, slug) == 0;
}

void
desk_handle_entry_save (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  g_autoptr (DeskEntry) entry = node != NULL ? desk_entry_from_json (node, &error) : NULL;
  Change *change;
  gint64 base;

  if (entry == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  if (!is_named (entry, visit->parameters[0], visit->parameters[1]))
    {
      desk_visit_refuse (request, "invalid", "Kind and slug have to be those of the address");
      return;
    }
  if (!read_base (request, &base))
    return;
  change = g_new0 (Change, 1);
  *change = (Change){ g_steal_pointer (&entry), NULL, NULL, base };
  run_change (request, change);
}

void
desk_handle_person_save (DeskRequest *request)
{
  DeskVisit *visit = desk_visit_get (request);
  GError *error = NULL;
  g_autoptr (JsonNode) node = desk_visit_get_json (request, &error);
  g_autoptr (DeskPerson) person = node != NULL ? desk_person_from_json (node, &error) : NULL;
  Change *change;
  gint64 base;

  if (person == NULL)
    {
      desk_visit_fail (request, error);
      return;
    }
  if (g_strcmp0 (person->uid, visit->parameters[0]) != 0)
    {
      desk_visit_refuse (request, "invalid", "The uid has to be that of the address");
      return;
    }
  if (!read_base (request, &base))
    return;
  change = g_new0 (Change, 1);
  *change = (Change){ NULL, g_steal_pointer (&person), NULL, base };
  run_change (request, change);
}

void
desk_handle_person_erase (DeskRequest *request)
{
  const char *uid = desk_visit_get (request)->parameters[0];
  Change *change;

  if (!desk_uid_is_valid (uid))
    {
      desk_visit_refuse (request, "no-such", "There is no such person on this desk");
      return;
    }
  change = g_new0 (Change, 1);
  *change = (Change){ NULL, NULL, uid, 0 };
  run_change (request, change);
}
