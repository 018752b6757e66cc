# shellcheck shell=bash
# How the JVM of the sample client is started: its class path, its options, its start archive. Sourced by bin/sample-client
# and by bin/make-start-archive, so that both do the same. Forks little, since every command waits for it.
# shellcheck disable=SC2154,SC2034 # home and java_home are set by who sources this, who uses what is set here
: "${home:?}" # of the distribution, or the root of a checkout
# shellcheck source=bin/daemon-jvm.sh
. "$home/bin/daemon-jvm.sh"
program=sample-client
options_file=client-jvm.sh
archive_suffix=jsa

# Sets jvm_options.
choose_client_options() {
  jvm_options=(
    "${jvm_output_options[@]}"
    # An archive that does not go with a JVM of other options is no news for the user of a command.
    "-Xlog:disable" "-Xlog:all=warning,aot*=off,cds*=off:stderr"
    # For a program that runs for seconds: quick to start, small.
    -XX:TieredStopAtLevel=1
    -XX:+UseSerialGC
    # Little lives longer than a batch: the JVM would begin with a 64th of the memory, and fill it before it collects.
    -Xms40m
    -Xmn24m
    -XX:-UsePerfData
    # What draws progress bars loads a native library and uses sun.misc.Unsafe: allowed, so that the JVM does not warn of it.
    --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
  )
}

# Sets user_folder to the one in which this user's archives are, when those of the program's own folder cannot be written; to
# nothing if the user has none. What is in it is run: it has to be the user's own.
find_user_folder() {
  local caches=${XDG_CACHE_HOME:-}
  user_folder=
  [[ $caches == /* ]] || caches=${HOME:-}/.cache
  if [[ $caches == /* ]]; then
    user_folder=$caches/job-processor
    [[ ! -e $user_folder || (-d $user_folder && -O $user_folder) ]] || user_folder=
  fi
}

# Is called before the search for Java: begins to look for the right archive if there is any.
look_for_client_archive() {
  local any
  find_user_folder
  for any in "$jar_folder"/sample-client-*.jsa* "${user_folder:-$jar_folder}"/sample-client-*.jsa*; do
    if [[ -f $any ]]; then
      begin_checksums
      return
    fi
  done
}

# Adds the archive to jvm_options if there is one for just these jars and this Java; has it made for the next time if there is
# none. Such a folder as /tmp, which others write to, is not for it.
use_or_make_client_archive() {
  local name
  if [[ -n $checksums ]]; then
    name_archive
    name=${archive##*/}
    for archive in "$jar_folder/$name" "${user_folder:-$jar_folder}/$name"; do
      if [[ -f $archive ]]; then
        jvm_options+=("-XX:SharedArchiveFile=$archive")
        help_folder=$archive.help
        return
      fi
    done
    for archive in "$jar_folder/$name" "${user_folder:-$jar_folder}/$name"; do
      ! has_failed_today || return 0
    done
  fi
  make_client_archive_beside
}

# Whether the archive could not be made, less than a day ago: a disk that was full then may have room by now.
has_failed_today() {
  [[ -f $archive.failed && -n $(find "$archive.failed" -mmin -1440 2>/dev/null) ]]
}

# Prints the help that these arguments ask for, as it was when the archive was made, without the half second that a JVM takes
# for it; false if it is not kept, or the command line's library would have to choose its colours.
print_kept_help() {
  local name=${*:1:$#-1} style=plain
  [[ -n ${help_folder:-} && $name =~ ^[a-z\ -]*$ && -z ${CLICOLOR:-}${CLICOLOR_FORCE:-} ]] || return 1
  if [[ -t 1 ]]; then
    [[ ${TERM:-dumb} != dumb ]] || return 1
    [[ -n ${NO_COLOR+set} ]] || style=colour
  fi
  # What cannot be written is the program's to tell.
  [[ -f $help_folder/$style/${name:=sample-client} ]] && cat -- "$help_folder/$style/$name" 2>/dev/null
}

# Beside the command, at its leisure, without a word; see bin/make-start-archive --help.
make_client_archive_beside() {
  local maker=$home/bin/make-start-archive
  [[ ${JOB_PROCESSOR_START_ARCHIVE:-} != off && -x $maker && -f ${jars[0]} ]] || return 0
  [[ -w $jar_folder || -n $user_folder ]] || return 0
  (
    trap '' HUP INT
    exec </dev/null >/dev/null 2>&1
    # A lock that the caller holds by a descriptor, as flock does, is the caller's to give up.
    for open in "/proc/$BASHPID/fd/"*; do
      open=${open##*/}
      ((open < 3)) || eval "exec $open<&-"
    done
    nice -n 19 "$maker" --client --beside &
  ) 2>/dev/null || true
}
