# shellcheck shell=bash
# What the scripts share: messages and the search for Java. Sourced, never run; part of the distribution.
# Forks little, since the daemon's start waits for it, and is content with the bash 3.2 of macOS.
# shellcheck disable=SC2034 # The sourcing scripts use what is set here.

# A program that starts with a standard stream closed gives its number to the first file that it opens: it would read its own
# jars as jobs, or write results over them. So each is opened, such that reading or writing fails as on a closed one.
open_closed_streams() {
  # bash itself may have opened the script there.
  [[ -e /dev/fd/0 && ! /dev/fd/0 -ef $0 ]] || exec 0>/dev/null
  [[ -e /dev/fd/1 && ! /dev/fd/1 -ef $0 ]] || exec 1</dev/null
  [[ -e /dev/fd/2 && ! /dev/fd/2 -ef $0 ]] || exec 2>/dev/null
}
open_closed_streams

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
  say "$@"
  exit 1
}

# Java separates the entries of a class path by colons, and there is no way to quote one.
[[ ${home:-} != *:* ]] ||
  fail "there is a colon in $home, which Java cannot have in a class path: move all of it to a folder without one"

# Sets java_home to a Java that can run the programs (find_java run: 25 or newer, a JRE will do) or build them
# (find_java build: a JDK 25). Ends the script if there is none.
find_java() {
  local purpose=$1 what="Java 25 or newer" package=openjdk-25-jre-headless java_on_path
  java_home=${JAVA_HOME:-}
  ! can_serve "$java_home" "$purpose" || return 0
  find_java_on_path
  for java_home in "$java_on_path" /usr/lib/jvm/* /opt/*jdk* /opt/java /opt/java/* \
    ~/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if can_serve "$java_home" "$purpose"; then
      return
    fi
  done
  if [[ $purpose == build ]]; then
    what="JDK 25 (with javac)" package=openjdk-25-jdk-headless
  fi
  fail "found no $what in JAVA_HOME, on PATH, in /usr/lib/jvm, /opt, ~/.sdkman, /Library/Java:" \
    "install one (Debian 13: apt-get install $package; elsewhere: Temurin 25, https://adoptium.net) or set JAVA_HOME"
}

# Sets java_on_path to the folder of the Java on PATH, links followed; to nothing if there is none.
find_java_on_path() {
  java_on_path=
  if type -P java >/dev/null; then
    java_on_path=$(readlink -f "$(type -P java)")
    java_on_path=${java_on_path%/bin/java}
  fi
}

can_serve() {
  local folder=$1 purpose=$2 version=
  [[ -n $folder && -x $folder/bin/java ]] || return 1
  read_java_version "$folder"
  if [[ $purpose == build ]]; then
    [[ $version == 25 && -x $folder/bin/javac ]]
  else
    ((version >= 25))
  fi
}

# Sets version to the major version of the Java in a folder, to 0 if it cannot be told. Its file "release" tells it
# without the 40 ms that a JVM takes to start.
read_java_version() {
  local line=
  if [[ -r $1/release ]]; then
    while IFS= read -r line; do
      [[ $line != JAVA_VERSION=* ]] || break
    done <"$1/release"
  else
    line=$("$1/bin/java" -version 2>&1) || line=
  fi
  if [[ $line =~ (JAVA_VERSION=|version )\"([0-9]+) ]]; then
    version=${BASH_REMATCH[2]}
  else
    version=0
  fi
}

# Java takes its arguments for the locale's characters: without a locale it would not read an "ü". A locale that is named and
# not installed is none: it is one of UTF-8 if three bytes count as a character.
use_utf8() {
  local euro=$'\xe2\x82\xac'
  ((${#euro} == 1)) || export LC_ALL=C.UTF-8 2>/dev/null
}

# Standard output is for the log and for answers: what the JVM itself has to say goes to standard error.
# UTF-8, whatever the locale.
jvm_output_options=(
  -XX:+DisplayVMOutputToStderr
  -Xlog:disable
  -Xlog:all=warning:stderr
  -Dstdout.encoding=UTF-8
  -Dstderr.encoding=UTF-8
)
