# shellcheck shell=bash
# What the scripts of a checkout share: child processes, the build lock, Maven. Sourced, never run.
: "${home:?}" # the checkout's root
# shellcheck source=bin/lib.sh
. "$home/bin/lib.sh"
# shellcheck source=bin/tools-lib.sh
. "$home/bin/tools-lib.sh"

build_log=$home/.build.log
child=

# Runs a command and waits for it such that signals are handled at once, not when the command has ended.
run_child() {
  local status=0
  "$@" <&0 &
  child=$!
  wait "$child" || status=$?
  child=
  return "$status"
}

stop_child() {
  [[ -n $child ]] || return 0
  kill "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  child=
}

# is_running PID: whether a child in the background has not ended. The shell knows; the number may be another process's by now.
is_running() {
  local pid
  for pid in $(jobs -rp); do
    [[ $pid != "$1" ]] || return 0
  done
  return 1
}

# stop PID SECONDS: asks a child in the background to stop, ends it if it takes longer; returns its exit status.
stop() {
  local end=$((SECONDS + $2))
  ! is_running "$1" || kill "$1" 2>/dev/null || true
  while is_running "$1"; do
    if ((SECONDS > end)); then
      say "process $1 does not stop within $2 s: killed"
      kill -KILL "$1" 2>/dev/null || true
      break
    fi
    sleep 0.05
  done
  wait "$1" 2>/dev/null
}

# --- children beside the rest: a shell forgets how one ended as soon as a later one gets its number, and on Linux those come
# round within minutes. So the child leaves its exit status in a file, and is sent no signal once the file is there.

# start_beside FILE COMMAND...: sets beside to the child's process.
start_beside() {
  local file=$1
  shift
  rm -f "$file"
  (
    child=
    trap 'status=$?; stop_child; echo "$status" >"$file"' EXIT
    exit_on_signals
    run_child "$@"
  ) &
  # shellcheck disable=SC2034 # for the caller
  beside=$!
}

# finish_beside PROCESS FILE: waits for the child, and returns its exit status; 1 if it left none.
finish_beside() {
  local status=1
  wait "$1" 2>/dev/null || true
  [[ ! -s $2 ]] || read -r status <"$2"
  return "$status"
}

# stop_beside PROCESS FILE: for a PROCESS that may be empty.
stop_beside() {
  [[ -n $1 && ! -s $2 ]] || return 0
  child=$1
  stop_child
}

