/* SPDX-License-Identifier: GPL-3.0-or-later
 * What can be wrong, as RFC 9457 writes it: one table of codes. */
#include "desk-protocol.h"

#include <string.h>

#include "desk-json-members.h"

#define URN "urn:deskbell:"

static const DeskProblemInfo infos[] = {
  /* of the rules: the nicks of DeskError */
  { "not-allowed", 403, DESK_N_ ("Not allowed"), FALSE },
  { "wrong-status", 409, DESK_N_ ("The ticket cannot move there from its status"), FALSE },
  { "conflict", 409, DESK_N_ ("Somebody else has changed this meanwhile"), FALSE },
  { "closed", 409, DESK_N_ ("Closed for too long"), FALSE },
  { "missing", 422, DESK_N_ ("Something is missing"), FALSE },
  { "too-long", 422, DESK_N_ ("A text is too long"), FALSE },
  { "not-text", 422, DESK_N_ ("Not text"), FALSE },
  { "invalid", 422, DESK_N_ ("Not valid"), FALSE },
  { "no-such", 404, DESK_N_ ("Not found"), FALSE },
  { "exists", 409, DESK_N_ ("Taken already"), FALSE },
  { "uid-reused", 422, DESK_N_ ("The uid was used before"), FALSE },
  { "too-big", 413, DESK_N_ ("The file is too big"), FALSE },
  /* of the protocol */
  { "bad-request", 400, DESK_N_ ("The request cannot be understood"), FALSE },
  { "invalid-cursor", 400, DESK_N_ ("Not a cursor of this desk and person"), FALSE },
  { "unauthorized", 401, DESK_N_ ("Sign in first"), FALSE },
  { "wrong-password", 401, DESK_N_ ("Wrong name or password"), FALSE },
  { "wrong-code", 403, DESK_N_ ("The code is not valid any more"), FALSE },
  { "not-found", 404, DESK_N_ ("Not found"), FALSE },
  { "method-not-allowed", 405, DESK_N_ ("Not possible here"), FALSE },
  { "timeout", 408, DESK_N_ ("The request did not come to its end in time"), TRUE },
  { "wrong-offset", 409, DESK_N_ ("The upload is at another place"), TRUE },
  { "blob-missing", 409, DESK_N_ ("A file has to be sent first"), TRUE },
  { "refill", 410, DESK_N_ ("The copy has to be filled again"), FALSE },
  { "length-required", 411, DESK_N_ ("The length is missing"), FALSE },
  { "precondition-failed", 412, DESK_N_ ("It has changed meanwhile"), FALSE },
  { "too-large", 413, DESK_N_ ("The request is too large"), FALSE },
  { "uri-too-long", 414, DESK_N_ ("The address is too long"), FALSE },
  { "unsupported-media", 415, DESK_N_ ("Not a type that is taken here"), FALSE },
  { "wrong-range", 416, DESK_N_ ("The file has no such part"), FALSE },
  { "wrong-digest", 422, DESK_N_ ("The content is not what was announced"), FALSE },
  { "upgrade", 426, DESK_N_ ("Another version of the protocol is needed"), FALSE },
  { "precondition-required", 428, DESK_N_ ("Say which state this is based on"), FALSE },
  { "too-many", 429, DESK_N_ ("Too many requests"), TRUE },
  { "headers-too-large", 431, DESK_N_ ("The headers are too large"), FALSE },
  { "internal", 500, DESK_N_ ("Something went wrong here"), TRUE },
  { "not-implemented", 501, DESK_N_ ("Not possible"), FALSE },
  { "unavailable", 503, DESK_N_ ("Not now"), TRUE },
  { "full", 507, DESK_N_ ("The disk of the server is full"), TRUE },
};

const DeskProblemInfo *
desk_problem_get_infos (guint *n_infos)
{
  *n_infos = G_N_ELEMENTS (infos);
  return infos;
}

static const DeskProblemInfo *
find_info (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (g_strcmp0 (infos[i].code, code) == 0)
      return &infos[i];
  return NULL;
}

const DeskProblemInfo *
desk_problem_get_info (const char *code)
{
  const DeskProblemInfo *info = find_info (code);

  return info != NULL ? info : find_info ("internal");
}

/* --- clashes --- */

DeskClash *
desk_clash_new (DeskField field, const char *base, const char *now, const char *by)
{
  DeskClash *self = g_new0 (DeskClash, 1);

  self->field = field;
  self->base = g_strdup (base);
  self->now = g_strdup (now);
  self->by = g_strdup (by);
  return self;
}

void
desk_clash_free (DeskClash *self)
{
  if (self == NULL)
    return;
  g_free (self->base);
  g_free (self->now);
  g_free (self->by);
  g_free (self);
}

/* The field by its name, the values as texts in canonical form. */
typedef struct
{
  char *field;
  char *base;
  char *now;
  char *by;
} Words;

static const DeskMember clash_members[] = {
  { MEMBER (Words, TEXT, field), TRUE },
  { MEMBER (Words, TEXT, base) },
  { MEMBER (Words, TEXT, now) },
  { MEMBER (Words, UID, by) },
};

