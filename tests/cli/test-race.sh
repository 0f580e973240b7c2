#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several people at the same time: one wins, the others are told, nothing is lost.
. "$(dirname "$0")/helpers.sh"
make_desk
as admin desk edit --department cards >/dev/null

# What somebody does while another one writes is a conflict.
number=$(as karen submit --topic cards --summary 'Two at once')
mkfifo text
as jane resolve "$number" --summary - <text >jane.out 2>jane.errors &
jane=$!
exec 9>text
sleep 0.3
must_succeed 'John closes it while Jane is writing' as john close "$number" --reason 'Filed twice'
echo 'Done' >&9
exec 9>&-
status=0
wait "$jane" || status=$?
must_equal 'Jane is refused' 1 "$status"
must_equal 'in one line' 1 "$(wc -l <jane.errors)"
must_contain 'that says what happened' meanwhile "$(cat jane.errors)"
must_equal 'it stays closed' closed "$(as john show "$number" --json | json 'd["ticket"]["status"]')"

# Many claim one ticket.
for n in 1 2 3 4 5 6 7 8; do
  as admin person add "agent-$n" --role agent --department cards >/dev/null
done
number=$(as karen submit --topic cards --summary 'Claimed by many')
for n in 1 2 3 4 5 6 7 8; do
  { as "agent-$n" claim "$number" >/dev/null 2>&1; echo "$n $?" >"claim-$n"; } &
done
wait
must_equal 'one of eight gets it' 1 "$(cat claim-* | grep -c ' 0$')"
must_equal 'the others are refused' 7 "$(cat claim-* | grep -c ' 1$')"
must_contain 'it is with who was told so' "agent-$(cat claim-* | sed -n 's/ 0$//p')" "$(as admin list)"

# Many file tickets.
for n in 1 2 3 4 5 6 7 8; do
  { for m in 1 2 3 4 5; do as "writer-$n" submit --topic cards --summary "Number $m of $n"; done >"numbers-$n" 2>&1; } &
done
wait
must_equal 'forty numbers' 40 "$(cat numbers-* | grep -cE '^[0-9]+$')"
must_equal 'each once' 40 "$(cat numbers-* | sort -u | wc -l)"
must_equal 'forty tickets' 40 "$(as admin list --view all | grep -c 'Number [1-5] of [1-8]')"

# Many write to one ticket.
number=$(as karen submit --topic cards --summary 'Everybody talks')
for n in 1 2 3 4 5 6 7 8; do
  { as "agent-$n" note "$number" "Note of $n" >/dev/null 2>&1; echo $? >"note-$n"; } &
done
wait
must_equal 'text never conflicts' 8 "$(cat note-* | grep -c '^0$')"
must_equal 'and is counted without a gap' '[1, 2, 3, 4, 5, 6, 7, 8, 9]' \
  "$(as admin history "$number" --json | json 'str([e["no"] for e in d])')"
must_succeed 'the desk is sound' as admin check

finish
