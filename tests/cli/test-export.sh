#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Export and import: a desk becomes text and a desk again, and tables of tickets come in once.
. "$(dirname "$0")/helpers.sh"
make_desk

printf 'some bytes\n' >file.txt
first=$(as karen submit --topic cards --summary 'Card is blocked' --details 'Since noon' --attach file.txt)
as john note "$first" 'Looks like fraud' >/dev/null
as john resolve "$first" --summary 'Unblocked' --steps 'One call' >/dev/null

must_succeed 'export' as admin export desk.ndjson
must_contain 'says where' desk.ndjson "$output"
must_fail 'but not over a file' 3 'exists already' as admin export desk.ndjson
must_fail 'nor into a folder that is not there' 3 'no folder' as admin export nowhere/desk.ndjson
must_equal 'only its owner may read it' 600 "$(stat -c %a desk.ndjson)"
must_succeed 'the same to standard output' as admin export -
must_equal 'byte for byte' "$(cat desk.ndjson)" "$output"
must_equal 'each line is JSON' True "$(python3 -c '
import json
print(all(isinstance(json.loads(line), dict) for line in open("desk.ndjson")))')"

"$ctl" --desk new.desk --as founder init >/dev/null
must_succeed 'import into an empty desk' "$ctl" --desk new.desk --as founder import desk.ndjson
must_contain 'says how much' 'refused: 0' "$output"
must_succeed 'that desk is sound' "$ctl" --desk new.desk --as admin check
must_equal 'and its export the same' "$(cat desk.ndjson)" "$("$ctl" --desk new.desk --as admin export -)"
must_contain 'search finds there' 'Card is blocked' "$("$ctl" --desk new.desk --as john search noon)"
must_equal 'the file comes out' 'some bytes' "$("$ctl" --desk new.desk --as karen attachment "$first" file.txt)"
must_succeed 'again it adds nothing' "$ctl" --desk new.desk --as admin import desk.ndjson
must_contain 'and says so' 'Added: 0;' "$output"
must_fail 'requesters do not import' 1 'Only administrators' "$ctl" --desk new.desk --as karen import desk.ndjson

"$ctl" --desk other.desk --as admin init >/dev/null
"$ctl" --desk other.desk --as admin submit --summary 'Mine' >/dev/null
must_fail 'another desk does not take it' 1 'the export of another desk' "$ctl" --desk other.desk --as admin import desk.ndjson
must_fail 'a file that is not there' 4 nowhere as admin import nowhere.ndjson
printf '{"a":1}\n' >wrong.ndjson
must_fail 'a file that is no export' 1 'no export of a desk' as admin import wrong.ndjson

"$ctl" --desk part.desk --as founder init >/dev/null
head -c "$(($(wc -c <desk.ndjson) - 300))" desk.ndjson >cut.ndjson
status=0
"$ctl" --desk part.desk --as founder import cut.ndjson >output 2>errors || status=$?
must_equal 'a cut file' 1 "$status"
must_contain 'is told by line' 'Line ' "$(cat errors)"
must_contain 'with what to do' 'import the whole of it' "$(cat errors)"
must_succeed 'the desk is sound' "$ctl" --desk part.desk --as admin check
must_succeed 'the whole file adds the rest' "$ctl" --desk part.desk --as admin import desk.ndjson
must_equal 'and nothing is missing' "$(cat desk.ndjson)" "$("$ctl" --desk part.desk --as admin export -)"
must_equal 'in JSON' 0 "$("$ctl" --desk part.desk --as admin import desk.ndjson --json | json 'd["added"]')"

# Tables.
cat >old.csv <<'CSV'
Ticket Number,Date Created,Subject,Body,From,Priority,Status
1001,2024-05-06 07:08,No paper,"The tray
is empty",Tess <tess@example.org>,High,Closed
1002,2024-05-07 09:10,=1+1,,karen,,Open
1003,2024-05-08 09:10,Lost one,,karen,,Lost
CSV
status=0
as admin import old.csv --key 'Ticket Number' >output 2>errors || status=$?
must_equal 'a table with a wrong row' 1 "$status"
must_equal 'names it' 'Line 5: The status “Lost” is not open, waiting, resolved or closed' "$(head -n 1 errors)"
must_contain 'and takes the others' 'Added: 2;' "$(cat output)"
must_contain 'which are there' 'No paper' "$(as admin list --view closed)"
must_contain 'as text, whatever they look like' '=1+1' "$(as karen list)"
must_contain 'with people of their own' 'tess@example.org' "$(as admin person list)"
must_equal 'and their time' 2024-05-06 "$(as admin show "$(as admin list --view closed --json | json '[r["number"] for r in d][0]')" --json | json 'd["events"][0]["at"]' | python3 -c 'import sys, time; print(time.strftime("%Y-%m-%d", time.gmtime(int(sys.stdin.read()))))')"
sed -i '$d' old.csv
must_succeed 'again it adds nothing' as admin import old.csv --key 'Ticket Number'
must_contain 'and says so' 'Added: 0; there already: 2;' "$output"
must_fail 'a table needs a summary' 1 'summary=Subject' sh -c 'printf "Colour\nred\n" | "$1" --as admin import - --source x' sh "$ctl"
must_fail 'and from standard input a name' 2 '--source' sh -c 'printf "Subject\nred\n" | "$1" --as admin import -' sh "$ctl"
must_succeed 'its columns can be named' sh -c 'printf "Colour;State\nred;no such\n" | "$1" --as john import - --csv --source x --map summary=Colour,status=' sh "$ctl"
must_contain 'as one likes' red "$(as admin list --view all)"
must_fail 'requesters import no tables' 1 'Only agents' as karen import old.csv
must_succeed 'the desk is sound' as admin check

# A desk that was lost.
must_succeed 'a backup' as admin backup copy.desk
must_succeed 'is restored where there is no desk' "$ctl" --desk lost.desk --as admin restore copy.desk
must_succeed 'that desk is sound' "$ctl" --desk lost.desk --as admin check
must_contain 'and has everything' 'No paper' "$("$ctl" --desk lost.desk --as admin list --view all)"

finish
