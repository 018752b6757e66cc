# shellcheck shell=bash
# What goes into the image, in one place; the Packer plugin's version is in ami.pkr.hcl, where Packer wants it. Sourced.
# shellcheck disable=SC2034 # The sourcing scripts use what is set here.

# The release must be the one of the base AMI that ami.pkr.hcl looks for. Its newest packages are taken, security
# updates included: what exactly went in is in /usr/lib/job-processor/packages of the image.
debian_release=trixie
java_package=openjdk-25-jre-headless
java_major=25

# apt-get for the steps: waits for others that use dpkg, and asks nothing, not even about settings files.
apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef \
    -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

# systemd-analyze security's scale of 0 to 10: the image is refused if the unit is more exposed.
highest_exposure=1.2
