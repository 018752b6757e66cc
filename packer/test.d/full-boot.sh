# shellcheck shell=bash
# shellcheck disable=SC2154 # set by packer/test
run_full_boot() {
  :
}
