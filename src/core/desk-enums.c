/* SPDX-License-Identifier: GPL-3.0-or-later
 * The nicks of the closed sets. */
#include "desk-enums.h"

G_DEFINE_ENUM_TYPE (DeskStatus,
                    desk_status,
                    G_DEFINE_ENUM_VALUE (DESK_STATUS_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (DESK_STATUS_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (DESK_STATUS_RESOLVED, "resolved"),
                    G_DEFINE_ENUM_VALUE (DESK_STATUS_CLOSED, "closed"))

G_DEFINE_ENUM_TYPE (DeskPriority,
                    desk_priority,
                    G_DEFINE_ENUM_VALUE (DESK_PRIORITY_LOW, "low"),
                    G_DEFINE_ENUM_VALUE (DESK_PRIORITY_NORMAL, "normal"),
                    G_DEFINE_ENUM_VALUE (DESK_PRIORITY_HIGH, "high"),
                    G_DEFINE_ENUM_VALUE (DESK_PRIORITY_URGENT, "urgent"))

G_DEFINE_ENUM_TYPE (DeskRole,
                    desk_role,
                    G_DEFINE_ENUM_VALUE (DESK_ROLE_REQUESTER, "requester"),
                    G_DEFINE_ENUM_VALUE (DESK_ROLE_AGENT, "agent"),
                    G_DEFINE_ENUM_VALUE (DESK_ROLE_ADMINISTRATOR, "administrator"))

G_DEFINE_ENUM_TYPE (DeskKind,
                    desk_kind,
                    G_DEFINE_ENUM_VALUE (DESK_KIND_CREATED, "created"),
                    G_DEFINE_ENUM_VALUE (DESK_KIND_MESSAGE, "message"),
                    G_DEFINE_ENUM_VALUE (DESK_KIND_REPLY, "reply"),
                    G_DEFINE_ENUM_VALUE (DESK_KIND_NOTE, "note"),
                    G_DEFINE_ENUM_VALUE (DESK_KIND_CHANGE, "change"),
                    G_DEFINE_ENUM_VALUE (DESK_KIND_REDACT, "redact"))

G_DEFINE_ENUM_TYPE (DeskAudience,
                    desk_audience,
                    G_DEFINE_ENUM_VALUE (DESK_AUDIENCE_PUBLIC, "public"),
                    G_DEFINE_ENUM_VALUE (DESK_AUDIENCE_INTERNAL, "internal"))

G_DEFINE_ENUM_TYPE (DeskVia,
                    desk_via,
                    G_DEFINE_ENUM_VALUE (DESK_VIA_APP, "app"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_CLI, "cli"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_MAIL, "mail"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_API, "api"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_RULE, "rule"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_TIMER, "timer"),
                    G_DEFINE_ENUM_VALUE (DESK_VIA_IMPORT, "import"))

/* The first call of a type takes a reference that is kept for ever, so that later ones only peek.
 */
static GEnumClass *
peek_class (GType type)
{
  GEnumClass *class = g_type_class_peek (type);

  return class != NULL ? class : g_type_class_ref (type);
}

const char *
desk_enum_get_nick (GType type, int value)
{
  const GEnumValue *found;

  g_return_val_if_fail (G_TYPE_IS_ENUM (type), NULL);

  found = g_enum_get_value (peek_class (type), value);
  return found != NULL ? found->value_nick : NULL;
}

gboolean
desk_enum_parse (GType type, const char *nick, int *value)
{
  const GEnumValue *found;

  g_return_val_if_fail (G_TYPE_IS_ENUM (type), FALSE);

  if (nick == NULL)
    return FALSE;
  found = g_enum_get_value_by_nick (peek_class (type), nick);
  if (found == NULL)
    return FALSE;
  *value = found->value;
  return TRUE;
}