static JsonNode *
write_clash (gconstpointer value)
{
  const DeskClash *clash = value;
  Words words = { (char *) desk_field_get_name (clash->field), clash->base, clash->now, clash->by };

  return desk_json_take_object (
      desk_json_write_members (clash_members, G_N_ELEMENTS (clash_members), &words));
}

static DeskClash *
make_clash (const Words *words, GError **error)
{
  DeskField field;

  if (desk_field_parse (words->field, &field))
    return desk_clash_new (field, words->base, words->now, words->by);
  desk_json_refuse (error, "field", "the name of a field");
  return NULL;
}

static gpointer
read_clash (JsonNode *node, GError **error)
{
  Words words = { NULL };
  DeskClash *clash = NULL;

  if (desk_json_read_members (clash_members, G_N_ELEMENTS (clash_members), node, "field", &words,
                              error))
    clash = make_clash (&words, error);
  g_free (words.field);
  g_free (words.base);
  g_free (words.now);
  g_free (words.by);
  return clash;
}

static const DeskForm clash_form = { write_clash, read_clash, (GDestroyNotify) desk_clash_free,
                                     NULL };

/* --- problems --- */

static DeskProblem *
new_problem (void)
{
  DeskProblem *self = g_new0 (DeskProblem, 1);

  self->clashes = g_ptr_array_new_with_free_func ((GDestroyNotify) desk_clash_free);
  return self;
}

DeskProblem *
desk_problem_new (const char *code, const char *detail)
{
  const DeskProblemInfo *info = desk_problem_get_info (code);
  DeskProblem *self = new_problem ();

  self->code = g_strdup (info->code);
  self->title = g_strdup (info->title);
  self->status = info->status;
  self->retryable = info->retryable;
  self->detail = g_strdup (detail);
  return self;
}

static char **
list_words (const DeskSentence *sentence)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  g_strv_builder_add (words, sentence->format);
  g_strv_builder_addv (words, (const char **) sentence->parts);
  return g_strv_builder_end (words);
}

DeskProblem *
desk_problem_new_for_error (const GError *error)
{
  const DeskSentence *sentence = desk_error_get_sentence (error);
  DeskProblem *self;

  if (error->domain != DESK_ERROR)
    return desk_problem_new ("internal", NULL);
  self = desk_problem_new (desk_enum_get_nick (DESK_TYPE_ERROR, error->code), error->message);
  if (sentence != NULL)
    self->sentence = list_words (sentence);
  return self;
}

void
desk_problem_free (DeskProblem *self)
{
  if (self == NULL)
    return;
  g_free (self->code);
  g_free (self->title);
  g_free (self->detail);
  g_strfreev (self->sentence);
  g_free (self->instance);
  g_clear_pointer (&self->clashes, g_ptr_array_unref);
  g_free (self);
}

const char *
desk_problem_get_words (const DeskProblem *self)
{
  if (self->detail != NULL)
    return self->detail;
  return self->title != NULL ? self->title : self->code;
}

void
desk_problem_set_error (const DeskProblem *self, GError **error)
{
  gboolean known = self->sentence != NULL && *self->sentence != NULL;
  DeskSentence sentence = { NULL };
  int code = DESK_ERROR_INVALID;

  if (known)
    sentence = (DeskSentence){ self->sentence[0], self->sentence + 1 };
  desk_enum_parse (DESK_TYPE_ERROR, self->code, &code);
  g_propagate_error (error, desk_error_new_said ((DeskError) code, desk_problem_get_words (self),
                                                 known ? &sentence : NULL));
}

char *
desk_problem_say (const DeskProblem *self, DeskTranslate translate)
{
  g_autoptr (GError) error = NULL;

  desk_problem_set_error (self, &error);
  return desk_error_say (error, translate);
}

/* "type" is the code as a URN. */
static const DeskMember problem_members[] = {
  { "type", DESK_MEMBER_TEXT, G_STRUCT_OFFSET (DeskProblem, code), TRUE },
  { MEMBER (DeskProblem, TEXT, title) },
  { MEMBER (DeskProblem, NUMBER, status), TRUE },
  { MEMBER (DeskProblem, TEXT, detail) },
  { MEMBER (DeskProblem, TEXTS, sentence) },
  { MEMBER (DeskProblem, TEXT, instance) },
  { MEMBER (DeskProblem, BOOL, retryable) },
  { MEMBER (DeskProblem, NUMBER, retry_after) },
  { "fields", DESK_MEMBER_LIST, G_STRUCT_OFFSET (DeskProblem, clashes), FALSE, NULL, &clash_form },
};

JsonNode *
desk_problem_to_json (const DeskProblem *problem)
{
  g_autofree char *type = g_strconcat (URN, problem->code, NULL);
  DeskProblem copy = *problem;

  copy.code = type;
  return desk_json_take_object (
      desk_json_write_members (problem_members, G_N_ELEMENTS (problem_members), &copy));
}

DeskProblem *
desk_problem_from_json (JsonNode *node, GError **error)
{
  g_autoptr (DeskProblem) problem = new_problem ();
  char *type;

  if (!desk_json_read_members (problem_members, G_N_ELEMENTS (problem_members), node, "problem",
                               problem, error))
    return NULL;
  if (g_str_has_prefix (problem->code, URN))
    {
      type = problem->code;
      problem->code = g_strdup (type + strlen (URN));
      g_free (type);
    }
  return g_steal_pointer (&problem);
}
