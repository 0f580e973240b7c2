#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Text that is none, text that steers terminals, files that are none.
. "$(dirname "$0")/helpers.sh"
make_desk
as admin desk edit --department cards >/dev/null

escape=$(printf '\033')
latin1=$(printf 'Caf\351')

# Not UTF-8.
must_fail 'a summary that is not UTF-8' 2 'UTF-8' as karen submit --summary "$latin1"
must_fail 'details' 2 'UTF-8' as karen submit --summary Hello --details "$latin1"
must_fail 'standard input' 2 'UTF-8' \
  sh -c 'printf "Caf\351" | "$1" --as karen submit --summary Hello --details -' sh "$ctl"
must_fail 'standard input with a NUL' 2 'UTF-8' \
  sh -c 'printf "a\0b" | "$1" --as karen submit --summary Hello --details -' sh "$ctl"
must_fail 'a login' 2 'as' "$ctl" --as "$latin1" list
must_fail 'a number' 2 'UTF-8' as karen show "$latin1"
must_fail 'words to search for' 2 'UTF-8' as karen search "$latin1"
must_fail 'an option' 2 'no option' as karen list "--$latin1"
must_fail 'a command' 2 'no command' as karen "$latin1"
must_fail 'a desk of that name is just not there' 3 'no desk' "$ctl" --desk "$latin1" list
printf x >"$latin1"
must_succeed 'but a file may be called anything' as karen submit --summary 'Odd name' --attach "$latin1"
must_equal 'its name becomes text' 1 \
  "$(as karen show "$output" --json | json 'len(d["events"][0]["attachments"][0]["name"]) > 0' | grep -c True)"
must_equal 'nothing else was filed' 1 "$(as karen list | wc -l)"

# Escape sequences.
number=$(as karen submit --summary "Red${escape}[31m title$(printf '\302\233')2J" \
  --details "line${escape}]0;owned$(printf '\a')
second${escape}[2J line$(printf '\302\233')31m")
must_succeed 'escape sequences are let in' as john show "$number"
for command in "show $number" "history $number" 'list' 'search title' 'search second'; do
  # Word splitting is meant.
  must_equal "but not out: $command" 0 "$(as john $command | LC_ALL=C tr -d '\n\t' | LC_ALL=C grep -c '[[:cntrl:]]')"
done
must_equal 'nor in JSON' 0 "$(as john show "$number" --json | LC_ALL=C tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]')"
must_equal 'in a message about an unknown command' 0 \
  "$("$ctl" "x${escape}[31m" 2>&1 | tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]')"
must_fail 'which stays one line' 2 'no command' "$ctl" "two
lines"

# On a terminal, lines are cut to its width; nothing else changes.
cat >on-a-terminal.py <<'PYTHON'
import fcntl, os, pty, struct, sys, termios
width, command = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    os.execv(command[0], command)
printed = b""
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    printed += chunk
os.waitpid(pid, 0)
sys.stdout.buffer.write(printed.replace(b"\r\n", b"\n"))
PYTHON
as karen submit --summary "$(printf 'wide 宽%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)" >/dev/null
must_equal 'on a terminal no line is wider' True \
  "$(python3 on-a-terminal.py 80 "$ctl" --as john list | python3 -c '
import sys, unicodedata
def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n"))
print(80 >= max(map(width, sys.stdin)) > 70)')"
must_contain 'what is cut says so' '…' "$(python3 on-a-terminal.py 80 "$ctl" --as john list)"
must_lack 'elsewhere lines are whole' '…' "$(as john list)"
must_equal 'no control characters on a terminal' 0 \
  "$(python3 on-a-terminal.py 80 "$ctl" --as john show "$number" | LC_ALL=C tr -d '\n\t' | LC_ALL=C grep -c '[[:cntrl:]]')"
printf 'a%s[31m' "$escape" >steers.txt
as karen reply "$number" --attach steers.txt >/dev/null
mkdir out && cd out || exit 99
must_equal 'a file does not go to a terminal' steers.txt \
  "$(python3 ../on-a-terminal.py 80 "$ctl" --as john attachment "$number" steers.txt)"
must_equal 'but beside it' "a${escape}[31m" "$(cat steers.txt)"
must_contain 'and not over what is there' 'exists' \
  "$(python3 ../on-a-terminal.py 200 "$ctl" --as john attachment "$number" steers.txt)"
cd ..

# Markup stays what it is.
markup='<b>&amp;</b> [x](javascript:alert(1)) <span foreground="red"> %s %n $(id) `id` \n'
number=$(as karen submit --summary "$markup" --details "$markup")
must_contain 'markup in a summary' "$markup" "$(as john list)"
must_equal 'and in a text' "$markup" "$(as john show "$number" --json | json 'd["events"][0]["text"]')"
must_succeed 'as words to search for' as john search '"AND OR NEAR( * ^ : -x' "'" ')' "$markup"
must_succeed 'as a name' as admin person edit karen --name '<i>Karen</i> %s'
must_contain 'names are shown as they are' '<i>Karen</i> %s' "$(as john list)"

# Direction marks, line breaks, length.
override=$(printf '\342\200\256')
number=$(as karen submit --summary "gpj${override}fdp
second	line")
must_equal 'a summary is one line without overrides' 'gpjfdp second line' \
  "$(as john show "$number" --json | json 'd["ticket"]["summary"]')"
long=$(printf '%01000d' 0)
must_fail 'a summary of 1,000 signs' 1 'long' as karen submit --summary "$long"
must_fail 'a text over the limit' 1 'attach it' \
  sh -c 'head -c 1048577 /dev/zero | tr "\0" x | "$1" --as karen submit --summary Long --details -' sh "$ctl"
must_fail 'a text of 10 MB' 1 'attach it' \
  sh -c 'head -c 10000000 /dev/zero | tr "\0" x | "$1" --as karen submit --summary Long --details -' sh "$ctl"
must_fail 'a text without end' 1 'attach it' sh -c 'yes | "$1" --as karen submit --summary Long --details -' sh "$ctl"
must_succeed 'a text of just the limit' \
  sh -c 'head -c 1048576 /dev/zero | tr "\0" x | "$1" --as karen submit --summary Long --details -' sh "$ctl"
must_equal 'comes back whole' 1048576 "$(as karen history "$output" --json | json 'len(d[0]["text"])')"

# Files that are none, and names that are more.
mkfifo pipe
must_fail 'a FIFO' 1 'pipe' as karen submit --summary Hello --attach pipe
must_fail 'a folder' 1 'out' as karen submit --summary Hello --attach out
must_fail 'a device' 1 'null' as karen submit --summary Hello --attach /dev/null
: >empty
must_succeed 'an empty file' as karen submit --summary Empty --attach empty
must_equal 'stays empty' 0 "$(as karen attachment "$output" empty | wc -c)"
mkdir -p 'deep/a'
printf content >'deep/a/..
name'
must_succeed 'a name with a line break' as karen submit --summary Name --attach 'deep/a/..
name'
name=$(as karen show "$output" --json | json 'd["events"][0]["attachments"][0]["name"]')
must_equal 'becomes one line' 1 "$(printf '%s\n' "$name" | wc -l)"
must_equal 'by which it is found' content "$(as karen attachment "$output" "$name")"

finish
