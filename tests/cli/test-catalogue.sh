#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What administrators keep: departments, topics, teams, SLA plans, settings, people.
. "$(dirname "$0")/helpers.sh"
as admin init >/dev/null

must_fail 'only administrators keep the catalogue' 1 'Only administrators' as karen department add cards
must_succeed 'a department' as admin department add cards
must_equal 'prints its slug' cards "$output"
must_contain 'the label is made of the slug' 'cards    Cards' "$(as admin department list)"
must_fail 'a slug is taken once' 1 'taken' as admin department add cards
must_fail 'a slug has a form' 1 'slug' as admin department add 'Card Payments'
must_succeed 'edit' as admin department edit cards --label 'Card Payments' --public no
must_contain 'the new label' 'Card Payments' "$(as admin department list)"
must_lack 'requesters do not see private ones' cards "$(as karen department list)"
must_fail 'an unknown one' 4 'no department nowhere' as admin department edit nowhere --label X
must_fail 'a value that is no word' 2 'yes, no' as admin department edit cards --public maybe
must_fail 'an unknown plan' 4 'no SLA plan' as admin department edit cards --sla nowhere

must_fail 'a plan needs hours' 1 'hours' as admin sla add quick
must_fail 'that are a number' 2 'whole number' as admin sla add quick --hours soon
must_fail 'in a range' 2 'whole number' as admin sla add quick --hours 0
must_succeed 'a plan' as admin sla add quick --hours 2
must_succeed 'a team' as admin team add night
must_succeed 'an agent' as admin person add john --name John --role agent --department cards --team night
must_succeed 'a topic with everything' as admin topic add blocked --label 'Blocked card' --department cards \
  --priority high --sla quick --assignee john --team night --number-format 'CARD-###'
must_contain 'list tells it' 'department=cards priority=high sla=quick assignee=john team=night number_format=CARD-###' \
  "$(as admin topic list)"
must_succeed 'a ticket of that topic' as karen submit --topic blocked --summary 'Card is blocked'
must_equal 'has its number' CARD-001 "$output"
ticket=$(as john show CARD-001 --json)
for pair in department:cards priority:high sla:quick team:night; do
  must_equal "its ${pair%%:*}" "${pair#*:}" "$(printf %s "$ticket" | json "d['ticket']['${pair%%:*}']")"
done
must_equal 'two hours' 7200 "$(printf %s "$ticket" | json 'd["ticket"]["target_secs"]')"
must_contain 'and its agent' CARD-001 "$(as john list --view mine)"
must_succeed 'an empty value takes it away' as admin topic edit blocked --number-format '' --assignee ''
must_lack 'gone' 'number_format' "$(as admin topic list)"
must_fail 'an unknown agent' 4 'nobody' as admin topic edit blocked --assignee nobody
must_fail 'no agent' 4 'agent' as admin topic edit blocked --assignee karen
must_fail 'a number without digits' 1 'number_format' as admin topic edit blocked --number-format 'CARD'

must_succeed 'remove' as admin topic remove blocked
must_lack 'it is not offered' blocked "$(as admin topic list)"
must_contain 'but still there' 'blocked  Blocked card  (removed)' "$(as admin topic list --all)"
must_fail 'no ticket for it' 4 'removed' as karen submit --topic blocked --summary Hello
must_contain 'old tickets keep it' blocked "$(as john show CARD-001)"
must_fail 'its slug stays taken' 1 'taken' as admin topic add blocked
must_succeed 'restore' as admin topic restore blocked
must_contain 'it is offered again' blocked "$(as admin topic list)"
must_fail 'a verb that is none' 2 'topic add SLUG' as admin topic paint blocked
must_fail 'a verb without its slug' 2 'topic add SLUG' as admin topic add

must_succeed 'settings' as admin desk show
must_contain 'with what counts when nothing is set' 'reopen-days             14' "$output"
must_succeed 'edit' as admin desk edit --label 'Our desk' --number-format 'T####' --requester-priority yes
must_contain 'the new name' 'Our desk' "$(as admin desk show)"
must_equal 'the new numbers' T0001 "$(as karen submit --summary Hello --priority urgent)"
must_fail 'the first department of the desk stays' 1 'desk' as admin department remove support
must_succeed 'a limit' as admin desk edit --attachment-limit-bytes 10
printf 12345678901 >eleven
must_fail 'that files respect' 1 '10 bytes' as karen submit --summary Hello --attach eleven
printf 1234567890 >ten
must_succeed 'to the byte' as karen submit --summary Hello --attach ten

# people
must_fail 'only administrators keep people' 1 'Only administrators' as john person add zara
must_fail 'requesters do not see them' 1 'Only agents' as karen person list
must_succeed 'somebody' as admin person add zara --name 'Zara' --email zara@example.org
must_equal 'prints the login' zara "$output"
must_fail 'once' 1 'taken' as admin person add zara
must_fail 'a login is one word' 1 'login' as admin person add 'two words'
must_fail 'an address has a form' 1 'address' as admin person edit zara --email nowhere
must_fail 'a role that is none' 2 'requester, agent, administrator' as admin person edit zara --role king
must_fail 'a department that is none' 4 'no department' as admin person edit zara --department nowhere
must_fail 'somebody unknown' 4 'nobody' as admin person edit nobody --name X
must_succeed 'edit' as admin person edit zara --role agent --department cards --department support
must_contain 'found by the start of a name' 'zara  agent  Zara  zara@example.org' "$(as john person list za)"
must_equal 'with both departments' 'cards support' \
  "$(as john person list za --json | json '" ".join(sorted(d[0]["departments"]))')"
must_succeed 'departments are all anew' as admin person edit zara --department support
must_equal 'just one' support "$(as john person list za --json | json '" ".join(d[0]["departments"])')"
must_succeed 'none' as admin person edit zara --department ''
must_equal 'no one' 0 "$(as john person list za --json | json 'len(d[0]["departments"])')"
number=$(as zara submit --summary 'A ticket' --details 'My words')
must_succeed 'remove' as admin person remove zara
must_equal 'not listed' '' "$(as john person list za)"
must_fail 'and out' 1 'removed' as zara submit --summary Hello
must_succeed 'restore' as admin person restore zara
must_succeed 'in again' as zara submit --summary Hello
must_fail 'the last administrator stays' 1 'last administrator' as admin person remove admin
must_fail 'in that role' 1 'last administrator' as admin person edit admin --role agent
must_succeed 'erase' as admin person erase zara
must_contain 'what was written stays' 'My words' "$(as admin show "$number")"
must_lack 'without the name' 'Zara' "$(as admin show "$number"; as admin show "$number" --json)"
must_contain 'with a word for it' '(erased)' "$(as admin show "$number")"
must_fail 'nobody is erased twice' 4 'zara' as admin person erase zara

finish
