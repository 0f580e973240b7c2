#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command line itself: help, options anywhere, wrong usage, which desk, who is acting.
. "$(dirname "$0")/helpers.sh"

must_succeed 'help lists the commands' "$ctl" help
for command in init submit list show history search reply note claim assign transfer set wait \
               resolve confirm reopen close attachment redact person department topic team sla desk \
               backup restore check; do
  must_contain "help names $command" "
  $command " "$output"
done
must_succeed '--help does the same' "$ctl" --help
must_succeed 'help of one command' "$ctl" help submit
must_contain 'it shows usage' 'Usage: deskbellctl submit' "$output"
must_contain 'it shows options' '--priority PRIORITY' "$output"
must_succeed '--help after a command' "$ctl" submit --help
must_contain 'is help of that command' 'Usage: deskbellctl submit' "$output"
must_succeed 'options of topics come from the table of properties' "$ctl" help topic
must_contain 'number_format is --number-format' '--number-format TEXT' "$output"
must_succeed '--version' "$ctl" --version
must_contain 'it names the program' 'deskbellctl ' "$output"

must_fail 'no command' 2 'help lists them' "$ctl"
must_fail 'an unknown command' 2 'no command fly' "$ctl" fly
must_fail 'help of an unknown command' 2 'no command fly' "$ctl" help fly
must_fail 'an unknown option' 2 'no option --fast' "$ctl" list --fast
must_fail 'an unknown short option' 2 'no option -q' "$ctl" list -q
must_fail 'an option without its value' 2 'needs a value' "$ctl" list --view
must_fail 'a value for an option that takes none' 2 'takes no value' "$ctl" list --json=yes
must_fail 'an option given twice' 2 'given twice' "$ctl" list --view open --view closed
must_fail 'a word missing' 2 'usage: deskbellctl show NUMBER' "$ctl" show
must_fail 'a word too many' 2 'too many words' "$ctl" show 1 2

# Which desk.
must_fail 'no desk is named' 2 '--desk FILE' env -u DESKBELL_DESK "$ctl" list
must_fail 'an empty name is none' 2 '--desk FILE' env DESKBELL_DESK= "$ctl" list
must_fail 'a desk that is not there' 3 'no desk at' "$ctl" --desk "$home/nowhere.desk" list
must_fail 'a desk on a server' 3 'Nobody has signed in' "$ctl" --desk https://help.example.org list
must_fail 'the same from the environment' 3 'Nobody has signed in' \
  env DESKBELL_DESK=https://help.example.org "$ctl" list
echo 'just text' >text.desk
must_fail 'a file that is not a desk' 3 'not a desk' "$ctl" --desk text.desk list
must_fail 'a folder' 3 'not a desk' "$ctl" --desk "$home" list

must_succeed 'init makes a desk' as admin init --name 'Test desk'
must_contain 'and says where' "$home/test.desk" "$output"
must_fail 'init never takes the place of a file' 3 'exists already' as admin init
must_fail 'nor of one that is not a desk' 3 'exists already' as admin --desk text.desk init
must_equal 'which stays as it was' 'just text' "$(cat text.desk)"
must_succeed 'a desk is named by DESKBELL_DESK' as admin desk show
must_contain 'it has the name that init was given' 'Test desk' "$output"
must_succeed 'or by --desk' env -u DESKBELL_DESK "$ctl" --desk "$home/test.desk" --as admin desk show
must_succeed '--desk goes first' env DESKBELL_DESK=nowhere.desk "$ctl" --desk test.desk --as admin list
mkdir -p "$XDG_DATA_HOME/deskbell"
cp test.desk "$XDG_DATA_HOME/deskbell/desk.desk"
must_succeed "without either it is the app's own, when it is there" env -u DESKBELL_DESK "$ctl" --as admin list

# Who.
must_succeed 'whoever makes a desk is its administrator' as admin person list
must_contain 'as person list says' 'admin  administrator' "$output"
must_succeed 'without --as it is the login name' "$ctl" submit --summary 'From whoever runs this'
number=$output
must_equal 'that is the requester' "$(id -un)" "$("$ctl" show "$number" --json | json 'd["people"][0]["login"]')"
must_fail 'an empty login' 2 '--as LOGIN' "$ctl" --as '' list

# Options may stand anywhere.
must_succeed 'options before the command' "$ctl" --as admin --json list --limit 1
must_succeed 'options after the words' "$ctl" show "$number" --as admin --json
must_succeed '--option=value' "$ctl" list --as=admin --limit=1 --view=all
must_succeed 'short options' "$ctl" list --as admin -v all -n1
must_succeed '-- ends the options' as admin note "$number" -- --not-an-option
must_contain 'what follows is text' '--not-an-option' "$output"

finish
