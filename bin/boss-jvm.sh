# shellcheck shell=bash
# How the boss's JVM is started: its class path, its options, its start archive. Sourced by bin/boss and by
# bin/make-start-archive, so that both do the same.
# shellcheck disable=SC2154,SC2034 # home and java_home are set by who sources this, who uses what is set here
: "${home:?}" # of the distribution, or the root of a checkout
# shellcheck source=bin/daemon-jvm.sh
. "$home/bin/daemon-jvm.sh"
program=boss
options_file=boss-jvm.sh

# Sets jvm_options.
choose_boss_options() {
  jvm_options=(
    "${jvm_output_options[@]}"
    # Small; and an upload or an answer that does not fit ends the boss rather than leave half of it running.
    -XX:+UseSerialGC
    -XX:+ExitOnOutOfMemoryError
    -XX:-UsePerfData
    --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
  )
}
