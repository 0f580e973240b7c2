#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Backup, restore and check: what was saved comes back, what is off is found.
. "$(dirname "$0")/helpers.sh"
make_desk

first=$(as karen submit --topic cards --summary 'Before the backup')
as admin person add zara --name 'Zara' >/dev/null
as zara submit --topic cards --summary 'Filed by somebody else' >/dev/null
must_succeed 'a new desk is sound' as karen check
must_equal 'and says so' 'The desk is sound' "$output"
must_equal 'in JSON with an empty list' '[]' "$(as karen check --json)"

must_succeed 'backup' as admin backup copy.desk
must_contain 'says where' 'copy.desk' "$output"
must_fail 'but not over a file' 3 'exists already' as admin backup copy.desk
must_fail 'nor into a folder that is not there' 3 'no folder' as admin backup nowhere/copy.desk
must_succeed 'it is a desk' "$ctl" --desk copy.desk --as admin show "$first"
must_succeed 'a sound one' "$ctl" --desk copy.desk check
must_equal 'nothing else is left behind' copy.desk "$(echo copy.desk*)"
name=$(printf 'Caf\351.desk')
must_succeed 'a name need not be text' as admin backup "$name"
must_equal 'and is the name' True "$(test -f "$name" && echo True)"

# While others write.
{ for n in 1 2 3 4 5 6 7 8 9 10; do as karen submit --topic cards --summary "Meanwhile $n" >/dev/null; done; } &
must_succeed 'a backup beside a writer' as admin backup beside.desk
wait
must_succeed 'is sound' "$ctl" --desk beside.desk check

must_fail 'requesters do not restore' 1 'Only administrators' as karen restore copy.desk
must_fail 'nothing is restored from nowhere' 3 'nowhere.desk' as admin restore nowhere.desk
echo text >text.desk
must_fail 'nor from a file that is not a desk' 3 'not a desk' as admin restore text.desk
head -c 20000 copy.desk >half.desk
must_fail 'nor from half a desk' 3 'half.desk' as admin restore half.desk
must_contain 'the desk is as it was' 'Meanwhile 10' "$(as admin list)"

as admin person erase zara >/dev/null
must_succeed 'restore' as admin restore copy.desk
kept=$(printf %s "$output" | grep -o 'test.desk[^ ]*')
must_lack 'what came later is gone' Meanwhile "$(as admin list)"
must_contain 'what was there is back' 'Before the backup' "$(as admin list)"
must_contain 'and the rest is kept' Meanwhile "$("$ctl" --desk "$kept" --as admin list)"
must_fail 'who was erased stays so' 4 zara as admin person edit zara --name Zara
must_lack 'everywhere' Zara "$(as admin list; as admin person list)"
must_succeed 'the desk is sound' as admin check
must_succeed 'and works' as karen submit --topic cards --summary 'After the restore'

# What is off is told.
cp test.desk off.desk
python3 - <<'PYTHON'
import sqlite3
desk = sqlite3.connect("off.desk")
desk.execute("UPDATE ticket SET priority = 3 WHERE number = '0001'")
desk.commit()
PYTHON
status=0
"$ctl" --desk off.desk check >problems 2>errors || status=$?
must_equal 'a ticket that is not what its events make' 1 "$status"
must_contain 'is named' 0001 "$(cat problems)"
must_contain 'with what to do' 'restore a backup' "$(cat errors)"
must_equal 'in JSON a list' True "$("$ctl" --desk off.desk check --json 2>/dev/null | json 'len(d) > 0')"
head -c 20000 test.desk >cut.desk
must_fail 'a desk that was cut' 3 'damaged' "$ctl" --desk cut.desk check

finish