# Makes signals end the script by way of its EXIT trap.
exit_on_signals() {
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# One build at a time in a checkout: waits for the others. Outside target/, so that a clean leaves it alone.
# Maven inherits descriptor 9, so that the lock holds for as long as it builds, even if the script is killed.
take_build_lock() {
  local file=$home/.build.lock holder=
  if ! type -P flock >/dev/null; then
    say "there is no flock (Debian: util-linux), so nothing keeps two builds apart: going on"
    return
  fi
  exec 9<>"$file" || fail "cannot write $file, and without it nothing can be built here"
  if ! flock --nonblock 9; then
    IFS= read -r holder <"$file" || true
    say "waiting for the build lock of this checkout, taken by ${holder:-another script} ..."
    run_child flock 9
    say "got the build lock"
  fi
  printf '%s, process %s\n' "${0##*/}" $$ >"$file"
}

release_build_lock() {
  exec 9>&-
}

# The version that all projects have.
read_version() {
  sed -n 's#^  <version>\(.*\)</version>$#\1#p' "$home/parent/pom.xml"
}

# Maven adds jars to the programs' class paths but takes none away: without this, one of another version would stay
# when a pom.xml changes.
drop_old_libraries() {
  local project libraries
  for project in . client sample-client boss testkit testkit/dynamodb-local bench/peers/sdk bench/peers/spring; do
    libraries=$home/$project/target/lib
    if [[ $home/parent/pom.xml -nt $libraries || $home/$project/pom.xml -nt $libraries ]]; then
      rm -rf "$libraries"
    fi
  done
}

# The daemon's classes are compiled without Maven's incremental mode (see pom.xml): what has changed is compiled, what was made
# of it is not, and classes whose source has gone stay. So after a change, all are made anew.
drop_old_classes() {
  local target=$home/target compiled=$home/target/compiled
  if [[ ! -f $compiled || -n $(find "$home"/{pom.xml,parent/pom.xml,src/main/java} -newer "$compiled" -print -quit) ]]; then
    rm -rf "$target/classes" "$target/test-classes"
  elif [[ -n $(find "$home/src/test/java" -newer "$compiled" -print -quit) ]]; then
    rm -rf "$target/test-classes"
  fi
}

# Classes may be made from now on that have had few of the compiler's checks.
mark_few_checks() {
  mkdir -p "$home/target"
  touch "$home/target/few-checks"
}

# drop_classes_with_few_checks PROJECTS...: all classes are made anew, and checked, if there may be such.
drop_classes_with_few_checks() {
  local project
  [[ -e $home/target/few-checks ]] || return 0
  for project in "$@"; do
    rm -rf "$home/$project"/target/{classes,test-classes}
  done
  rm "$home/target/few-checks"
}

# exec_maven LOG MAVEN-ARGUMENTS...: what a process of its own is to do; find_java has been called before.
exec_maven() {
  local log=$1
  shift
  # For seconds to minutes of work: without the JVM's costly compiler.
  exec env JAVA_HOME="$java_home" MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${MAVEN_OPTS:-}" \
    mvn --batch-mode --no-transfer-progress -Dstyle.color=never \
    --file "$home/dist/pom.xml" "$@" >"$log" 2>&1 </dev/null
}

# Runs Maven on all projects, on a JDK 25, its output in $build_log, and shows how far it is.
run_maven() {
  local status=0
  need_tools mvn jdk
  find_java build
  drop_old_libraries
  drop_old_classes
  mkdir -p "$home/target"
  touch "$home/target/compile-began"
  umask 022 # Files' modes go into the jars: the same for everybody who builds.
  exec_maven "$build_log" "$@" &
  child=$!
  show_progress
  wait "$child" || status=$?
  child=
  # What may not have been compiled as a whole counts as changed; "clean" takes the mark along.
  if ((status == 0)) && [[ -f $home/target/compile-began ]]; then
    mv "$home/target/compile-began" "$home/target/compiled"
  fi
  return "$status"
}

# While the child builds: on a terminal what it is at and for how long, in one line; elsewhere a line for each project.
show_progress() {
  local project step told=
  while kill -0 "$child" 2>/dev/null; do
    read_step
    if [[ -t 2 ]]; then
      printf '\r\033[K%s: %s%s, %d s' "${0##*/}" "${project:-Maven}" "${step:+: $step}" "$SECONDS" >&2
    elif [[ $project != "$told" ]]; then
      told=$project
      say "$project"
    fi
    sleep 0.5
  done
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# Maven's log without what a user's MAVEN_OPTS or settings may have it put around the level: colours, the time, the thread.
read_build_log() {
  local escape=$'\e'
  sed -E -e "s/$escape\\[[0-9;]*m//g" -e 's/^[][0-9:.,TZ+ -]*(\[[^][]*\] )?(\[[0-9]+\] )?(\[(INFO|WARNING|ERROR)\])/\3/' "$build_log"
}

# Sets project and step to the last of the log, such as "2 of 6, job-processor test kit" and "compile".
read_step() {
  project='' step=''
  IFS=$'\t' read -r project step < <(awk '
    /^\[INFO\] Building .*\[[0-9]+\/[0-9]+\]$/ {
      count = $NF; gsub(/[][]/, "", count); sub(/\//, " of ", count)
      project = $0; sub(/^\[INFO\] Building /, "", project); sub(/ [0-9.]+ +\[[^]]*\]$/, "", project)
      project = count ", " project; step = ""
    }
    /^\[INFO\] --- / { step = $3; sub(/.*:/, "", step) }
    /^\[INFO\] Running / { step = $3; sub(/.*\./, "", step) }
    END { print project "\t" step }
  ' < <(read_build_log)) || true
}

show_build_errors() {
  local errors
  # Not even after those of a build that broke may a test that failed be missing. The compiler's warnings are errors here.
  errors=$(read_build_log | awk '/To see the full stack trace/ { done = 1 }
    (/^\[ERROR\]/ || /^\[WARNING\] .*\.java:\[/ || /^Unable to parse command line options/) &&
      ((!done && ++lines <= 40) || /<<< (FAILURE|ERROR)!/)')
  printf '%s\n' "${errors:-$(read_build_log | tail -n 20)}" >&2
  say "the whole log is in $build_log"
}

# build WHAT MAVEN-ARGUMENTS...: builds without tests and format check, says how long it took; ends the script if it fails.
build() {
  local what=$1
  shift
  SECONDS=0
  say "building $what (the first time, Maven fetches libraries) ..."
  if ! run_maven -DskipTests -Dspotless.check.skip "$@"; then
    show_build_errors
    fail "the build failed after $SECONDS s"
  fi
  say "built in $SECONDS s"
}
