# shellcheck shell=bash
# How the daemon's JVM is started: its class path, its options, its start archive. Sourced by bin/job-processor and by
# bin/make-start-archive, so that both do the same; and by bin/client-jvm.sh and bin/boss-jvm.sh, which look for jars and
# archives in the same way. bench/start-archive.md has the measurement behind each option.
# Forks little, since the daemon's start waits for it.
# shellcheck disable=SC2154,SC2034 # home and java_home are set by who sources this, who uses what is set here
: "${home:?}" # of the distribution, or the root of a checkout
checksums=    # the process that reads them, once begun; never the environment's
program=job-processor
options_file=daemon-jvm.sh
archive_suffix=aot

# Sets jars, jar_folder and class_path. Ends the script if the daemon is not built.
find_jars() {
  if [[ -d $home/lib/daemon ]]; then
    list_jars "$home/lib/daemon" "$home/lib/daemon"
  elif [[ -f $home/target/job-processor.jar ]]; then
    list_jars "$home/target" "$home/target/lib"
  else
    fail "not built yet: run bin/package in $home, or bin/demo to build it and see it run"
  fi
}

# Sets the same for another program than the daemon, which has a folder of its name. False if it is not built.
find_program_jars() {
  if [[ -d $home/lib/$program ]]; then
    list_jars "$home/lib/$program" "$home/lib/$program"
  else
    list_jars "$home/$program/target" "$home/$program/target/lib"
  fi
  [[ -f ${jars[0]} ]]
}

# list_jars FOLDER OTHERS: our own jar of a folder, then those of another: always in the same order, since the archive holds for
# one class path only, and our own first, since it has a file that stands before another's.
list_jars() {
  local jar LC_ALL=C # the caller's would order the names in another way
  jar_folder=$1
  jars=("$1/$program.jar")
  for jar in "$2"/*.jar; do
    [[ $jar == "${jars[0]}" ]] || jars+=("$jar")
  done
  printf -v class_path '%s:' "${jars[@]}"
  class_path=${class_path%:}
}

# Sets jvm_options; more_jvm_options are the user's, and come behind them.
choose_jvm_options() {
  local wanted=${JOB_PROCESSOR_JVM_OPTS:-}
  read -r -d '' -a more_jvm_options <<<"$wanted" || true
  jvm_options=(
    "${jvm_output_options[@]}"
    # No statistics file in /tmp: a slow disk would stop the collector at each write to it.
    -XX:-UsePerfData
    # At its end the JVM waits 300 ms for threads in native code; one that waits for the network always is.
    -XX:UserThreadWaitAttemptsAtExit=1
    # libsystemd is called when systemd has set NOTIFY_SOCKET: allowed, so that the JVM does not warn of it.
    --enable-native-access=ALL-UNNAMED
    # One core makes the calls until the JVM is warm; then the daemon takes all (its class Carriers).
    -Djdk.virtualThreadScheduler.parallelism=1
    # The logger without a search for its configuration in all jars, and without a word about that.
    -Dslf4j.provider=com.amazonaws.jobprocessor.logging.LogProvider
    -Dslf4j.internal.verbosity=WARN
    # Objects of 8 instead of 12 bytes of header.
    -XX:+UseCompactObjectHeaders
    # Twenty times as often called as usual, and only then does a method get the costly compiler: code that computes is
    # there within a moment, what is done a few times a job never.
    -XX:Tier4InvocationThreshold=100000
    -XX:Tier4MinInvocationThreshold=12000
    -XX:Tier4CompileThreshold=300000
    -XX:Tier4BackEdgeThreshold=800000
    # What is in the archive would get it after 2,048 calls otherwise, the AWS SDK's small methods included.
    -XX:Tier2InvokeNotifyFreqLog=20
    -XX:Tier2BackedgeNotifyFreqLog=20
  )
  # Grows up to a quarter of the memory, but does not begin with a 64th of it.
  local chooses_heap=
  if [[ $wanted != *-Xm[snx]* && $wanted != *RAMPercentage* && $wanted != *HeapSize* ]]; then
    chooses_heap=yes
    jvm_options+=(-Xms24m)
  fi
  # The daemon's own garbage is little and short-lived. On a larger box the jobs' may not be: there the JVM chooses.
  if [[ $wanted != *"-XX:+Use"*GC* ]] && has_few_processors; then
    jvm_options+=(-XX:+UseSerialGC)
    # Half of the heap that it begins with, not a third, is for what is new: fewer jobs under way are still held when
    # it is collected, and so counted as old, which is seldom collected.
    [[ -z $chooses_heap ]] || jvm_options+=(-XX:NewSize=12m)
  fi
}

# At most four, as Linux lists them: "0" or "0-3". What has another form, or no such list, counts as many.
has_few_processors() {
  local list=
  read -r list 2>/dev/null </sys/devices/system/cpu/online || true
  [[ $list =~ ^0(-[1-3])?$ ]]
}

# Begins to read what an archive is named by, beside whatever comes before name_archive: 18 MB, which take a tenth of the
# time that the archive saves.
begin_checksums() {
  exec 8< <(cksum "${jars[@]}" "$home/bin/$options_file")
  checksums=${!:-none} # older versions of bash do not tell
}

# Sets archive to the file that belongs to these jars, this Java and the options above: its name carries a checksum of what is
# in them, since a JVM may well take an archive for good whose jar was replaced by another of the same size and time.
name_archive() {
  local sum size all bytes=0
  [[ -n $checksums ]] || begin_checksums
  number_java
  while read -r sum size _; do
    all=$(((all * 31 + sum) & 0x7fffffffffff)) bytes=$((bytes + size))
  done <&8
  exec 8<&-
  wait "$checksums" 2>/dev/null || true
  archive=$jar_folder/$program-$all-$bytes.$archive_suffix
}

# Sets all to a number for this Java: of its version and who has built it, as its file "release" tells them without the
# 40 ms that a JVM takes to start. The JVM itself refuses an archive that another has made.
number_java() {
  local line java='' i code
  all=0
  while IFS= read -r line; do
    [[ $line != IMPLEMENTOR* && $line != JAVA_*VERSION=* ]] || java+=$line
  done 2>/dev/null <"$java_home/release" || true
  java=${java:-$("$java_home/bin/java" -version 2>&1)}
  for ((i = 0; i < ${#java}; i++)); do
    printf -v code %d "'${java:i:1}"
    all=$(((all * 31 + code) & 0x7fffffffffff))
  done
}

# Is called when there may be an archive: begins to look whether it is the right one.
look_for_archive() {
  local any=("$jar_folder/$program"-*.aot)
  [[ ! -f ${any[0]} ]] || begin_checksums
}

# Adds the archive to jvm_options if there is one for just these jars and this Java.
use_archive() {
  [[ -n $checksums ]] || return 0
  name_archive
  if [[ -f $archive ]]; then
    jvm_options+=("-XX:AOTCache=$archive")
  fi
}
