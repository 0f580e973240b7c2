#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every command that works on tickets, with what it refuses and how it ends.
. "$(dirname "$0")/helpers.sh"
make_desk

# field NUMBER NAME, as the administrator sees it
field () {
  as admin show "$1" --json | json "d['ticket'].get('$2')"
}

# submit
must_fail 'submit needs a summary' 2 '--summary' as karen submit --topic cards
must_fail 'an empty one is refused' 1 'summary' as karen submit --topic cards --summary '  '
must_fail 'an unknown topic' 4 'no help topic' as karen submit --topic nowhere --summary Hello
must_fail 'an unknown priority' 2 'low, normal, high, urgent' as karen submit --summary Hello --priority huge
must_fail 'requesters choose no priority here' 1 'priority' as karen submit --summary Hello --priority high
must_fail 'a file that is not there' 4 'nowhere.txt' as karen submit --summary Hello --attach nowhere.txt
must_equal 'nothing of this was filed' '' "$(as admin list --view all)"
must_succeed 'without a topic it goes to the desk' as karen submit --summary 'No topic'
must_equal 'to its own department' support "$(field "$output" department)"
must_succeed 'details from standard input' sh -c 'printf "one\ntwo\n" | "$1" --as karen submit --summary Piped --details -' sh "$ctl"
must_equal 'arrive as they are' 'one two' "$(as karen history "$output" --json | json 'd[0]["text"]' | tr '\n' ' ' | sed 's/ $//')"
must_succeed 'agents choose a priority' as john submit --topic cards --summary Urgent --priority urgent
must_equal 'that the ticket has' urgent "$(field "$output" priority)"
must_succeed 'and file for others' as john submit --topic cards --summary 'For Karen' --for karen
must_contain 'who have it then' 'For Karen' "$(as karen list)"
must_fail 'for somebody unknown' 4 'nobody' as john submit --summary Hello --for nobody
must_fail 'requesters do not' 1 'Only agents' as karen submit --summary Hello --for john
must_succeed 'somebody new files a ticket' as newcomer submit --summary 'First one'
must_contain 'and is known from then on' 'newcomer' "$(as john person list)"

# list
must_equal 'limit' 2 "$(as admin list --view all --limit 2 | wc -l)"
must_equal 'limit 0 is all' 5 "$(as admin list --view all --limit 0 | wc -l)"
must_equal 'newest filed first' 'First one' "$(as admin list --view all --sort number | head -n 1 | sed 's/.*  //')"
must_equal 'most urgent first' 'Urgent' "$(as admin list --view open --sort priority | head -n 1 | sed 's/.*  //')"
must_succeed 'soonest due first' as admin list --view open --sort due
for view in mine unassigned open overdue waiting resolved closed all filed department:cards; do
  must_succeed "view $view" as john list --view "$view"
done
must_equal 'the columns line up' 1 "$(as admin list --view all | awk '{ print index ($0, "open") }' | sort -u | wc -l)"
must_fail 'an unknown view' 2 'no view' as admin list --view everything
must_fail 'an unknown department' 4 'no department' as admin list --view department:nowhere
must_fail 'an unknown order' 2 'recent, due, number, priority' as admin list --sort colour
must_fail 'a limit that is none' 2 '--limit' as admin list --limit many
must_equal "a requester's own are mine" 3 "$(as karen list --view mine | wc -l)"

# one ticket, by number and by uid
number=$(as karen submit --topic cards --summary 'Card is blocked')
uid=$(field "$number" uid)
must_succeed 'a uid does for a number' as john show "$uid"
must_contain 'and shows the same ticket' 'Card is blocked' "$output"
must_succeed 'so does #number' as john show "#$number"
must_fail 'no such number' 4 'no ticket' as john show 99999
must_fail 'no such uid' 4 'no ticket' as john show 01890a5d-ac96-774b-bcce-b302099a8057

# assign
must_fail 'assign to whom' 2 '--agent' as john assign "$number"
must_fail 'not to somebody and nobody' 2 '--nobody' as john assign "$number" --agent jane --nobody
must_succeed 'to an agent and a team' as john assign "$number" --agent jane --team incidents
must_contain 'it is with Jane' 'Card is blocked' "$(as jane list --view mine)"
must_equal 'and the team' incidents "$(field "$number" team)"
must_lack 'which Karen does not see' incidents "$(as karen show "$number")"
must_fail 'not to a requester' 1 'agents' as john assign "$number" --agent karen
must_fail 'not to a team that is not there' 4 'no team' as john assign "$number" --team nowhere
must_fail 'not by a requester' 1 'Only agents' as karen assign "$number" --agent john
must_succeed 'to nobody' as john assign "$number" --nobody
must_equal 'nobody has it' None "$(field "$number" assignee)"

# set
must_fail 'set what' 2 '--priority' as john set "$number"
must_succeed 'all at once' as john set "$number" --priority low --sla 4-hours --topic online-banking --summary 'Card is locked'
must_equal 'priority' low "$(field "$number" priority)"
must_equal 'plan' 4-hours "$(field "$number" sla)"
must_equal 'topic' online-banking "$(field "$number" topic)"
must_equal 'summary' 'Card is locked' "$(field "$number" summary)"
must_succeed 'an empty plan takes the promise back' as john set "$number" --sla ''
must_equal 'no plan' None "$(field "$number" sla)"
must_fail 'an unknown plan' 4 'no SLA plan' as john set "$number" --sla 5-minutes
must_fail 'requesters do not' 1 'Only agents' as karen set "$number" --priority high

