#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The demo desk: a living bank, ready for the story.
. "$(dirname "$0")/helpers.sh"

must_succeed 'init --demo' as karl init --demo
for login in karen john jane admin karl; do
  must_contain "it names $login" "$login" "$output"
done
must_equal 'it has a name' 'Bank Help Desk' "$(as karl desk show --json | json 'd["label"]')"
must_succeed 'all tickets' as karl list --view all --json
printf %s "$output" >all.json
must_equal 'a thousand and some' 1041 "$(json 'len(d)' <all.json)"
must_equal 'some open' 41 "$(json 'sum(t["status"] == "open" for t in d)' <all.json)"
must_equal 'some waiting' 16 "$(json 'sum(t["status"] == "waiting" for t in d)' <all.json)"
must_equal 'some resolved' 12 "$(json 'sum(t["status"] == "resolved" for t in d)' <all.json)"
must_equal 'most with a resolution' True "$(json 'sum("resolution" in t for t in d) > 850' <all.json)"
must_equal 'of every topic' 14 "$(json 'len({t["topic"] for t in d})' <all.json)"
must_equal 'of every priority' 4 "$(json 'len({t["priority"] for t in d})' <all.json)"
must_equal 'spread over three months' True \
  "$(json '80 < (max(t["created_at"] for t in d) - min(t["created_at"] for t in d)) / 86400 < 95' <all.json)"
must_equal 'none from the future' True "$(json 'max(t["updated_at"] for t in d) <= __import__("time").time()' <all.json)"
must_equal 'numbered without a gap' True \
  "$(json 'sorted(t["number"] for t in d) == ["%04d" % n for n in range(1, 1042)]' <all.json)"
must_equal 'as they were filed' True \
  "$(json '(lambda ats: ats == sorted(ats))([t["created_at"] for t in sorted(d, key=lambda t: t["number"])])' <all.json)"
must_equal 'no two open ones are alike' True \
  "$(json 'len({t["summary"] for t in d if t["status"] == "open"}) == 41' <all.json)"
must_equal 'every placeholder is filled in' 0 "$(grep -c '[{][a-z]*[}]' all.json)"
must_equal 'some are overdue' True "$(test "$(as jane list --view overdue | wc -l)" -ge 3 && echo True)"
must_equal 'some are unassigned' True "$(test "$(as jane list --view unassigned | wc -l)" -ge 8 && echo True)"
for agent in john jane; do
  must_equal "$agent has work" True "$(test "$(as "$agent" list --view mine | wc -l)" -ge 5 && echo True)"
done
must_equal 'Karen has tickets' 5 "$(as karen list | wc -l)"
must_lack 'john does not see security' 'security' "$(as john list --view all --json | json '[t["department"] for t in d]')"

picture=$(as karen list --json | json '[t["number"] for t in d if t["summary"] == "Second screen stays black"][0]')
must_succeed 'a picture is attached' as karen attachment "$picture" screenshot.png -o screenshot.png
must_equal 'which is one' '89 50 4e 47 0d 0a 1a 0a' "$(head -c 8 screenshot.png | od -An -tx1 | sed 's/^ //')"
must_equal 'threads have some length' True \
  "$(for number in 0100 0200 0300 0400; do as karl history "$number" | wc -l; done | awk '{ n += $1 } END { print (n >= 12 && n <= 40) ? "True" : n }')"
must_succeed 'the next ticket' as karen submit --topic online-banking --summary 'Mobile banking is down'
must_equal 'is #1042' 1042 "$output"
must_contain 'which john and jane see' 1042 "$(as john list --view unassigned | grep 1042; as jane list --view unassigned)"

must_succeed 'it is sound' as karl check
must_succeed 'one of its people may make it' env DESKBELL_DESK=own.desk "$ctl" --as jane init --demo
must_contain 'and keeps it' 'jane           administrator' "$(env DESKBELL_DESK=own.desk "$ctl" --as jane person list)"
must_fail 'never over another desk' 3 'exists already' as karl init --demo

finish
