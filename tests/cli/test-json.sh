#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# --json: one array or object on standard output, the same form from every command.
. "$(dirname "$0")/helpers.sh"

# must_be_json WHAT object|array ARGUMENTS...
must_be_json () {
  what=$1
  kind=$2
  shift 2
  must_equal "$what" "$kind" "$("$ctl" "$@" --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
print("array" if isinstance(d, list) else "object" if isinstance(d, dict) else "neither")')"
}

must_be_json init object --as admin init
as admin topic add cards >/dev/null
as admin sla add quick --hours 1 >/dev/null
must_be_json 'department add' object --as admin department add cards
must_be_json 'department edit' object --as admin department edit cards --label Cards
must_be_json 'department remove' object --as admin department remove cards
must_be_json 'department restore' object --as admin department restore cards
for kind in department topic team sla; do
  must_be_json "$kind list" array --as admin "$kind" list
done
must_be_json 'desk show' object --as admin desk show
must_be_json 'desk edit' object --as admin desk edit --label Desk
must_be_json 'person add' object --as admin person add jane --role agent --department support
must_be_json 'person edit' object --as admin person edit jane --name Jane
must_be_json 'person remove' object --as admin person remove jane
must_be_json 'person restore' object --as admin person restore jane
must_be_json 'person list' array --as admin person list

echo text >file.txt
must_be_json submit object --as karen submit --topic cards --summary 'A "quoted" \ summary' --attach file.txt
number=$(as jane list --json | json 'd[0]["number"]')
must_be_json list array --as jane list
must_be_json 'an empty list' array --as jane list --view closed
must_be_json show object --as jane show "$number"
must_be_json history array --as jane history "$number"
must_be_json search array --as jane search quoted
must_be_json 'an empty search' array --as jane search nothing
must_be_json claim object --as jane claim "$number"
must_be_json 'claim again' object --as jane claim "$number"
must_be_json set object --as jane set "$number" --priority high --sla quick
must_be_json note object --as jane note "$number" Text
must_be_json wait object --as jane wait "$number" Text
must_be_json reply object --as karen reply "$number" Text
must_be_json transfer object --as jane transfer "$number" --department cards
must_be_json assign object --as admin assign "$number" --agent jane
must_be_json resolve object --as jane resolve "$number" --summary Text
must_be_json reopen object --as karen reopen "$number"
must_be_json 'resolve again' object --as jane resolve "$number" --summary Text
must_be_json confirm object --as karen confirm "$number"
must_be_json 'an agent reopens' object --as jane reopen "$number"
must_be_json close object --as jane close "$number" --reason Text
must_be_json redact object --as admin redact "$number" 4
must_be_json 'person erase' object --as admin person erase karen

# What is in it.
ticket=$(as karen submit --summary 'In JSON' --details "Umlauts: äöü, signs: <>&'\"" --json)
must_equal 'submit answers with the ticket' 'In JSON open' \
  "$(printf %s "$ticket" | json 'd["summary"] + " " + d["status"]')"
uid=$(printf %s "$ticket" | json 'd["uid"]')
shown=$(as jane show "$uid" --json)
must_equal 'show has ticket, events and people' 'events people ticket' "$(printf %s "$shown" | json '" ".join(sorted(d))')"
must_equal 'texts come back as they were' "Umlauts: äöü, signs: <>&'\"" "$(printf %s "$shown" | json 'd["events"][0]["text"]')"
must_equal 'everybody in it is named' True \
  "$(printf %s "$shown" | json '{e["author"] for e in d["events"]} <= {p["uid"] for p in d["people"]}')"
must_equal 'numbers are numbers' True "$(printf %s "$shown" | json 'isinstance(d["ticket"]["created_at"], int)')"
must_equal 'lists hold whole tickets' "$(printf %s "$shown" | json 'd["ticket"]')" \
  "$(as jane list --view all --json | json "[t for t in d if t['uid'] == '$uid'][0]")"
must_equal 'history is the events of show' "$(printf %s "$shown" | json 'd["events"]')" "$(as jane history "$uid" --json | json d)"

as jane note "$uid" hush >/dev/null
must_lack 'nothing internal for the requester' hush "$(as karen show "$uid" --json)"
must_equal 'not even a count' "$(as karen show "$uid" --json | json 'd["ticket"]["no"]')" 1

# Errors stay on standard error.
must_equal 'nothing on standard output when it fails' '' "$(as jane show 99999 --json 2>"$home/errors")"
must_contain 'the reason is for people' 'deskbellctl: ' "$(cat "$home/errors")"

finish
