#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fifty times kill -9 into several deskbellctl at work: what one of them reported is there.
. "$(dirname "$0")/helpers.sh"
make_desk
as admin desk edit --department cards >/dev/null

kills_wanted=50
rounds_max=1000
thread=$(as karen submit --topic cards --summary 'A long thread')
head -c 600000 /dev/urandom >file

# Everything printed goes through a pipe to somebody who stays.
mkfifo printed.pipe
cat printed.pipe >printed &
reader=$!
exec 9>printed.pipe

# Milliseconds, as sleep takes them; most commands take between 5 and 30.
pick_delay () {
  od -An -N2 -tu2 /dev/urandom | awk '{ printf "0.0%02d", $1 % 40 }'
}

# One of each kind, all at once; each is a process of its own that can be hit.
start_round () {
  "$ctl" --as karen submit --topic cards --summary "Round $round a" >&9 2>/dev/null &
  submit_a=$!
  "$ctl" --as branch submit --topic cards --summary "Round $round b" --attach file >&9 2>/dev/null &
  submit_b=$!
  "$ctl" --as karen reply "$thread" "Message of round $round" >/dev/null 2>&1 &
  reply=$!
  "$ctl" --as john note "$thread" "Note of round $round" --attach file >/dev/null 2>&1 &
  note=$!
}

# end_of NAME PID: notes who was killed, and whose text was reported as saved.
end_of () {
  status=0
  wait "$2" 2>/dev/null || status=$?
  case $status in
    0) test "$1" = submit || echo "$1 of round $round" >>saved ;;
    137) kills=$((kills + 1)) ;;
    *) echo "$1 of round $round ended with $status" >>unexpected ;;
  esac
}

kills=0
round=0
: >saved
: >unexpected
while test "$kills" -lt "$kills_wanted" && test "$round" -lt "$rounds_max"; do
  round=$((round + 1))
  start_round
  sleep "$(pick_delay)"
  # One or two of the four; who is done already is not hit.
  case $((round % 4)) in
    0) kill -9 "$submit_a" "$note" 2>/dev/null ;;
    1) kill -9 "$submit_b" 2>/dev/null ;;
    2) kill -9 "$reply" "$submit_b" 2>/dev/null ;;
    3) kill -9 "$note" 2>/dev/null ;;
  esac
  end_of submit "$submit_a"
  end_of submit "$submit_b"
  end_of Message "$reply"
  end_of Note "$note"
done
exec 9>&-
wait "$reader"
echo "# $kills of $round rounds' commands were killed, $(wc -l <printed) numbers were printed"

must_equal 'fifty were killed' True "$(test "$kills" -ge "$kills_wanted" && echo True)"
must_equal 'nobody else failed' '' "$(cat unexpected)"
must_equal 'numbers were printed' True "$(test -s printed && echo True)"
must_equal 'each once' '' "$(sort printed | uniq -d)"
as admin list --view all --json >all.json
json '[t["number"] for t in d]' <all.json | sort >there
sort printed >printed.sorted
must_equal 'every number that was printed is there' '' "$(comm -13 there printed.sorted)"
as admin history "$thread" --json >thread.json
json '[e["text"] for e in d if "text" in e]' <thread.json | sort >texts
sort saved >saved.sorted
must_equal 'every text that was reported as saved is there' '' "$(comm -13 texts saved.sorted)"
must_equal 'once' '' "$(uniq -d texts)"
must_equal 'the thread counts without a gap' True \
  "$(json '[e["no"] for e in d] == list(range(1, len(d) + 1))' <thread.json)"
for number in $(as admin list --view all --json | json '[t["number"] for t in d if t["summary"].endswith("b")][:5]'); do
  must_equal "the file of $number is whole" "$(sha256sum <file)" "$(as admin attachment "$number" file | sha256sum)"
done
must_succeed 'and life goes on' as karen submit --topic cards --summary 'After all that'
must_succeed 'check is clean' as admin check

finish
