# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of deskbellctl share: a desk of their own, checks that speak TAP, people to act as.
#
# A test sources this with the path of deskbellctl as $1, runs its checks and calls `finish`.
set -u

ctl=$(realpath "$1")
home=$(mktemp -d "${TMPDIR:-/tmp}/deskbell-cli.XXXXXX")
trap 'rm -rf "$home"' EXIT
trap 'exit 130' INT TERM
cd "$home" || exit 99

export HOME="$home" XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state" XDG_CONFIG_HOME="$home/config"
export LC_ALL=C.UTF-8 LANGUAGE= TZ=UTC
export DESKBELL_DESK="$home/test.desk"

n_checks=0
n_failed=0

ok () {
  n_checks=$((n_checks + 1))
  echo "ok $n_checks - $1"
}

# not_ok WHAT LINES...
not_ok () {
  n_checks=$((n_checks + 1))
  n_failed=$((n_failed + 1))
  echo "not ok $n_checks - $1"
  shift
  printf '%s\n' "$@" | sed 's/^/#   /'
}

finish () {
  echo "1..$n_checks"
  test "$n_failed" = 0
  exit
}

# must_equal WHAT EXPECTED ACTUAL
must_equal () {
  if test "$2" = "$3"; then ok "$1"; else not_ok "$1" "expected: $2" "actual: $3"; fi
}

# must_contain WHAT PART WHOLE
must_contain () {
  case $3 in
    *"$2"*) ok "$1" ;;
    *) not_ok "$1" "missing: $2" "in: $3" ;;
  esac
}

# must_lack WHAT PART WHOLE
must_lack () {
  case $3 in
    *"$2"*) not_ok "$1" "unwanted: $2" "in: $3" ;;
    *) ok "$1" ;;
  esac
}

# must_succeed WHAT COMMAND...; what it prints is left in $output
must_succeed () {
  what=$1
  shift
  if output=$("$@" 2>"$home/errors") && test ! -s "$home/errors"; then
    ok "$what"
  else
    not_ok "$what" "command: $*" "printed: $output" "said: $(cat "$home/errors")"
  fi
}

# must_fail WHAT STATUS PART COMMAND...: that exit status, and one line for people that has PART.
must_fail () {
  what=$1
  expected=$2
  part=$3
  shift 3
  status=0
  "$@" >"$home/output" 2>"$home/errors" || status=$?
  said=$(cat "$home/errors")
  if test "$status" != "$expected"; then
    not_ok "$what" "expected status: $expected" "actual: $status" "said: $said"
  elif test "$(wc -l <"$home/errors")" != 1; then
    not_ok "$what" "expected one line, not: $said"
  else
    case $said in
      "deskbellctl: "*"$part"*) ok "$what" ;;
      *) not_ok "$what" "expected: deskbellctl: … $part" "said: $said" ;;
    esac
  fi
}

# as LOGIN ARGUMENTS...
as () {
  login=$1
  shift
  "$ctl" --as "$login" "$@"
}

# json EXPRESSION: what Python makes of the JSON on standard input, called d; a list one item a line.
json () {
  python3 -c '
import json, sys
d = json.load(sys.stdin)
value = eval(sys.argv[1])
print(*value, sep="\n") if isinstance(value, list) else print(value)
' "$1"
}

# A small desk: two agents, a requester that is known, and two topics.
make_desk () {
  as admin init --name 'Test desk' >/dev/null || exit 99
  as admin department add online-banking --label 'Online Banking' >/dev/null || exit 99
  as admin department add cards --label Cards >/dev/null || exit 99
  as admin department add security --public no >/dev/null || exit 99
  as admin sla add 4-hours --hours 4 >/dev/null || exit 99
  as admin team add incidents >/dev/null || exit 99
  as admin topic add online-banking --department online-banking >/dev/null || exit 99
  as admin topic add cards --department cards >/dev/null || exit 99
  for agent in john jane; do
    as admin person add "$agent" --role agent --department online-banking --department cards >/dev/null ||
      exit 99
  done
  as admin person add karen --name Karen >/dev/null || exit 99
}