# transfer
must_fail 'transfer where' 2 '--department' as john transfer "$number"
must_fail 'an unknown department' 4 'no department' as john transfer "$number" --department nowhere
must_succeed 'to a department that John does not work in' as john transfer "$number" --department security
must_contain 'he sees it no more' 'do not see it any more' "$output"
must_fail 'not even by number' 4 'no ticket' as john show "$number"
must_succeed 'Karen does' as karen show "$number"
must_lack 'but not that it is with a private department' security "$output"
must_succeed 'back by the administrator' as admin transfer "$number" --department cards

# reply and note
must_fail 'a reply of nothing' 1 'reply' as john reply "$number"
must_fail 'an empty message' 1 'message' as karen reply "$number" ' '
must_fail 'Karen writes no notes' 1 'Only agents' as karen note "$number" text
echo 'log line' >log.txt
must_succeed 'a file alone is a reply' as john reply "$number" --attach log.txt --attach log.txt
must_equal 'two of one name are told apart' "log.txt log (2).txt" \
  "$(as john history "$number" --json | json '" ".join(a["name"] for a in d[-1]["attachments"])')"
must_succeed 'a note with a file' as john note "$number" --attach log.txt 'See the log'
must_succeed 'a note from standard input' sh -c 'echo piped | "$1" --as john note "$2" -' sh "$ctl" "$number"

# attachment
echo 'new log line' >other.txt
mkdir newer && cp other.txt newer/log.txt
as karen reply "$number" --attach newer/log.txt >/dev/null
must_equal 'the newest of a name' 'new log line' "$(as karen attachment "$number" log.txt)"
must_equal 'an older one by its SHA-256' 'log line' \
  "$(as karen attachment "$number" "$(sha256sum log.txt | cut -d' ' -f1)")"
must_succeed '-o writes a file' as karen attachment "$number" log.txt -o out.txt
must_equal 'with the content' 'new log line' "$(cat out.txt)"
must_succeed '-o - is standard output' as karen attachment "$number" log.txt -o -
must_equal 'too' 'new log line' "$output"
must_fail 'no such name' 4 'no attachment' as karen attachment "$number" nowhere.txt
must_fail 'no such folder' 4 'nowhere/out.txt' as karen attachment "$number" log.txt -o nowhere/out.txt
must_fail "not another person's" 4 'no ticket' as stranger attachment "$number" log.txt
as john note "$number" --attach other.txt secret >/dev/null
must_fail 'not that of a note' 4 'no attachment' as karen attachment "$number" other.txt

# wait, reopen, close
must_fail 'wait needs a question' 2 'usage' as john wait "$number"
must_fail 'which is not empty' 1 'Write a reply' as john wait "$number" ''
must_succeed 'wait' as john wait "$number" 'Which card?'
must_succeed 'a second question' as john wait "$number" 'And since when?'
must_equal 'still waiting' waiting "$(field "$number" status)"
must_succeed 'an agent opens it again' as john reopen "$number" 'Found it'
must_fail 'resolve needs a summary' 2 '--summary' as john resolve "$number"
must_fail 'which is not empty' 1 'resolved' as john resolve "$number" --summary ''
must_fail 'requesters do not resolve' 1 'Only agents' as karen resolve "$number" --summary Done
must_fail 'Karen cannot confirm yet' 1 'not resolved' as karen confirm "$number"
must_fail 'closing needs a reason' 1 'reason' as john close "$number"
must_succeed 'close' as john close "$number" --reason 'Filed twice'
must_contain 'Karen sees the reason' 'Filed twice' "$(as karen show "$number")"
must_fail 'closed is closed' 1 'so already' as john close "$number" --reason 'Again'
must_fail 'and not changed' 1 'closed' as john set "$number" --priority high
must_succeed "Karen's message opens it again" as karen reply "$number" 'It was not'
must_equal 'open' open "$(field "$number" status)"
must_succeed 'Karen withdraws it' as karen close "$number"
must_equal 'closed' closed "$(field "$number" status)"

# redact
must_fail 'redact what' 2 'usage' as admin redact "$number"
must_fail 'no such event' 4 'no event 999' as admin redact "$number" 999
must_fail 'agents do not' 1 'Only administrators' as john redact "$number" 1
secret=$(as karen submit --topic cards --summary 'PIN unknown' --details 'It was pumpernickel')
as karen reply "$secret" 'And before that zwieback' --attach log.txt >/dev/null
must_contain 'what was said is found' "$secret" "$(as john search zwieback)"
must_succeed 'an administrator takes it out' as admin redact "$secret" 2
must_lack 'it is gone from the ticket' zwieback "$(as karen show "$secret" --json)"
must_equal 'from search' '' "$(as admin search zwieback)"
must_fail 'and its file too' 4 'no attachment' as karen attachment "$secret" log.txt
must_contain 'the event itself stays' 'redacted' "$(as karen show "$secret")"
must_succeed 'the first event as well' as admin redact "$secret" 1
must_lack 'it is gone from the ticket' pumpernickel "$(as karen show "$secret" --json)"
must_equal 'from search' '' "$(as admin search pumpernickel)"
must_succeed 'the ticket is still there' as karen show "$secret"
for word in zwieback pumpernickel; do
  must_equal 'nothing of it is left in the file' 0 "$(cat "$DESKBELL_DESK"* | grep -ac "${word#?}")"
done

finish
