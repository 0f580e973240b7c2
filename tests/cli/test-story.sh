#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A ticket's whole life, as three people live it, and what each of them sees.
. "$(dirname "$0")/helpers.sh"
make_desk

printf 'not really a picture' >screenshot.png
must_succeed 'Karen files a ticket' as karen submit --topic online-banking \
  --summary 'Mobile banking is down' --details 'Service unavailable, since this morning.' \
  --attach screenshot.png
number=$output
must_equal 'it prints the number and nothing else' 1 "$(printf '%s\n' "$number" | grep -cE '^[0-9]+$')"
must_contain 'it is unassigned' 'Mobile banking is down' "$(as john list --view unassigned)"
must_contain 'and open in its department' 'Mobile banking is down' \
  "$(as john list --view department:online-banking)"

must_succeed 'John raises the priority and sets the plan' as john set "$number" --priority high --sla 4-hours
must_succeed 'John comments' as john reply "$number" 'We see the fault.'
must_contain 'Karen sees the comment' 'We see the fault.' "$(as karen show "$number")"
must_succeed 'Jane claims it' as jane claim "$number"
must_lack 'it is not unassigned any more' 'Mobile banking' "$(as john list --view unassigned)"
must_contain 'it is in her own queue' 'Mobile banking' "$(as jane list --view mine)"
must_succeed 'claiming it again changes nothing' as jane claim "$number"
must_contain 'and says so' 'so already' "$output"
must_succeed 'its number needs no zeros in front' as jane show "$(echo "$number" | sed 's/^0*//')"
must_fail 'John cannot claim it as well' 1 'is with jane' as john claim "$number"
must_fail 'nor can Karen' 1 'Only agents' as karen claim "$number"

must_succeed 'Jane asks and waits' as jane wait "$number" 'Which error text do you see?'
must_contain 'it is waiting' 'Mobile banking' "$(as john list --view waiting)"
must_contain 'its clock is paused' 'paused' "$(as jane show "$number")"
must_succeed 'Karen answers' as karen reply "$number" 'It says error 51.'
must_equal 'it is open again' open "$(as karen show "$number" --json | json 'd["ticket"]["status"]')"

must_succeed 'Jane writes a note' as jane note "$number" 'Gateway certificate, do not tell yet.'
must_succeed 'Jane resolves it' as jane resolve "$number" --summary 'A new certificate is in place.' \
  --steps 'Compared the zebrawood gateways' --recommendations 'Close the app and open it again'
must_lack 'it leaves the open queue' 'Mobile banking' "$(as jane list --view open)"
must_contain 'it is under resolved' 'Mobile banking' "$(as jane list --view resolved)"
seen=$(as karen show "$number")
must_contain 'Karen sees the resolution' 'A new certificate is in place.' "$seen"
must_contain 'the steps' 'zebrawood' "$seen"
must_contain 'the recommendations' 'Close the app' "$seen"
must_lack 'but not the note' 'Gateway' "$seen"
must_lack 'nor that there is one' 'note' "$seen"
must_lack 'nor in the history' 'internal' "$(as karen history "$number")"
must_equal 'her events count without a gap' '[1, 2, 3, 4, 5, 6, 7]' \
  "$(as karen history "$number" --json | json 'str([e["no"] for e in d])')"
must_contain 'Jane sees the note' 'Gateway' "$(as jane show "$number")"

must_fail 'Jane cannot confirm for Karen' 1 'Only the requester' as jane confirm "$number"
must_succeed 'Karen says not yet' as karen reopen "$number" 'Not yet, the tablet still fails.'
must_contain 'it is open again, with Jane' 'jane' "$(as jane list --view open)"
must_succeed 'Jane resolves it again' as jane resolve "$number" --summary 'The tablet gateway too.' \
  --steps 'Renewed the quicksilver gateway'
must_lack 'the first resolution does not linger' 'zebrawood' \
  "$(as karen show "$number" --json | json 'd["ticket"]["steps"]')"
must_succeed 'Karen confirms' as karen confirm "$number"
must_contain 'it is under closed' 'Mobile banking' "$(as jane list --view closed)"
must_contain 'Karen still has it' 'Mobile banking' "$(as karen list)"

must_contain 'search finds it by a word of the steps' "$number" "$(as jane search quicksilver)"
must_contain 'for Karen as well' "$number" "$(as karen search quicksilv)"
must_contain 'by several words of one text' "$number" "$(as jane search renewed quicksilver)"
must_contain 'agents find the note' "$number" "$(as jane search gateway certificate)"
must_equal 'Karen does not' '' "$(as karen search do not tell yet)"
must_equal 'a stranger finds nothing' '' "$(as stranger search quicksilver)"
must_fail 'and may not look' 4 'no ticket' as stranger show "$number"
must_equal 'and has an empty list' '' "$(as stranger list --view all)"

history=$(as jane history "$number" | sed 's/^\([0-9]*\)  *[0-9-]* [0-9:]*  \(.*\)$/\1 \2/' | tr -s ' ')
must_contain 'the history has the filing' '1 Karen created, public summary Mobile banking is down' "$history"
must_contain 'the triage' '2 john change, public priority normal → high; SLA plan 4-hours' "$history"
must_contain 'the claim' '4 jane change, public assignee jane' "$history"
must_contain 'the question' '5 jane reply, public status open → waiting' "$history"
must_contain 'the answer' '6 Karen message, public status waiting → open' "$history"
must_contain 'the note' '7 jane note, internal' "$history"
must_contain 'the resolution' '8 jane change, public status open → resolved' "$history"
must_contain 'not yet' '9 Karen message, public status resolved → open' "$history"
must_contain 'the confirmation' '11 Karen change, public status resolved → closed' "$history"
must_equal 'nothing else' 11 "$(as jane history "$number" | wc -l)"

finish
